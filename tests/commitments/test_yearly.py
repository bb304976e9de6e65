"""What comes back every year: conference, review, report; and reminding of all of it."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any

import pytest
from sqlalchemy import select

from tests.commitments.making import (
    BEGINS,
    act,
    conference,
    designate,
    frozen_process,
    move,
    official,
    own_faults,
    register,
)
from tests.stakeholders.making import told
from ucc_participate.commitments import jobs, operations, readying
from ucc_participate.commitments.models import Attendance, CommitmentState
from ucc_participate.commitments.operations import Moved
from ucc_participate.commitments.overview import overview_of
from ucc_participate.commitments.review import review_of
from ucc_participate.kernel.db import db
from ucc_participate.kernel.errors import Conflict, Invalid
from ucc_participate.notifications.models import OutboxMessage
from ucc_participate.processes import operations as processes
from ucc_participate.processes.models import PhaseKind, ProcessState
from ucc_participate.readiness.facts import Standing


def noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=timezone.utc)


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def leila(perform, now):
    return official(perform, now)


@pytest.fixture
def process(perform, now, leila):
    made = frozen_process(perform, now)
    designate(perform, made, on=BEGINS, actor=leila, now=noon(2027, 11, 20))
    return made


def mails(app: Any) -> list[dict[str, Any]]:
    with app.app_context():
        found = db.session.scalars(select(OutboxMessage).where(OutboxMessage.template == "promises_due"))
        return [dict(message.data) for message in found]


def test_a_conference_settles_the_duty_of_its_year(app, perform, read, process, leila):
    made = conference(perform, process, 1, actor=leila, now=noon(2028, 7, 3))
    duty = register(read, process)["conference 1"]
    assert (duty.status, duty.about, duty.settled_on) == (CommitmentState.KEPT, made.ref, date(2028, 7, 3))
    [entry] = told(app, subject=made.ref)
    assert entry.type == "conference.recorded"
    assert entry.payload["achievements"] == {"en": "The kiln burns again."}
    assert own_faults(app) == []


def test_a_city_that_was_not_there_has_not_kept_it_and_an_entry_can_be_put_right(app, perform, read, process, leila):
    day = noon(2028, 7, 3)
    conference(perform, process, 1, actor=leila, now=day, attendance=Attendance.ABSENT, achievements={})
    assert register(read, process)["conference 1"].status is CommitmentState.NOT_KEPT
    conference(perform, process, 1, actor=leila, now=noon(2028, 7, 4), held_on=day.date())
    assert register(read, process)["conference 1"].status is CommitmentState.KEPT
    assert own_faults(app) == []


def test_whoever_was_there_says_what_was_told(perform, process, leila):
    with pytest.raises(Invalid) as refusal:
        conference(perform, process, 1, actor=leila, now=noon(2028, 7, 3), achievements={"en": "  "})
    assert refusal.value.field == "achievements"


def test_the_template_of_a_review_can_be_opened_as_it_is_but_for_documents(app, process):
    with app.app_context():
        description, phases = review_of(process, year=2, today=date(2029, 6, 1))
    assert description.title == {"en": "Review of year 2: A city of crafts", "fa": "بازنگری سال ۲: شهر صنایع دستی"}
    assert [phase.kind for phase in phases] == [
        PhaseKind.INVITE,
        PhaseKind.DISCUSS,
        PhaseKind.ANSWER,
        PhaseKind.REPORT,
    ]
    assert all(getattr(description, name) for name in ("purpose", "scope", "open_questions", "promise"))


def test_a_review_is_a_draft_of_a_process_and_is_begun_once(app, perform, read, process, leila):
    def begin(session: Any, here: Any, *, today: date, actor: Any, now: datetime) -> Any:
        made = processes.create_process(session, description, actor=actor, now=now)
        processes.schedule_phases(session, made, phases, actor=actor, now=now)
        operations.begin_review(session, here, made, year=1, actor=actor, now=now)
        return made

    with app.app_context():
        description, phases = review_of(process, year=1, today=date(2028, 6, 1))
    made = act(perform, process, begin, actor=leila, now=noon(2028, 6, 1))
    assert made.status is ProcessState.DRAFT
    duty = register(read, process)["review 1"]
    assert (duty.status, duty.about) == (CommitmentState.UNDER_WAY, made.ref)
    with pytest.raises(Conflict):
        act(perform, process, begin, actor=leila, now=noon(2028, 6, 2))
    assert own_faults(app) == []


def test_coordinators_are_reminded_once_a_week_of_what_is_due_and_late(app, perform, process, leila, clock):
    clock.at = noon(2028, 5, 20)
    with app.app_context():
        jobs.remind_coordinators()
    [mail] = mails(app)
    assert mail["lines"] == ["Late since 1 May 2028: Buy the house"]
    assert mail["address"].endswith(f"/staff/processes/{process.public_id}/promises")
    [entry] = [each for each in told(app, subject=f"designation/{process.public_id}") if "things" in each.payload]
    assert (entry.type, entry.payload) == ("designation.reminded", {"things": 1, "people": 1})
    clock.advance(days=6)
    with app.app_context():
        jobs.remind_coordinators()
    assert len(mails(app)) == 1
    clock.advance(days=1)
    with app.app_context():
        jobs.remind_coordinators()
    assert len(mails(app)) == 2
    assert own_faults(app) == []


def test_nobody_is_reminded_at_night_nor_of_nothing(app, process, clock):
    clock.at = datetime(2028, 5, 20, 22, tzinfo=timezone.utc)
    with app.app_context():
        jobs.remind_coordinators()
    clock.at = noon(2027, 12, 1)
    with app.app_context():
        jobs.remind_coordinators()
    assert mails(app) == []


def test_a_conference_before_the_designation_is_none_of_the_city(perform, process, leila):
    with pytest.raises(Invalid) as refusal:
        conference(perform, process, 1, actor=leila, now=noon(2028, 7, 3), held_on=date(2027, 10, 31))
    assert refusal.value.field == "held_on"


@pytest.mark.parametrize(
    ("today", "year"), [(date(2028, 10, 31), 1), (date(2028, 11, 1), 2), (date(2031, 11, 1), 4), (date(2040, 1, 1), 4)]
)
def test_a_year_of_membership_ends_with_its_last_day(app, process, today, year):
    with app.app_context():
        assert overview_of(process, today).year == year


def test_a_step_that_is_not_possible_says_what_is(perform, read, process, leila):
    step = register(read, process)["Buy the house"]
    now = noon(2028, 4, 3)
    move(perform, process, step, Moved(CommitmentState.KEPT, evidence="Deed 1407/22"), actor=leila, now=now)
    with pytest.raises(Conflict) as refusal:
        move(perform, process, step, Moved(CommitmentState.PROMISED), actor=leila, now=now)
    assert "under way" in str(refusal.value)


def standings(app: Any, process: Any, day: datetime) -> dict[str, Any]:
    with app.test_request_context():
        return dict(readying.tell(db.session(), process, now=day))


def test_readiness_says_what_was_missed_and_what_is_late(app, perform, process, leila):
    conference(perform, process, 1, actor=leila, now=noon(2028, 7, 3), attendance=Attendance.ABSENT, achievements={})
    said = standings(app, process, noon(2028, 8, 1))
    assert (said["L2"].standing, str(said["L2"].says)) == (Standing.PARTLY, "0 conferences are told of.")
    assert said["K5"].standing is Standing.LATER
    late = standings(app, process, noon(2031, 11, 2))
    assert (late["L2"].standing, late["L4"].standing, late["K5"].standing) == (Standing.MISSING,) * 3
    for each in (*said.values(), *late.values()):
        assert (each.todo is not None) is (each.standing in (Standing.MISSING, Standing.PARTLY))


def test_a_report_that_will_not_be_handed_in_is_missing(app, perform, read, process, leila):
    duty = register(read, process)["report 4"]
    given_up = Moved(CommitmentState.NOT_KEPT, note="The office was closed.")
    move(perform, process, duty, given_up, actor=leila, now=noon(2030, 1, 1))
    assert standings(app, process, noon(2030, 1, 2))["K5"].standing is Standing.MISSING
