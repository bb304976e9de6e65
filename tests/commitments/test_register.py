"""The register: made of the frozen plan, moved by the designation, kept by coordinators; each state is in the log."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from tests.commitments.making import (
    BEGINS,
    KILNS,
    content,
    designate,
    freeze,
    frozen_process,
    move,
    official,
    own_faults,
    register,
)
from tests.processes.making import make_process
from tests.stakeholders.making import ACTORS, told
from ucc_participate.commitments.models import CommitmentState
from ucc_participate.commitments.operations import Moved
from ucc_participate.kernel.db import db
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid
from ucc_participate.processes.models import ProcessState

KEPT = Moved(CommitmentState.KEPT, evidence="Deed 1407/22 at the land registry")


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def process(perform, now):
    return frozen_process(perform, now)


@pytest.fixture
def leila(perform, now):
    return official(perform, now)


@pytest.fixture
def later(clock):
    """Half a year after the designation."""
    clock.advance(days=(date(2028, 6, 1) - clock.now().date()).days)
    return clock.now()


def test_freezing_enters_each_promise_and_the_log_has_its_state(app, read, process):
    found = register(read, process)
    assert set(found) == {"Buy the house", "Light the kiln", "target Kilns", "end Kilns", "end School"}
    [entry] = told(app, subject=found["Buy the house"].ref)
    assert (entry.type, entry.values["process"]) == ("commitment.made", process.ref)
    assert entry.payload["due_on"] == "2028-05-01"
    assert entry.payload["status"] == "promised"
    assert own_faults(app) == []


def test_freezing_the_same_plan_again_tells_only_the_new_number(app, perform, read, process, now):
    before = register(read, process)
    freeze(perform, process, now)
    assert {each.public_id for each in register(read, process).values()} == {each.public_id for each in before.values()}
    moved = told(app, subject=before["Buy the house"].ref)
    assert [entry.payload["plan_version"] for entry in moved] == [1, 2]


def test_what_the_new_plan_does_not_promise_is_withdrawn_and_can_come_back(app, perform, read, process, now):
    changed = content()
    changed["initiatives"][KILNS]["steps"] = changed["initiatives"][KILNS]["steps"][:1]
    freeze(perform, process, now, changed)
    assert register(read, process)["Light the kiln"].status is CommitmentState.WITHDRAWN
    freeze(perform, process, now)
    assert register(read, process)["Light the kiln"].status is CommitmentState.PROMISED
    assert own_faults(app) == []


def test_the_designation_moves_all_days_and_adds_what_membership_asks(app, perform, read, process, leila, later):
    made = designate(perform, process, on=BEGINS + timedelta(days=10), actor=leila, now=later)
    found = register(read, process)
    assert found["Buy the house"].due_on == date(2028, 5, 11)
    assert found["Buy the house"].planned_on == date(2028, 5, 1)
    assert found["conference 1"].due_on == date(2028, 11, 10)
    assert found["report 4"].due_on == date(2031, 11, 10)
    assert len([name for name in found if name.startswith("review")]) == 4
    [entry] = told(app, subject=made.ref)
    assert entry.payload["designated_on"] == "2027-11-11"
    assert entry.payload["recorded_by"] == "Leila Moradi, Head of the culture office"
    assert own_faults(app) == []


def test_a_designation_that_was_entered_wrongly_is_put_right(app, perform, read, process, leila, later):
    designate(perform, process, on=BEGINS + timedelta(days=10), actor=leila, now=later)
    designate(perform, process, on=BEGINS, actor=leila, now=later)
    found = register(read, process)
    assert found["Buy the house"].due_on == date(2028, 5, 1)
    assert found["report 4"].due_on == date(2031, 10, 31)
    assert len(found) == 14
    assert own_faults(app) == []


def test_no_designation_without_a_frozen_plan_nor_in_the_future(perform, process, leila, now):
    with pytest.raises(Invalid) as refusal:
        designate(perform, process, on=BEGINS, actor=leila, now=now)
    assert refusal.value.field == "designated_on"
    empty = make_process(perform, now, ProcessState.OPEN)
    with pytest.raises(Conflict):
        designate(perform, empty, on=now.date(), actor=leila, now=now)


def test_what_is_kept_needs_evidence_and_what_is_not_kept_a_reason(app, perform, read, process, leila, later):
    promise = register(read, process)["Buy the house"]
    with pytest.raises(Invalid) as refusal:
        move(perform, process, promise, Moved(CommitmentState.KEPT), actor=leila, now=later)
    assert refusal.value.field == "evidence"
    with pytest.raises(Invalid) as refusal:
        move(perform, process, promise, Moved(CommitmentState.NOT_KEPT, note="no"), actor=leila, now=later)
    assert refusal.value.field == "note"
    move(perform, process, promise, KEPT, actor=leila, now=later)
    entry = told(app, subject=promise.ref)[-1]
    assert (entry.type, entry.payload["status"], entry.payload["settled_on"]) == (
        "commitment.moved",
        "kept",
        later.date().isoformat(),
    )
    assert entry.payload["moved_by"] == "Leila Moradi, Head of the culture office"
    assert own_faults(app) == []


def test_it_was_kept_late_or_in_time(perform, read, process, leila, later):
    designate(perform, process, actor=leila, now=later)
    promise = register(read, process)["Buy the house"]
    assert promise.is_overdue(later.date())
    move(perform, process, promise, KEPT, actor=leila, now=later)
    kept = register(read, process)["Buy the house"]
    assert (kept.is_overdue(later.date()), kept.was_late) == (False, True)
    in_time = Moved(CommitmentState.KEPT, evidence=KEPT.evidence, settled_on=date(2028, 4, 1))
    move(perform, process, promise, in_time, actor=leila, now=later)
    assert not register(read, process)["Buy the house"].was_late


def test_a_settled_promise_keeps_its_state_when_the_plan_changes(perform, read, process, leila, later):
    promise = register(read, process)["Light the kiln"]
    move(perform, process, promise, KEPT, actor=leila, now=later)
    changed = content()
    changed["initiatives"][KILNS]["steps"] = []
    freeze(perform, process, later, changed)
    assert register(read, process)["Light the kiln"].status is CommitmentState.KEPT
    assert register(read, process)["Buy the house"].status is CommitmentState.WITHDRAWN


@pytest.mark.parametrize("who", ["visitor", "resident", "delegate", "evaluator", "moderator", "clerk"])
def test_only_coordinators_keep_the_register(perform, read, process, later, who):
    promise = register(read, process)["Buy the house"]
    with pytest.raises(Forbidden):
        move(perform, process, promise, KEPT, actor=ACTORS[who], now=later)
    with pytest.raises(Forbidden):
        designate(perform, process, actor=ACTORS[who], now=later)


def test_a_row_that_was_changed_by_hand_is_named_by_the_drift_check(app, read, process):
    found = register(read, process)["Buy the house"]

    with app.app_context(), db.engine.begin() as connection:
        connection.execute(
            text("UPDATE commitment SET owner = 'nobody' WHERE public_id = :id"), {"id": found.public_id}
        )
    assert any(found.ref in fault and "owner" in fault for fault in own_faults(app))
