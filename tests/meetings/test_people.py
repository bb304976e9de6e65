"""Registering and being there: places, the waiting list, the list of those who came, what it makes of people."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.accounts.making import CITY, acting, entries, make_account, send_mails
from tests.meetings.making import (
    AHEAD,
    DIGESTS,
    HOURS,
    announce,
    change,
    hold,
    mailing,
    register,
    reload,
    scan,
    unregister,
    write_down,
)
from tests.processes.making import invite_every_sector, make_process
from tests.stakeholders.making import drift_faults, make_delegate, make_organisation, told
from ucc_participate.accounts import operations as accounts
from ucc_participate.accounts.models import AboutYou, Account, Profile, Sex
from ucc_participate.accounts.queries import get_account
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid
from ucc_participate.kernel.identity import Actor, Role
from ucc_participate.meetings import codes, jobs, operations, queries
from ucc_participate.meetings.entry import Came
from ucc_participate.meetings.models import Attendance, MeetingState, Registration, RegistrationState
from ucc_participate.processes.models import Invitation, Participation, ProcessState, WayIn
from ucc_participate.processes.queries import presence_of_stakeholders, sectors_without_participants
from ucc_participate.representation.queries import presence
from ucc_participate.vocabularies.uccn import Sector

NOON = timedelta(hours=1)


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def process(perform, now):
    return make_process(perform, now, ProcessState.OPEN)


@pytest.fixture
def meeting(perform, process, now):
    return announce(perform, process, now=now)


@pytest.fixture
def start(now):
    """The moment at which the meeting begins."""
    return now + AHEAD


def people(perform, count, now):
    return [make_account(perform, f"person{number}@example.org", now=now) for number in range(count)]


def states(read, meeting):
    rows = read(lambda s: s.scalars(select(Registration).order_by(Registration.account_id)).all())
    return [row.state.value for row in rows]


def test_places_are_given_in_order_and_the_next_one_moves_up_and_is_told(app, perform, read, process, now):
    meeting = announce(perform, process, now=now, places=2)
    first, second, third = people(perform, 3, now)
    for person in (first, second, third):
        register(perform, meeting, person, now=now)
    assert states(read, meeting) == ["coming", "coming", "waiting"]
    send_mails(app)
    unregister(perform, meeting, first, now=now)
    assert states(read, meeting) == ["withdrawn", "coming", "coming"]
    [mail] = send_mails(app)
    assert (mail.to, "You have a place" in mail.subject) == ("person2@example.org", True)
    register(perform, meeting, first, now=now)
    assert states(read, meeting) == ["waiting", "coming", "coming"]


def test_the_last_place_is_given_once_however_many_want_it_at_once(perform, read, process, now):
    meeting = announce(perform, process, now=now, places=1)
    wanting = people(perform, 6, now)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda person: register(perform, meeting, person, now=now), wanting))
    assert sorted(states(read, meeting)) == ["coming"] + ["waiting"] * 5


def test_more_places_let_those_in_who_wait(app, perform, read, process, now):
    from tests.meetings.making import notice

    meeting = announce(perform, process, now=now, places=1)
    for person in people(perform, 3, now):
        register(perform, meeting, person, now=now)
    facts = {"because": "", "mailing": mailing(now), "now": now}
    change(perform, meeting, operations.revise_meeting, notice(now + AHEAD, places=2), **facts)
    assert states(read, meeting) == ["coming", "coming", "waiting"]


def test_the_log_calls_who_registers_by_a_name_of_this_meeting_alone_and_knows_no_needs(app, perform, process, now):
    person = make_account(perform, now=now)
    one, other = announce(perform, process, now=now, is_for_women=True), announce(perform, process, now=now)
    for meeting in (one, other):
        register(perform, meeting, person, now=now, needs="A ramp for my wheelchair")
    found = [entry for entry in told(app, process=process.ref) if entry.type == "registration.made"]
    assert len({entry.values["actor"] for entry in found}) == 2
    assert len({entry.values["subject"] for entry in found}) == 2
    assert [entry.payload for entry in found] == [{}, {}]


def test_a_womens_session_asks_nobody_for_papers_and_evaluators_do_not_register(perform, process, now):
    meeting = announce(perform, process, now=now, is_for_women=True, is_for_youth=True)
    somebody = make_account(perform, now=now)
    assert register(perform, meeting, somebody, now=now).state is RegistrationState.COMING
    watching = make_account(perform, "evaluator@example.org", now=now)
    facts = {"needs": "", "wants_childcare": False, "actor": acting(watching, Role.EVALUATOR), "now": now}
    with pytest.raises(Forbidden):
        change(perform, meeting, operations.register, watching, **facts)


def test_nobody_registers_once_it_has_begun(perform, meeting, start, now):
    with pytest.raises(Conflict):
        register(perform, meeting, make_account(perform, now=now), now=start)


def test_those_who_come_are_reminded_a_day_before_and_once(app, perform, meeting, clock, start, now):
    for person in people(perform, 2, now):
        register(perform, meeting, person, now=now)

    def remind():
        with app.app_context():
            jobs.remind()

    clock.at = start - timedelta(hours=25)
    remind()
    assert send_mails(app) == []
    clock.at = start - timedelta(hours=22)
    remind()
    remind()
    assert sorted(mail.to for mail in send_mails(app)) == ["person0@example.org", "person1@example.org"]
    clock.at = start - timedelta(hours=2)
    remind()
    assert len(send_mails(app)) == 2


def test_nobody_is_reminded_of_what_is_cancelled(app, perform, meeting, clock, start, now):
    register(perform, meeting, make_account(perform, now=now), now=now)
    change(perform, meeting, operations.cancel_meeting, because="Too hot", mailing=mailing(now), now=now)
    count = len(send_mails(app))
    clock.at = start - timedelta(hours=20)
    with app.app_context():
        jobs.remind()
    assert len(send_mails(app)) == count


# --- codes ----------------------------------------------------------------------------------------------------------


def test_the_code_on_the_wall_is_good_while_the_doors_are_open(meeting, start):
    code = codes.wall_code(meeting, DIGESTS)
    opens = [start - NOON, start, start + HOURS + timedelta(minutes=59)]
    shut = [start - NOON - timedelta(seconds=1), start + HOURS + NOON, start - timedelta(days=1)]
    assert [codes.opens(meeting, code, DIGESTS, at) for at in opens] == [True] * 3
    assert [codes.opens(meeting, code, DIGESTS, at) for at in shut] == [False] * 3


def test_yesterdays_code_opens_nothing_once_the_meeting_is_moved_and_none_opens_another_meeting(
    perform, process, meeting, start, now
):
    code = codes.wall_code(meeting, DIGESTS)
    other = announce(perform, process, now=now)
    assert codes.opens(other, code, DIGESTS, start) is False
    meeting.starts_at += timedelta(days=1)
    meeting.ends_at += timedelta(days=1)
    assert codes.opens(meeting, code, DIGESTS, start + timedelta(days=1)) is False


def test_the_code_of_the_screen_is_soon_worth_nothing(meeting, start):
    code = codes.screen_code(meeting, DIGESTS, start)
    assert codes.opens(meeting, code, DIGESTS, start + codes.TURN) is True
    assert codes.opens(meeting, code, DIGESTS, start + 2 * codes.TURN) is False


def test_without_a_good_code_nobody_is_there(perform, meeting, start, now):
    with pytest.raises(Conflict):
        scan(perform, meeting, make_account(perform, now=now), now=start, code_opens=False)


# --- the list -------------------------------------------------------------------------------------------------------


def test_scanning_twice_and_pressing_twice_makes_one_line(perform, read, meeting, start, now):
    person = make_account(perform, now=now)
    assert scan(perform, meeting, person, now=start).number == scan(perform, meeting, person, now=start).number == 1
    first = scan(perform, meeting, None, now=start, key="k" * 22)
    assert scan(perform, meeting, None, now=start, key="k" * 22).number == first.number == 2
    clerk = acting(make_account(perform, "clerk@example.org", now=now, roles=(Role.CLERK,)), Role.CLERK)
    line = write_down(perform, meeting, now=start, key="c" * 22, actor=clerk)
    assert write_down(perform, meeting, now=start, key="c" * 22, actor=clerk).number == line.number
    assert read(lambda s: queries.count_present(s, meeting)) == 3


def test_neither_names_nor_the_clerk_are_in_the_log(app, perform, meeting, start, now):
    account = make_account(perform, "clerk@example.org", now=now, roles=(Role.CLERK,), display_name="Parisa Clerk")
    write_down(perform, meeting, now=start, actor=acting(account, Role.CLERK), name="Golnar Weaver")
    scan(perform, meeting, None, now=start, came=Came(name="Reza Dyer"))
    everything = str([(entry.values, entry.payload) for entry in entries(app)])
    assert not [name for name in ("Golnar", "Reza", "Parisa", "clerk@") if name in everything]
    noted = [entry for entry in entries(app) if entry.values["type"] == "attendance.noted"]
    assert [(entry.values["role"], entry.payload) for entry in noted] == [
        ("clerk", {"way": "clerk"}), ("visitor", {"way": "form"}),
    ]  # fmt: skip


def test_who_is_on_the_list_takes_part_when_it_is_closed_and_not_before(
    app, perform, read, process, meeting, start, now
):
    person = make_account(perform, now=now)
    scan(perform, meeting, person, now=start)
    write_down(perform, meeting, AboutYou(Sex.FEMALE, 2001, "Bazaar", Sector.PRIVATE), now=start)
    write_down(perform, meeting, now=start, took_part_before=True)
    mistake = write_down(perform, meeting, now=start)
    change(perform, meeting, _withdraw(mistake.number), now=start)
    taking_part = select(Participation).where(Participation.process_id == process.id)
    assert read(lambda s: s.scalars(taking_part).all()) == []
    hold(perform, meeting, now=start + HOURS)
    found = read(lambda s: s.scalars(taking_part).all())
    assert [each.way_in for each in found] == [WayIn.WORKSHOP] * 2
    assert person.id in {each.account_id for each in found}
    assert reload(read, meeting).status is MeetingState.HELD
    joined = [entry for entry in told(app, process=process.ref) if entry.type == "participant.joined"]
    assert [entry.payload for entry in joined] == [{"way_in": "workshop"}] * 2
    assert drift_faults(app) == []


def _withdraw(number):
    def run(session, meeting, **facts):
        line = queries.attendance_to_change(session, meeting, number)
        operations.withdraw_attendance(session, meeting, line, **facts)

    return run


def test_organisations_that_came_are_present_in_the_funnel_by_sector(app, perform, read, process, meeting, start, now):
    university, guild, _weavers = invite_every_sector(perform, process, now=now)
    unasked = make_organisation(perform, "Youth house", Sector.CIVIL_SOCIETY, now=now, is_youth_group=True)
    delegate = make_account(perform, now=now)
    make_delegate(perform, guild, delegate, now=now)
    speaking = Actor(delegate.key, delegate.id, frozenset({Role.RESIDENT}), frozenset({guild.public_id}))
    scan(perform, meeting, delegate, now=start, actor=speaking, came=Came(organisation=guild))
    write_down(perform, meeting, now=start, organisation=university)
    write_down(perform, meeting, now=start, organisation=unasked)
    hold(perform, meeting, now=start + HOURS)
    stage = read(lambda s: presence(s, process, now=start + HOURS)).stage("organisations", "attended")
    assert [stage.count(f"sector:{sector.value}") for sector in Sector] == [1, 1, 1]
    assert stage.count("youth_group") == 1
    present = read(lambda s: presence(s, process, now=start + HOURS)).stage("organisations", "present")
    assert present.count("sector:private") == 1
    board = {group.group: group for group in read(lambda s: presence_of_stakeholders(s, process))}
    assert board["sector:private"].participating == 1
    assert read(lambda s: sectors_without_participants(s, process)) == []
    invitations = read(lambda s: s.scalars(select(Invitation).order_by(Invitation.id)).all())
    assert [each.attended_at for each in invitations] == [start, start, None, start]
    assert drift_faults(app) == []


def test_nobody_comes_for_an_organisation_that_did_not_name_them(perform, meeting, process, start, now):
    guild = invite_every_sector(perform, process, now=now)[1]
    with pytest.raises(Invalid):
        scan(perform, meeting, make_account(perform, now=now), now=start, came=Came(organisation=guild))


def test_attendance_is_counted_with_small_groups_hidden(app, perform, read, meeting, start):
    crowd = [(Sex.FEMALE, 2001)] * 9 + [(Sex.MALE, 1970)] * 8 + [(Sex.OTHER, 1950)] * 2
    for sex, born in crowd:
        write_down(perform, meeting, AboutYou(sex, born), now=start)
    hold(perform, meeting, now=start + HOURS)
    counts = told(app, subject=meeting.ref)[-1].payload["counts"]
    groups = {cell["group"]: cell["count"] for cell in counts["groups"]}
    assert counts["people"] == 19
    assert (groups["sex:female"], groups["sex:male"], groups["sex:other"]) == (9, None, None)
    assert (groups["age:under_30"], groups["age:30_plus"]) == (9, 10)
    assert counts == reload(read, meeting).counts


def test_a_meeting_of_four_says_only_that_it_was_small(perform, read, meeting, start):
    for _each in range(4):
        write_down(perform, meeting, AboutYou(Sex.FEMALE), now=start)
    hold(perform, meeting, now=start + HOURS)
    counts = reload(read, meeting).counts or {}
    assert counts["people"] is None
    assert {cell["count"] for cell in counts["groups"]} <= {None, 0}


def test_a_closed_list_takes_nobody_and_is_closed_once(perform, meeting, start, now):
    hold(perform, meeting, now=start)
    with pytest.raises(Conflict):
        write_down(perform, meeting, now=start)
    with pytest.raises(Conflict):
        hold(perform, meeting, now=start)
    with pytest.raises(Conflict):
        scan(perform, meeting, make_account(perform, now=now), now=start)


def test_a_meeting_that_has_not_begun_was_not_held(perform, meeting, start, now):
    with pytest.raises(Conflict):
        hold(perform, meeting, now=start - timedelta(minutes=1))
    with pytest.raises(Conflict):
        write_down(perform, meeting, now=start - timedelta(hours=2))


# --- what goes ------------------------------------------------------------------------------------------------------


def test_names_and_needs_go_some_months_after_the_meeting(app, perform, read, meeting, start, now):
    register(perform, meeting, make_account(perform, now=now), now=now, needs="Large print")
    write_down(perform, meeting, AboutYou(Sex.MALE), now=start, name="Reza", took_part_before=True)

    def forget(session):
        return operations.forget_names(session, held_before=start + timedelta(days=1), actor=CITY, now=start)

    assert perform(forget) == 3
    assert perform(forget) == 0
    assert read(lambda s: s.scalars(select(Attendance)).one()).name is None
    assert read(lambda s: s.scalars(select(Registration)).one()).needs == ""
    assert read(lambda s: s.scalars(select(Profile)).all()) == []
    last = entries(app)[-1]
    assert (last.values["type"], last.payload) == ("retention.executed", {"rule": "meeting_names", "count": 3})


def test_an_erased_person_leaves_no_registration_and_the_list_its_number(app, perform, read, meeting, start, now):
    person = make_account(perform, now=now)
    register(perform, meeting, person, now=now, needs="A ramp")
    scan(perform, meeting, person, now=start)
    hold(perform, meeting, now=start)
    erasers = app.extensions["ucc.erasers"]

    def erase(session):
        accounts.erase_account(
            session, get_account(session, person.public_id), erasers=erasers, actor=acting(person), now=start
        )

    perform(erase)
    assert read(lambda s: s.scalars(select(Registration)).all()) == []
    assert read(lambda s: s.scalars(select(Attendance)).one()).name is None
    assert read(lambda s: s.get(Account, person.id)).is_active is False
    assert drift_faults(app) == []
