"""In the room: who is present, who leads, who raises a hand. All need ``process`` loaded."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from ...kernel.decision import ALLOWED, Decision, Denied, first_refusal
from ...kernel.errors import Conflict
from ...kernel.identity import Actor, Role
from ...processes.policies import GUESTS_COMMENT
from ..models import Meeting, MeetingState, ShowOfHands
from .running import by_staff, can_view, is_in

CODE_IS_OVER = _l(
    "This code does not open anything now. Scan the one on the wall of the room, while the meeting lasts."
)


def can_attend(actor: Actor, meeting: Meeting, *, now: datetime, code_opens: bool) -> Decision:
    """Whoever stands before the code while it is good."""
    if actor.has(Role.EVALUATOR):
        return Denied(_l("Evaluators watch and do not take part."))
    if actor.is_guest:
        return Denied(GUESTS_COMMENT)
    good = ALLOWED if code_opens else Denied(CODE_IS_OVER, Conflict)
    return first_refusal([can_view(actor, meeting, now=now), is_in(meeting, MeetingState.ANNOUNCED), good])


def can_note_attendance(actor: Actor, meeting: Meeting, *, now: datetime) -> Decision:
    """From an hour before the beginning until the list is closed."""
    early = Denied(_l("The list opens an hour before the meeting."), Conflict)
    return first_refusal([_leads(actor, meeting, now), ALLOWED if _is_near(meeting, now) else early])


def can_facilitate(actor: Actor, meeting: Meeting, *, now: datetime) -> Decision:
    """The screen, hands and tallies: whenever the meeting is announced, so that it can be tried before."""
    return _leads(actor, meeting, now)


def can_hold(actor: Actor, meeting: Meeting, *, now: datetime) -> Decision:
    early = Denied(_l("This meeting has not begun yet."), Conflict)
    return first_refusal([_leads(actor, meeting, now), ALLOWED if now >= meeting.starts_at else early])


def can_keep_sheet(actor: Actor, meeting: Meeting, *, now: datetime) -> Decision:
    """A signed sheet is often brought days after the meeting."""
    held = is_in(meeting, *(state for state in MeetingState if state is not MeetingState.CANCELLED))
    early = Denied(_l("This meeting has not begun yet."), Conflict)
    begun = ALLOWED if now >= meeting.starts_at else early
    return first_refusal([can_view(actor, meeting, now=now), by_staff(actor), held, begun])


def can_raise_hand(actor: Actor, show: ShowOfHands, *, now: datetime, is_present: bool) -> Decision:
    there = Denied(_l("Only those who are present raise a hand: scan the code on the wall first."))
    closed = Denied(_l("This question is closed."), Conflict)
    return first_refusal([ALLOWED if is_present else there, ALLOWED if show.is_open else closed])


def _leads(actor: Actor, meeting: Meeting, now: datetime) -> Decision:
    return first_refusal([can_view(actor, meeting, now=now), by_staff(actor), is_in(meeting, MeetingState.ANNOUNCED)])


def _is_near(meeting: Meeting, now: datetime) -> bool:
    return now >= meeting.ends_at or meeting.doors_are_open(now)
