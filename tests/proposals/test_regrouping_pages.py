"""Pages of merging and splitting: the desk chooses and asks, authors answer, everybody sees what came from what."""

from __future__ import annotations

import re

import pytest

from tests.accounts.making import make_account, sign_in
from tests.proposals.making import change, proposing_process, submit
from tests.stakeholders.making import acting
from ucc_participate.kernel.i18n import LANGUAGE_COOKIE
from ucc_participate.kernel.identity import Role
from ucc_participate.proposals import operations

WHY = "All of them ask for the same rooms on the same evenings of the week."
FORM = {"title": "Open all workshops in the evening", "summary": "One timetable for the bazaar.", "reason": WHY}


@pytest.fixture
def process(perform, now, clock):
    made, then = proposing_process(perform, now)
    clock.at = then
    return made


@pytest.fixture
def people(perform, now):
    names = ("Sara", "Reza", "Mina")
    return {name: make_account(perform, f"{name.lower()}@city.example", now=now, display_name=name) for name in names}


@pytest.fixture
def sent(perform, process, people, clock):
    return {name: submit(perform, process, acting(who), now=clock.now()) for name, who in people.items()}


@pytest.fixture
def browsers(app, people, clock):
    return {name: sign_in(app, who, now=clock.now()) for name, who in people.items()}


@pytest.fixture
def desk(app, perform, clock, process, now):
    leila = make_account(
        perform,
        "leila@city.example",
        now=now,
        display_name="Leila Moradi",
        function="Head of culture",
        roles=(Role.COORDINATOR,),
    )
    return sign_in(app, leila, now=clock.now())


def ask(desk, process, *numbers, **changes):
    query = [("n", number) for number in numbers]
    return desk.post(f"/staff/processes/{process.public_id}/merging/new", query_string=query, data=FORM | changes)


def test_a_merge_from_choosing_to_the_drawing(app, desk, client, process, sent, browsers):
    home = f"/staff/processes/{process.public_id}/merging"
    page = desk.get(home, query_string=[("n", 1), ("n", 2)]).text
    assert "2 proposals are chosen" in page
    form = desk.get(f"{home}/new", query_string=[("n", 1), ("n", 2)]).text
    assert sent["Sara"].title in form
    asked = ask(desk, process, 1, 2)
    assert asked.status_code == 303
    plan = asked.location
    for name in ("Sara", "Reza"):
        page = browsers[name].get(f"/p/{process.public_id}/proposals/{sent[name].public_id}").text
        assert plan in page
        assert "I do not agree" in browsers[name].get(plan).text
        assert browsers[name].post(f"{plan}/consent", data={"agrees": "yes"}).status_code == 303
    assert browsers["Mina"].get(plan).status_code == 404
    assert client.get(plan).status_code == 303
    done = desk.post(f"{plan}/carry-out", data={})
    assert done.status_code == 303
    survivor = client.get(done.location).text
    assert all(proposal.public_id in survivor for proposal in (sent["Sara"], sent["Reza"]))
    source = client.get(f"/p/{process.public_id}/proposals/{sent['Sara'].public_id}").text
    assert done.location in source
    assert WHY in source
    lineage = client.get(f"{done.location}/lineage").text
    assert len(re.findall("bar-(?:track|span)", lineage)) == 3
    assert lineage.count("<path") >= 2
    assert "Came from:" in lineage
    assert browsers["Mina"].get(plan).status_code == 200


def test_a_drawing_runs_with_the_language(desk, client, process, sent, browsers):
    plan = ask(desk, process, 1, 2).location
    done = desk.post(f"{plan}/carry-out", data={"override_reason": "Nobody answered for six weeks, and time is up."})

    def places(language):
        client.set_cookie(LANGUAGE_COOKIE, language)
        page = client.get(f"{done.location}/lineage").text
        return [int(x) for x in re.findall(r'<rect class="bar-(?:track|span)" x="(\d+)"', page)]

    left, right = places("en"), places("fa")
    assert left[-1] == max(left) > left[0]
    assert right[-1] == min(right) < right[0]


def test_without_consent_the_page_asks_for_a_public_reason(desk, process, sent):
    plan = ask(desk, process, 1, 2).location
    refused = desk.post(f"{plan}/carry-out", data={"override_reason": ""})
    assert refused.status_code == 422
    assert "Give a reason of at least" in refused.text


def test_what_cannot_be_merged_is_said_before_anything_is_typed(desk, process, sent):
    page = desk.get(f"/staff/processes/{process.public_id}/merging/new", query_string=[("n", 1)]).text
    assert "Choose at least two proposals" in page
    assert "Ask the authors" not in page


def test_a_split_is_asked_for_on_one_page(desk, process, sent):
    address = f"/staff/processes/{process.public_id}/splitting/{sent['Sara'].public_id}"
    assert desk.get(address).status_code == 200
    parts = {
        "title_1": "Evening workshops for weavers",
        "summary_1": "The looms.",
        "title_2": "Evening workshops for potters",
        "summary_2": "The wheels.",
    }
    assert desk.post(address, data={"reason": WHY} | parts).status_code == 303
    assert desk.post(address, data={"reason": WHY, "title_1": parts["title_1"]}).status_code == 422


def test_residents_neither_choose_nor_carry_out(desk, process, sent, browsers):
    plan = ask(desk, process, 1, 2).location
    home = f"/staff/processes/{process.public_id}/merging"
    assert browsers["Sara"].get(home).status_code == 403
    assert browsers["Sara"].get(f"{home}/new?n=1&n=2").status_code == 403
    assert browsers["Sara"].post(f"{plan}/carry-out", data={"override_reason": WHY}).status_code == 403
    assert browsers["Sara"].post(f"{plan}/drop").status_code == 403


def test_the_lineage_of_what_was_never_merged_leads_nowhere(client, process, sent):
    assert client.get(f"/p/{process.public_id}/proposals/{sent['Sara'].public_id}/lineage").status_code == 404


def test_the_queries_of_a_lineage_do_not_grow_with_it(perform, process, people, desk, client, clock, count_queries):
    for at in range(20):
        submit(perform, process, acting(people["Sara"]), now=clock.now(), title=f"Idea {at:02} of the evenings")
    counted = []
    for numbers in ((1, 2), range(3, 21)):
        plan = ask(desk, process, *numbers).location
        done = desk.post(f"{plan}/carry-out", data={"override_reason": WHY}).location
        counted.append(count_queries(lambda at=done: client.get(f"{at}/lineage")))
    assert counted[0] == counted[1]


def test_what_is_in_a_plan_already_is_not_offered_again(desk, process, sent):
    ask(desk, process, 1, 2)
    page = desk.get(f"/staff/processes/{process.public_id}/merging").text
    assert re.findall(r'name="n" value="(\d+)"', page) == ["3"]
    assert page.count("in a plan") == 2
    assert f"splitting/{sent['Mina'].public_id}" in page
    assert f"splitting/{sent['Sara'].public_id}" not in page


def test_a_plan_whose_proposal_was_withdrawn_meanwhile_says_so_and_can_only_be_given_up(
    perform, clock, desk, process, people, sent
):
    plan = ask(desk, process, 1, 2).location
    assert "/carry-out" in desk.get(plan).text
    change(perform, sent["Sara"], operations.withdraw_proposal, actor=acting(people["Sara"]), now=clock.now())
    page = desk.get(plan).text
    assert "No. 1 does not wait for an answer any more." in page
    assert "/carry-out" not in page
    assert desk.post(f"{plan}/drop").status_code == 303
