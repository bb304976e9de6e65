"""Who may do what with a process, in which of its states. The municipality alone runs it: coordinators (rule P1)."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from ..kernel.decision import ALLOWED, Decision, Denied, first_refusal
from ..kernel.errors import Conflict, NotFound
from ..kernel.i18n import lazy_day
from ..kernel.identity import Actor, Role
from .models import Phase, PhaseKind, Process, ProcessState
from .timetable import OPEN_KINDS, open_days, too_short
from .wording import PHASE_KINDS

COORDINATORS_ONLY = _l("Only a coordinator of the city may do this.")
GUESTS_COMMENT = _l("Guests from other cities comment; everything else is for the people of this city.")
CLOSED = _l("This process is closed. Its record is complete.")
BEFORE_CLOSING = OPEN_KINDS | {PhaseKind.VOTE}


class Requirement(StrEnum):
    """What must be said, and be public, before a process can open (rule P5)."""

    CREATIVE_FIELD = "creative_field"
    PURPOSE = "purpose"
    SCOPE = "scope"
    OPEN_QUESTIONS = "open_questions"
    PROMISE_LEVEL = "promise_level"
    PROMISE = "promise"
    ANSWERS_DUE = "answers_due_at"
    DECISION_MAKER = "decision_maker"
    RESPONSIBLE = "responsible"
    TIMETABLE = "timetable"
    OPEN_TIME = "open_time"
    DOCUMENTS = "documents"


def missing_requirements(process: Process, now: datetime) -> list[Requirement]:
    """What still stands in the way of opening; needs ``phases`` and ``documents`` loaded."""
    is_there = {
        Requirement.CREATIVE_FIELD: process.creative_field is not None,
        Requirement.PURPOSE: bool(process.purpose),
        Requirement.SCOPE: bool(process.scope),
        Requirement.OPEN_QUESTIONS: bool(process.open_questions),
        Requirement.PROMISE_LEVEL: process.promise_level is not None,
        Requirement.PROMISE: bool(process.promise),
        Requirement.ANSWERS_DUE: _answers_are_promised_in_time(process),
        Requirement.DECISION_MAKER: bool(process.decision_maker),
        Requirement.RESPONSIBLE: bool(process.responsible),
        Requirement.TIMETABLE: bool(process.phases),
        Requirement.OPEN_TIME: open_days(process.phases, since=now) >= process.min_open_days,
        Requirement.DOCUMENTS: bool(process.documents),
    }
    return [requirement for requirement in Requirement if not is_there[requirement]]


def _answers_are_promised_in_time(process: Process) -> bool:
    """Answers are due on a day that comes after the last proposal."""
    proposing = process.phase_of(PhaseKind.PROPOSE)
    due = process.answers_due_at
    return due is not None and (proposing is None or due >= proposing.ends_at)


def sees_drafts(actor: Actor) -> bool:
    return actor.is_staff or actor.has(Role.EVALUATOR)


def can_view(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """A draft is the city's own business: nobody else learns that it is there."""
    if process.status is not ProcessState.DRAFT or sees_drafts(actor):
        return ALLOWED
    return Denied(None, NotFound)


def can_manage(actor: Actor, _processes: type[Process], *, now: datetime) -> Decision:
    """May see the desk of processes with its drafts."""
    return ALLOWED if actor.is_staff else Denied(_l("This page is for the city’s staff."))


def can_read_desk(actor: Actor, _processes: type[Process], *, now: datetime) -> Decision:
    """May read what the desk shows, with its drafts; each change asks a policy of its own."""
    return ALLOWED if sees_drafts(actor) else Denied(_l("Only the city’s staff and evaluators see this page."))


def can_create(actor: Actor, _processes: type[Process], *, now: datetime) -> Decision:
    return ALLOWED if actor.has(Role.COORDINATOR) else Denied(COORDINATORS_ONLY)


def can_revise(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """Texts and timetable: until the process opens; what people were told when it opened stays."""
    settled = _l("The process is open. What was promised when it opened stays as it is.")
    return first_refusal(
        [
            *_by_coordinator(actor, process, now),
            _in_state(process, {ProcessState.DRAFT, ProcessState.PUBLISHED}, settled),
        ]
    )


def can_set_targets(actor: Actor, process: Process, *, now: datetime) -> Decision:
    settled = _l("The process is open. Targets are set before and stay as they are.")
    return first_refusal(
        [
            *_by_coordinator(actor, process, now),
            _in_state(process, {ProcessState.DRAFT, ProcessState.PUBLISHED}, settled),
        ]
    )


def can_add_document(actor: Actor, process: Process, *, now: datetime) -> Decision:
    running = {ProcessState.DRAFT, ProcessState.PUBLISHED, ProcessState.OPEN}
    return first_refusal([*_by_coordinator(actor, process, now), _in_state(process, running, CLOSED)])


def can_remove_document(actor: Actor, process: Process, *, now: datetime) -> Decision:
    published = _l("The process has been published, and its documents with it. Add a corrected one instead.")
    return first_refusal([*_by_coordinator(actor, process, now), _in_state(process, {ProcessState.DRAFT}, published)])


def can_publish(actor: Actor, process: Process, *, now: datetime) -> Decision:
    published = _l("This process has been published already.")
    return first_refusal(
        [
            *_by_coordinator(actor, process, now),
            _in_state(process, {ProcessState.DRAFT}, published),
            _is_complete(process, now),
        ]
    )


def can_open(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """After publication, while enough days are left of those that were announced; gates are for the operation."""
    return first_refusal(
        [
            *_by_coordinator(actor, process, now),
            _in_state(process, {ProcessState.PUBLISHED}, _l("Only a published process can be opened.")),
            _has_days_left(process, now),
            _is_complete(process, now),
        ]
    )


def can_extend(actor: Actor, process: Process, *, now: datetime, phase: Phase | None = None) -> Decision:
    """May give a phase more time; without ``phase``: any phase at all."""
    extendable = [part for part in process.phases if now < part.ends_at and part.kind is not PhaseKind.INVITE]
    ended = Denied(_l("This phase is over. Time cannot be added afterwards."), Conflict)
    allowed = bool(extendable) if phase is None else phase in extendable
    return first_refusal(
        [
            *_by_coordinator(actor, process, now),
            _in_state(process, {ProcessState.OPEN}, _l("Only the phases of an open process can be extended.")),
            ALLOWED if allowed else ended,
        ]
    )


def can_close(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """Once nobody can propose, discuss or vote any more; gates are for the operation."""
    return first_refusal(
        [
            *_by_coordinator(actor, process, now),
            _in_state(process, {ProcessState.OPEN}, _l("Only an open process can be closed.")),
            *(_has_ended(phase, now) for phase in process.phases if phase.kind in BEFORE_CLOSING),
        ]
    )


def can_invite(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """Coordinators and clerks, until the process is closed."""
    view = can_view(actor, process, now=now)
    if not view:
        return view
    if not actor.has(Role.COORDINATOR, Role.CLERK):
        return Denied(_l("Only coordinators and clerks of the city invite stakeholders."))
    return Denied(CLOSED, Conflict) if process.status is ProcessState.CLOSED else ALLOWED


def _by_coordinator(actor: Actor, process: Process, now: datetime) -> list[Decision]:
    role: Decision = ALLOWED if actor.has(Role.COORDINATOR) else Denied(COORDINATORS_ONLY)
    return [can_view(actor, process, now=now), role]


def _in_state(process: Process, states: set[ProcessState], otherwise: object) -> Decision:
    return ALLOWED if process.status in states else Denied(otherwise, Conflict)


def _is_complete(process: Process, now: datetime) -> Decision:
    if missing_requirements(process, now):
        return Denied(_l("Something is still missing. The checklist says what."), Conflict)
    return ALLOWED


def _has_days_left(process: Process, now: datetime) -> Decision:
    days = open_days(process.phases, since=now)
    return ALLOWED if days >= process.min_open_days else Denied(too_short(days, process.min_open_days), Conflict)


def _has_ended(phase: Phase, now: datetime) -> Decision:
    if now >= phase.ends_at:
        return ALLOWED
    last_day = lazy_day(phase.ends_at - timedelta(seconds=1))
    return Denied(_l("“%(phase)s” runs until %(day)s.", phase=PHASE_KINDS[phase.kind], day=last_day), Conflict)
