"""Minutes: written by the staff, held against what those remember who were there. All need ``process`` loaded."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from ...kernel.decision import ALLOWED, Decision, Denied, first_refusal
from ...kernel.errors import Conflict, SignInNeeded
from ...kernel.i18n import lazy_moment
from ...kernel.identity import Actor
from ...processes.policies import GUESTS_COMMENT
from ..models import Meeting, MeetingState, Minutes, MinutesVoice, VoiceKind
from .running import by_staff, can_view, is_in


def can_publish_minutes(actor: Actor, meeting: Meeting, *, now: datetime) -> Decision:
    """A draft, or a better one in its place: then the time for objections begins anew."""
    states = (MeetingState.HELD, MeetingState.MINUTES_DRAFT)
    return first_refusal([can_view(actor, meeting, now=now), by_staff(actor), is_in(meeting, *states)])


def can_speak_on_minutes(
    actor: Actor, meeting: Meeting, *, now: datetime, minutes: Minutes | None, was_there: bool, has_spoken: bool = False
) -> Decision:
    """Whoever was there, or speaks for an organisation that was, while the draft is open; once for each draft."""
    if not actor.is_signed_in:
        return Denied(_l("Sign in to object or to confirm."), SignInNeeded)
    if actor.is_guest:
        return Denied(GUESTS_COMMENT)
    there = Denied(_l("Those who were there, and delegates of organisations that were, object or confirm."))
    spoken = Denied(_l("You have said what you think of this draft."), Conflict)
    return first_refusal(
        [
            can_view(actor, meeting, now=now),
            ALLOWED if was_there else there,
            _is_open(meeting, minutes, now),
            spoken if has_spoken else ALLOWED,
        ]
    )


def can_answer_voice(actor: Actor, voice: MinutesVoice, *, now: datetime) -> Decision:
    """Every objection is answered once, by somebody of the staff. Needs ``meeting`` loaded."""
    none = Denied(_l("Only objections are answered."), Conflict)
    done = Denied(_l("This objection has its answer."), Conflict)
    return first_refusal(
        [
            by_staff(actor),
            ALLOWED if voice.kind is VoiceKind.OBJECTION else none,
            done if voice.answered_at is not None else ALLOWED,
        ]
    )


def can_finalise_minutes(
    actor: Actor, meeting: Meeting, *, now: datetime, minutes: Minutes | None, unanswered: int
) -> Decision:
    """When the time for objections is over and each of them has its answer."""
    waiting = Denied(_l("Answer every objection first: they are part of the minutes."), Conflict)
    early: Decision = ALLOWED
    if minutes is not None and now < minutes.objections_until:
        until = lazy_moment(minutes.objections_until)
        early = Denied(_l("People can object until %(moment)s.", moment=until), Conflict)
    return first_refusal(
        [
            can_view(actor, meeting, now=now),
            by_staff(actor),
            is_in(meeting, MeetingState.MINUTES_DRAFT),
            early,
            waiting if unanswered else ALLOWED,
        ]
    )


def _is_open(meeting: Meeting, minutes: Minutes | None, now: datetime) -> Decision:
    draft = is_in(meeting, MeetingState.MINUTES_DRAFT)
    if not draft or minutes is None:
        return draft if not draft else Denied(_l("There are no minutes yet."), Conflict)
    over = Denied(
        _l("The time for objections was over on %(moment)s.", moment=lazy_moment(minutes.objections_until)), Conflict
    )
    return ALLOWED if now < minutes.objections_until else over
