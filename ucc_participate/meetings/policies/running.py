"""Calling a meeting, changing its notice, inviting, registering. All need ``process`` loaded."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from ...kernel.decision import ALLOWED, Decision, Denied, first_refusal
from ...kernel.errors import Conflict, SignInNeeded
from ...kernel.identity import Actor, Role
from ...processes import policies as processes
from ...processes.models import Process, ProcessState
from ..models import Meeting, MeetingState

STAFF_ONLY = _l("Only coordinators and clerks of the city run meetings.")


def can_view(actor: Actor, meeting: Meeting, *, now: datetime) -> Decision:
    return processes.can_view(actor, meeting.process, now=now)


def can_read_desk(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """The desk without personal data: staff and evaluators."""
    view = processes.can_view(actor, process, now=now)
    return view if not view else processes.can_read_desk(actor, Process, now=now)


def can_manage(actor: Actor, process: Process, *, now: datetime) -> Decision:
    return first_refusal([processes.can_view(actor, process, now=now), by_staff(actor)])


def can_announce(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """In a process that people know of and that is not closed."""
    return first_refusal([can_manage(actor, process, now=now), _is_running(process)])


def can_set_rules(actor: Actor, process: Process, *, now: datetime) -> Decision:
    coordinator: Decision = (
        ALLOWED if actor.has(Role.COORDINATOR) else Denied(_l("Only a coordinator of the city may do this."))
    )
    closed = Denied(_l("This process is closed. Its record is complete."), Conflict)
    is_closed = process.status is ProcessState.CLOSED
    return first_refusal([processes.can_view(actor, process, now=now), coordinator, closed if is_closed else ALLOWED])


def can_import(actor: Actor, process: Process, *, now: datetime) -> Decision:
    foreign = (
        ALLOWED
        if process.is_imported
        else Denied(_l("Meetings can be imported only into a process that was itself imported."), Conflict)
    )
    return first_refusal([can_manage(actor, process, now=now), foreign])


def can_revise(actor: Actor, meeting: Meeting, *, now: datetime) -> Decision:
    """Texts, places and agenda, as long as it has not begun; when and where is for ``can_move``."""
    return first_refusal([_by_staff_there(actor, meeting, now), _is_to_come(meeting, now)])


def can_move(actor: Actor, meeting: Meeting, *, now: datetime) -> Decision:
    return can_revise(actor, meeting, now=now)


def can_invite_to(actor: Actor, meeting: Meeting, *, now: datetime) -> Decision:
    return first_refusal([can_revise(actor, meeting, now=now), _is_running(meeting.process)])


def can_cancel(actor: Actor, meeting: Meeting, *, now: datetime) -> Decision:
    """Also when it has begun and nobody came."""
    return first_refusal([_by_staff_there(actor, meeting, now), is_in(meeting, MeetingState.ANNOUNCED)])


def can_register(actor: Actor, meeting: Meeting, *, now: datetime) -> Decision:
    """Everybody with an account. For whom a session is, its page says; nobody is asked for papers."""
    view = can_view(actor, meeting, now=now)
    if not view:
        return view
    if actor.has(Role.EVALUATOR):
        return Denied(_l("Evaluators watch and do not take part."))
    if actor.is_guest:
        return Denied(processes.GUESTS_COMMENT)
    to_come = _is_to_come(meeting, now)
    if not to_come:
        return to_come
    return ALLOWED if actor.is_signed_in else Denied(_l("Sign in to register."), SignInNeeded)


def can_withdraw_registration(actor: Actor, meeting: Meeting, *, now: datetime) -> Decision:
    return can_register(actor, meeting, now=now)


def can_see_people(actor: Actor, meeting: Meeting, *, now: datetime) -> Decision:
    """Who registered, who came, what they need: for those of the staff who run meetings, and nobody else."""
    return _by_staff_there(actor, meeting, now)


def by_staff(actor: Actor) -> Decision:
    return ALLOWED if actor.has(Role.COORDINATOR, Role.CLERK) else Denied(STAFF_ONLY)


def is_in(meeting: Meeting, *states: MeetingState) -> Decision:
    refusals = {
        MeetingState.ANNOUNCED: _l("This meeting has not been held yet."),
        MeetingState.HELD: _l("This meeting was held already."),
        MeetingState.MINUTES_DRAFT: _l("This meeting was held already, and its draft minutes are public."),
        MeetingState.MINUTES_FINAL: _l("The minutes are final. They stay as they are."),
        MeetingState.CANCELLED: _l("This meeting was cancelled."),
    }
    return ALLOWED if meeting.status in states else Denied(refusals[meeting.status], Conflict)


def _by_staff_there(actor: Actor, meeting: Meeting, now: datetime) -> Decision:
    return first_refusal([can_view(actor, meeting, now=now), by_staff(actor)])


def _is_to_come(meeting: Meeting, now: datetime) -> Decision:
    begun = Denied(_l("This meeting has begun."), Conflict)
    is_announced = is_in(meeting, MeetingState.ANNOUNCED)
    return first_refusal([is_announced, ALLOWED if now < meeting.starts_at else begun])


def _is_running(process: Process) -> Decision:
    if process.is_imported:
        return Denied(_l("This process was held elsewhere."), Conflict)
    if process.status is ProcessState.DRAFT:
        return Denied(_l("Publish the process first: the notice stands on its pages."), Conflict)
    closed = Denied(_l("This process is closed. Its record is complete."), Conflict)
    return closed if process.status is ProcessState.CLOSED else ALLOWED
