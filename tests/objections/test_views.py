"""The page of objections: for the staff and for evaluators, with the way to put things right."""

from __future__ import annotations

import pytest

from tests.accounts.making import make_account, sign_in
from tests.processes.making import invite_every_sector, make_process
from ucc_participate.kernel.identity import Role
from ucc_participate.processes.models import ProcessState


def browser(app, perform, clock, *roles):
    return sign_in(app, make_account(perform, now=clock.now(), roles=roles), now=clock.now())


def test_the_staff_is_led_to_where_it_is_put_right(app, perform, clock):
    process = make_process(perform, clock.now(), ProcessState.DRAFT)
    page = browser(app, perform, clock, Role.COORDINATOR).get(f"/p/{process.public_id}/objections").text
    assert "Nobody was invited: Public sector · Private sector · Civil society." in page
    assert f'href="/staff/processes/{process.public_id}/invite"' in page
    assert f'href="/staff/processes/{process.public_id}/targets"' in page


def test_an_evaluator_reads_and_is_led_nowhere_to_change_anything(app, perform, clock):
    process = make_process(perform, clock.now(), ProcessState.OPEN)
    invite_every_sector(perform, process, now=clock.now())
    page = browser(app, perform, clock, Role.EVALUATOR).get(f"/p/{process.public_id}/objections")
    assert page.status_code == 200
    assert "/staff/" not in page.text.partition("<main")[2]
    assert "line " in page.text


@pytest.mark.parametrize(("state", "status"), [(ProcessState.OPEN, 403), (ProcessState.DRAFT, 404)])
def test_a_resident_is_told_that_it_is_not_for_them_and_learns_nothing_of_drafts(app, perform, clock, state, status):
    process = make_process(perform, clock.now(), state)
    assert browser(app, perform, clock).get(f"/p/{process.public_id}/objections").status_code == status


def test_a_visitor_is_asked_to_sign_in(client, perform, clock):
    process = make_process(perform, clock.now(), ProcessState.OPEN)
    answer = client.get(f"/p/{process.public_id}/objections")
    assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/sign-in")


def test_the_page_asks_the_database_as_often_whatever_the_size(app, perform, clock, count_queries):
    process = make_process(perform, clock.now(), ProcessState.OPEN)
    reader = browser(app, perform, clock, Role.COORDINATOR)
    small = count_queries(lambda: reader.get(f"/p/{process.public_id}/objections"))
    invite_every_sector(perform, process, now=clock.now())
    assert count_queries(lambda: reader.get(f"/p/{process.public_id}/objections")) == small
