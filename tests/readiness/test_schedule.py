"""Deadlines backwards from the day of the National Commission, beside the timetable of the process."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.conftest import START
from tests.dossier.making import act, official
from tests.readiness.making import application
from tests.stakeholders.making import drift_faults
from ucc_participate.dossier.models import Dossier
from ucc_participate.dossier.operations import Terms
from ucc_participate.dossier.queries import application_of
from ucc_participate.kernel.errors import Forbidden, Invalid, NotFound
from ucc_participate.kernel.identity import Role
from ucc_participate.processes.models import Phase, PhaseKind, Process
from ucc_participate.readiness import operations, queries
from ucc_participate.readiness.models import StepDay
from ucc_participate.readiness.schedule import DAYS_BEFORE, STEPS, steps_of

OF_TERMS = date(2026, 5, 30)
"""The national deadline of the dossiers that tests make."""
NATIONAL, UNESCO = date(2026, 9, 30), date(2026, 10, 31)


def process(ends_in: int = 10) -> Process:
    ends_at = START + timedelta(days=ends_in)
    return Process(phases=[Phase(kind=PhaseKind.PROPOSE, title={}, starts_at=START, ends_at=ends_at)])


def dossier(national: date | None = NATIONAL) -> Dossier:
    return Dossier(public_id="d", national_deadline=national, unesco_deadline=UNESCO)


def steps(*moved: StepDay, national: date | None = NATIONAL, ends_in: int = 10):
    return {step.code: step for step in steps_of(process(ends_in), dossier(national), moved)}


def test_every_step_has_its_day_before_the_national_one_and_unesco_its_own():
    found = steps()
    assert {code: (NATIONAL - found[code].due_on).days for code in DAYS_BEFORE} == DAYS_BEFORE
    assert found["unesco"].due_on == UNESCO
    assert all(step.clash is None for step in found.values())


def test_the_steps_come_in_the_order_of_their_days():
    days = [step.due_on for step in steps_of(process(), dossier(), []) if step.due_on]
    assert days == sorted(days)
    assert len(days) == len(STEPS)


def test_without_the_national_day_nothing_has_one_but_what_the_city_has_settled():
    moved = StepDay(step="council", due_on=date(2026, 5, 1), responsible="Council’s office")
    found = steps(moved, national=None)
    assert {code for code, step in found.items() if step.due_on} == {"council", "unesco"}
    assert found["council"].responsible == "Council’s office"


def test_before_there_is_a_dossier_no_step_has_a_day():
    assert [step.due_on for step in steps_of(process(), None, [])] == [None] * len(STEPS)


def test_a_phase_that_ends_too_late_is_named():
    assert steps(ends_in=200)["participation"].clash is PhaseKind.PROPOSE


@pytest.mark.parametrize(
    ("step", "day", "clashing", "with_"),
    [
        ("participation", date(2026, 8, 30), "plan", "participation"),
        ("plan", date(2026, 9, 10), "texts", "plan"),
        ("council", date(2026, 9, 29), "freeze", "council"),
        ("letters", date(2026, 9, 29), "freeze", "letters"),
        ("photos", date(2026, 9, 29), "freeze", "photos"),
        ("letters_asked", date(2026, 9, 22), "letters", "letters_asked"),
    ],
)
def test_a_step_that_comes_before_what_it_needs_is_named(step, day, clashing, with_):
    assert steps(StepDay(step=step, due_on=day, responsible=""))[clashing].clash == with_


def test_what_was_settled_before_the_national_day_came_earlier_is_named():
    assert steps(StepDay(step="photos", due_on=date(2026, 10, 5), responsible=""))["photos"].clash == "national"


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def made(perform, now):
    return application(perform, now)


def settled(read, made):
    return read(lambda s: [(day.step, day.due_on, day.responsible) for day in queries.step_days_of(s, made[1])])


def test_a_moved_step_is_kept_logged_and_can_go_back(app, perform, read, made, now):
    leila = official(perform, now)
    for day in (date(2026, 4, 1), None):
        told = {"due_on": day, "responsible": "Council’s office"}
        act(perform, made, operations.set_deadline, "council", **told, actor=leila, now=now)
        assert settled(read, made) == [("council", day, "Council’s office")]
    assert drift_faults(app) == []


@pytest.mark.parametrize("step", ["national", "unesco"])
def test_a_deadline_of_the_dossier_is_moved_there(perform, read, made, now, step):
    with pytest.raises(Invalid):
        act(
            perform,
            made,
            operations.set_deadline,
            step,
            due_on=NATIONAL,
            responsible="",
            actor=official(perform, now),
            now=now,
        )
    assert settled(read, made) == []


def test_no_step_lies_after_the_national_day(perform, made, now):
    late = OF_TERMS + timedelta(days=1)
    with pytest.raises(Invalid):
        act(
            perform,
            made,
            operations.set_deadline,
            "plan",
            due_on=late,
            responsible="",
            actor=official(perform, now),
            now=now,
        )


def test_there_is_no_other_step(perform, made, now):
    with pytest.raises(NotFound):
        act(
            perform,
            made,
            operations.set_deadline,
            "party",
            due_on=None,
            responsible="",
            actor=official(perform, now),
            now=now,
        )


def test_a_clerk_settles_no_deadline(perform, made, now):
    with pytest.raises(Forbidden):
        act(
            perform,
            made,
            operations.set_deadline,
            "plan",
            due_on=None,
            responsible="",
            actor=official(perform, now, Role.CLERK, "Omid"),
            now=now,
        )


def test_the_terms_of_the_dossier_move_every_usual_day(perform, read, now):
    made = application(perform, now, terms=Terms("en", NATIONAL, UNESCO))
    found = read(lambda s: steps_of(made[0], application_of(s, made[0]), []))
    assert {step.due_on for step in found} >= {NATIONAL, UNESCO, NATIONAL - timedelta(days=60)}
