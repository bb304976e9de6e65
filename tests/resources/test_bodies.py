"""Bodies that manage the plan: who sits in them, what the log says of it, who sees names."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.processes.making import invite_every_sector
from tests.proposals.making import official, proposing_process
from tests.stakeholders.making import CITY, acting, drift_faults, make_account, staff_browser, told
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from ucc_participate.kernel.identity import Role
from ucc_participate.processes.queries import process_to_change
from ucc_participate.resources import operations, queries
from ucc_participate.resources.models import Body, BodyText, MemberText
from ucc_participate.vocabularies.uccn import Sector

STEERING = BodyText(name={"en": "Steering group"}, duties={"en": "Decides on money and order."}, rhythm=6)
MAYOR = MemberText(
    function={"en": "Deputy mayor for culture"}, sector=Sector.PUBLIC, person="Maryam Karimi", sex="female"
)


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def process(perform, now, clock):
    made, then = proposing_process(perform, now)
    clock.at = then
    return made


@pytest.fixture
def leila(perform, now):
    return official(perform, now=now)


@pytest.fixture
def body(perform, process, leila, clock):
    def work(session: Any) -> Body:
        here = process_to_change(session, process.public_id, actor=CITY)
        return operations.set_body(session, here, STEERING, actor=leila, now=clock.now())

    return perform(work)


@pytest.fixture
def change(perform, process, body, leila, clock):
    """Run an operation on the body."""

    def run(operation: Any, *args: Any, actor: Any = leila, **facts: Any) -> None:
        def work(session: Any) -> None:
            here = process_to_change(session, process.public_id, actor=CITY)
            found = queries.body_to_change(session, here, body.public_id)
            operation(session, found, *args, actor=actor, now=clock.now(), **facts)

        perform(work)

    return run


@pytest.fixture
def today(clock) -> date:
    return clock.now().date()


@pytest.fixture
def home(process, body) -> str:
    return f"/staff/processes/{process.public_id}/resources/bodies/{body.public_id}"


def sat(read: Any, process: Any) -> Body:
    [found] = read(lambda s: queries.bodies_of(s, process))
    return found


def test_members_are_told_as_functions_and_sectors_never_by_name(app, read, process, body, change, today):
    change(operations.add_member, MAYOR, today=today)
    change(operations.add_member, MemberText({"en": "Speaker"}, Sector.PRIVATE, sex="male"), today=today)
    entry = told(app, subject=body.ref)[-1]
    assert entry.type == "management_body.set"
    assert entry.payload["members"] == [
        {"function": MAYOR.function, "sector": "public", "organisation": None},
        {"function": {"en": "Speaker"}, "sector": "private", "organisation": None},
    ]
    assert (entry.payload["women"], entry.payload["men"], entry.payload["rhythm"]) == (1, 1, 6)
    assert all("Karimi" not in str(each.payload) for each in told(app))
    assert sat(read, process).sectors == {Sector.PUBLIC: 1, Sector.PRIVATE: 1, Sector.CIVIL_SOCIETY: 0}
    assert drift_faults(app) == []


def test_an_organisation_brings_its_sector(perform, read, process, change, today, now):
    invite_every_sector(perform, process, now=now)
    [guild] = read(lambda s: queries.seats_offered(s, process))[:1]
    told_ = MemberText({"en": "Speaker of the guild"}, organisation=guild.public_id)
    change(operations.add_member, told_, today=today)
    [seat] = sat(read, process).sitting
    assert (seat.sector, seat.organisation_id) == (guild.sector, guild.id)
    with pytest.raises(Invalid) as refusal:
        change(operations.add_member, replace(told_, organisation="nothere"), today=today)
    assert refusal.value.field == "organisation"


def test_who_leaves_leaves_a_row_without_a_name(app, read, process, body, change, today):
    change(operations.add_member, replace(MAYOR, since=today - timedelta(days=30)), today=today)
    change(operations.end_membership, 1, until=today, today=today)
    found = sat(read, process)
    [seat] = found.members
    assert (seat.person, seat.sex, seat.until, found.sitting) == (None, None, today, [])
    assert told(app, subject=body.ref)[-1].payload["members"] == []
    with pytest.raises(Conflict):
        change(operations.end_membership, 1, until=today, today=today)
    assert drift_faults(app) == []


def test_with_the_body_its_seats_end(app, read, process, body, change, today):
    change(operations.add_member, MAYOR, today=today)
    change(operations.revise_body, replace(STEERING, until=today), seen=2)
    [member] = read(lambda session: queries.get_body(session, process, body.public_id)).members
    assert (member.until, member.person, member.sex) == (today, None, None)
    assert drift_faults(app) == []


def test_a_body_does_not_end_before_the_day_has_come(change, today):
    with pytest.raises(Invalid) as refused:
        change(operations.revise_body, replace(STEERING, until=today + timedelta(days=1)), seen=1)
    assert refused.value.field == "until"


@pytest.mark.parametrize("days", [1, -31])
def test_a_seat_ends_neither_tomorrow_nor_before_it_began(change, today, days):
    change(operations.add_member, replace(MAYOR, since=today - timedelta(days=30)), today=today)
    with pytest.raises(Invalid) as refusal:
        change(operations.end_membership, 1, until=today + timedelta(days=days), today=today)
    assert refusal.value.field == "until"


def test_a_name_is_forgotten_on_request_and_the_seat_stays(app, read, process, change, today):
    change(operations.add_member, MAYOR, today=today)
    change(operations.forget_name, 1)
    [seat] = sat(read, process).sitting
    assert (seat.person, seat.sex, seat.function) == (None, None, MAYOR.function)
    assert drift_faults(app) == []
    with pytest.raises(NotFound):
        change(operations.forget_name, 2)


def test_a_change_of_members_is_a_new_version_of_the_body(change, today):
    change(operations.add_member, MAYOR, today=today)
    with pytest.raises(Conflict):
        change(operations.revise_body, replace(STEERING, rhythm=4), seen=1)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": {}}, "name"),
        ({"duties": {"fa": " "}}, "duties"),
        ({"rhythm": 0}, "rhythm"),
        ({"since": date(2026, 1, 2), "until": date(2026, 1, 1)}, "until"),
    ],
)
def test_what_a_body_must_say(change, changed, field):
    with pytest.raises(Invalid) as refusal:
        change(operations.revise_body, replace(STEERING, **changed), seen=1)
    assert refusal.value.field == field


def test_only_coordinators_change_bodies(perform, change, today, now):
    clerk = acting(make_account(perform, "clerk@city.example", now=now), Role.CLERK)
    with pytest.raises(Forbidden):
        change(operations.add_member, MAYOR, today=today, actor=clerk)


# --- pages


def test_a_body_is_set_up_filled_and_left_on_its_pages(app, perform, process, body, home, clock):
    browser = staff_browser(app, perform, Role.COORDINATOR, now=clock.now())
    answer = browser.post(f"{home}/members", data={"function-en": "Deputy mayor", "person": "Maryam Karimi"})
    assert answer.status_code == 422
    assert "Choose a sector" in answer.text
    assert "Maryam Karimi" in answer.text
    filled = {"function-en": "Deputy mayor", "person": "Maryam Karimi", "sector": "public", "sex": "female"}
    assert browser.post(f"{home}/members", data=filled).status_code == 303
    assert "Maryam Karimi" in browser.get(home).text
    assert "1 women, 0 men" in browser.get(f"/staff/processes/{process.public_id}/resources").text
    leaving = browser.get(f"{home}/members/1/leave").text
    assert "Deputy mayor" in leaving
    day = clock.now().date()
    last = {"until-day": day.day, "until-month": day.month, "until-year": day.year}
    assert browser.post(f"{home}/members/1/leave", data=last).status_code == 303
    assert "Maryam Karimi" not in browser.get(home).text


def test_evaluators_see_functions_and_no_names_and_who_looks_is_noted(app, perform, body, home, change, today, clock):
    change(operations.add_member, MAYOR, today=today)
    evaluator = staff_browser(app, perform, Role.EVALUATOR, now=clock.now())
    page = evaluator.get(home).text
    assert "Deputy mayor for culture" in page
    assert "Karimi" not in page
    looked = f"{body.ref}/members"
    assert told(app, subject=looked) == []
    clerk = staff_browser(app, perform, Role.CLERK, now=clock.now())
    assert "Karimi" in clerk.get(home).text
    assert [entry.type for entry in told(app, subject=looked)] == ["personal_data.read"]


def test_two_editors_of_a_body_see_both(app, perform, home, change, clock):
    browser = staff_browser(app, perform, Role.COORDINATOR, now=clock.now())
    change(operations.revise_body, replace(STEERING, duties={"en": "Watches over the money."}), seen=1)
    mine = {"name-en": "Steering group", "duties-en": "Decides on the order.", "rhythm": "4", "version": "1"}
    refused = browser.post(f"{home}/edit", data=mine)
    assert refused.status_code == 409
    assert "Watches over the money." in refused.text
    assert "Decides on the order." in refused.text
