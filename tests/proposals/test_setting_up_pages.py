"""The desk's page of what a proposal says: all its sections, each with a form that leads back to it."""

from __future__ import annotations

import pytest

from tests.accounts.making import make_account, sign_in
from tests.proposals.making import proposing_process
from ucc_participate.kernel.identity import Role
from ucc_participate.proposals import queries


@pytest.fixture
def process(perform, now, clock):
    made, clock.at = proposing_process(perform, now)
    return made


@pytest.fixture
def desk(app, perform, now, clock, process):
    account = make_account(perform, "desk@city.example", now=now, display_name="Desk", roles=(Role.COORDINATOR,))
    return sign_in(app, account, now=clock.now())


@pytest.fixture
def home(process):
    return f"/staff/processes/{process.public_id}"


def test_all_that_is_decided_about_proposals_stands_on_one_page(desk, home):
    page = desk.get(f"{home}/proposal-settings").text
    for action in ("endorsements", "appraisal-rules", "appraisal-rules/criteria"):
        assert f'action="{home}/{action}"' in page
    assert f"{home}/proposal-settings/questions/new" in page
    assert "/staff/districts" in page
    assert page.count("<h1") == 1
    ids = [part.partition('"')[0] for part in page.split(' id="')[1:]]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("address", "data", "anchor"),
    [
        ("endorsements", {"needed": "0"}, "endorsements"),
        ("appraisal-rules", {"dissent_days": "20"}, "appraisal"),
        (
            "appraisal-rules/criteria",
            {"name-fa": "اثر", "name-en": "Effect", "lowest": "1", "highest": "5"},
            "appraisal",
        ),
    ],
)
def test_each_form_leads_back_to_the_page(desk, home, address, data, anchor):
    done = desk.post(f"{home}/{address}", data=data)
    assert (done.status_code, done.location) == (303, f"{home}/proposal-settings#{anchor}")


def test_a_wrong_number_is_shown_where_it_was_typed(desk, home, read, process):
    refused = desk.post(f"{home}/endorsements", data={"needed": "5"})
    assert refused.status_code == 422
    assert "may only become less" in refused.text
    assert read(lambda s: queries.get_rule(s, process)) is None


def test_the_pages_of_before_still_answer(desk, home):
    for page in ("endorsements", "appraisal-rules"):
        assert desk.get(f"{home}/{page}").status_code == 200


def test_residents_set_nothing_up(app, perform, now, clock, home, process):
    sara = make_account(perform, "sara@city.example", now=now, display_name="Sara")
    assert sign_in(app, sara, now=clock.now()).get(f"{home}/proposal-settings").status_code == 403
