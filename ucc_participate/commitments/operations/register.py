"""The register: promises out of the frozen plan, the day from which they count, what becomes of each."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...documents.uploads import StoredUpload
from ...dossier.recording import named
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.identity import Actor, new_public_id
from ...kernel.text import clean_line, clean_text
from ...plan.models import Plan, PlanVersion
from ...processes.models import Process
from .. import policies, queries
from ..entries import Moved
from ..events import CommitmentEvent, DesignationEvent
from ..models import (
    LINE_LENGTH,
    NOTE_LENGTH,
    SETTLED,
    Commitment,
    CommitmentState,
    Designation,
)
from ..promises import Promise, duties_of, moved_by, promises_of
from ..recording import checked_line, checked_note, keep_file, note, require_past

NOT_FROZEN = _l("There is no frozen plan yet. The register is made of what it promises.")


def enter_promises(session: Session, plan: Plan, version: PlanVersion, *, actor: Actor, now: datetime) -> None:
    """Enter what the version promises, inside the freezing of the plan (hook ``ucc.plan_frozen``).

    A promise that was there keeps its state; one that is not in the plan any more is withdrawn unless it is settled.
    """
    designation = queries.designation_of(session, plan.process)
    moved = moved_by(version.content, designation)
    found = promises_of(version.content)
    _enter(session, plan.process, found, moved, version=version.number, actor=actor, now=now)
    _withdraw(session, plan.process, {promise.key for promise in found}, actor=actor, now=now)


def record_designation(
    session: Session,
    process: Process,
    *,
    designated_on: date,
    decision: str,
    stored: StoredUpload | None,
    today: date,
    actor: Actor,
    now: datetime,
) -> Designation:
    """Enter that the city is a member; every day of the register moves with it. Entered anew, it is put right."""
    require(policies.can_keep_register(actor, process, now=now))
    version = queries.submitted_version(session, process)
    if version is None:
        raise Conflict(NOT_FROZEN)
    require_past(designated_on, today, field="designated_on")
    found = queries.designation_to_change(session, process) or Designation(process=process, process_id=process.id)
    found.designated_on = designated_on
    found.decision = checked_line(decision, field="decision")
    found.recorded_by, found.recorded_at = named(session, actor), now
    session.add(found)
    session.flush()
    files = [keep_file(session, found, stored, actor=actor, now=now)] if stored is not None else []
    note(session, DesignationEvent.RECORDED, found, actor=actor, now=now, more={"files": files})
    moved = moved_by(version.content, found)
    _recount(session, process, moved, actor=actor, now=now)
    duties = duties_of(designated_on, owner=process.responsible)
    _enter(session, process, duties, timedelta(), version=None, actor=actor, now=now)
    return found


def move_commitment(
    session: Session,
    commitment: Commitment,
    told: Moved,
    *,
    stored: StoredUpload | None,
    today: date,
    actor: Actor,
    now: datetime,
) -> None:
    """Say what became of a promise. What is kept needs evidence, what is not kept a reason that everybody can read."""
    require(policies.can_move(actor, commitment, now=now))
    settled_on = told.settled_on or today
    require_past(settled_on, today, field="settled_on")
    if told.state is not commitment.status:
        commitment.move_to(told.state, on=settled_on)
    elif told.state in SETTLED:
        commitment.settled_on = settled_on
    _tell(commitment, told, is_shown=stored is not None or queries.is_done(session, commitment.about))
    commitment.moved_by, commitment.changed_at = named(session, actor), now
    files = [keep_file(session, commitment, stored, actor=actor, now=now)] if stored is not None else []
    note(session, CommitmentEvent.MOVED, commitment, actor=actor, now=now, more={"files": files} if files else None)


def _tell(commitment: Commitment, told: Moved, *, is_shown: bool) -> None:
    if told.state is CommitmentState.KEPT and not (told.evidence.strip() or is_shown):
        raise Invalid(_l("Say how anybody can check that it was kept, or add a file."), field="evidence")
    if told.state is CommitmentState.NOT_KEPT:
        checked_note(told.note, field="note")
    commitment.note = clean_text(told.note, max_length=NOTE_LENGTH[1])
    commitment.evidence = clean_line(told.evidence, max_length=LINE_LENGTH)


def _enter(
    session: Session,
    process: Process,
    promises: list[Promise],
    moved: timedelta,
    *,
    version: int | None,
    actor: Actor,
    now: datetime,
) -> None:
    known = {each.key: each for each in queries.register_of(session, process)}
    for promise in promises:
        found = known.get(promise.key)
        before = found.public_payload() if found is not None else None
        commitment = found or _new(process)
        _set(commitment, promise, version=version, moved=moved)
        if commitment.status is CommitmentState.WITHDRAWN:
            commitment.move_to(CommitmentState.PROMISED, on=now.date())
        if before != commitment.public_payload():
            commitment.changed_at = now
            session.add(commitment)
            event = CommitmentEvent.MOVED if found is not None else CommitmentEvent.MADE
            note(session, event, commitment, actor=actor, now=now)


def _new(process: Process) -> Commitment:
    return Commitment(
        public_id=new_public_id(),
        process=process,
        process_id=process.id,
        status=CommitmentState.PROMISED,
        note="",
        evidence="",
        moved_by="",
    )


def _set(commitment: Commitment, promise: Promise, *, version: int | None, moved: timedelta) -> None:
    for name in ("key", "kind", "initiative", "indicator", "year", "planned_on"):
        setattr(commitment, name, getattr(promise, name))
    commitment.title, commitment.of_title = dict(promise.title), dict(promise.of_title)
    commitment.owner = clean_line(promise.owner, max_length=220)
    commitment.plan_version = version
    commitment.count_from(moved)


def _withdraw(session: Session, process: Process, keys: set[str], *, actor: Actor, now: datetime) -> None:
    for commitment in queries.register_of(session, process):
        if commitment.kind.is_of_plan and commitment.is_open and commitment.key not in keys:
            commitment.move_to(CommitmentState.WITHDRAWN, on=now.date())
            commitment.changed_at = now
            note(session, CommitmentEvent.MOVED, commitment, actor=actor, now=now)


def _recount(session: Session, process: Process, moved: timedelta, *, actor: Actor, now: datetime) -> None:
    for commitment in queries.register_of(session, process):
        before = commitment.due_on
        if commitment.kind.is_of_plan:
            commitment.count_from(moved)
        if commitment.due_on != before:
            commitment.changed_at = now
            note(session, CommitmentEvent.MOVED, commitment, actor=actor, now=now)
