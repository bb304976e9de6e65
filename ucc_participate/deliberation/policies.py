"""Who may say what in a discussion: role × visibility × phase × state, the first refusal wins."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from ..kernel.decision import ALLOWED, Decision, Denied, first_refusal
from ..kernel.errors import Conflict, NotFound, SignInNeeded
from ..kernel.i18n import lazy_end, lazy_moment, lazy_number
from ..kernel.identity import Actor, Role
from ..moderation.models import Standing
from ..processes import policies as processes
from ..processes.models import CAPABILITIES, Capability, Process, ProcessState
from .models import Comment, CommentState, CommentTranslation, Guest, Voice
from .subjects import Topic

SIGN_IN = _l("Sign in first, then say what you think.")
AUTHORS_ONLY = _l("Only its author may do this.")
COORDINATORS_ONLY = _l("Only a coordinator of the city invites guests.")
READ_ONLY = _l("Evaluators read everything and take no part. Use an account of your own.")


def can_read(actor: Actor, comment: Comment, *, now: datetime) -> Decision:
    """What waits for a moderator is there for its author and the moderators alone; needs ``process`` loaded."""
    if comment.standing is Standing.HELD and not (is_author(actor, comment) or actor.has(Role.MODERATOR)):
        return Denied(None, NotFound)
    return processes.can_view(actor, comment.process, now=now)


def can_comment(
    actor: Actor,
    topic: Topic,
    *,
    now: datetime,
    voice: Voice = Voice.RESIDENT,
    organisation: str | None = None,
    guest: Guest | None = None,
) -> Decision:
    """May say something about the topic now, in this voice. ``guest``: the invitation behind a guest's account."""
    return first_refusal(
        [
            _takes_part(actor),
            processes.can_view(actor, topic.process, now=now),
            ALLOWED if topic.refusal is None else Denied(topic.refusal, Conflict),
            takes_comments(topic, now),
            _may_speak_as(actor, voice, organisation),
            _is_invited(actor, topic.process, guest, now),
        ]
    )


def can_reply(actor: Actor, comment: Comment, topic: Topic, *, now: datetime, **facts: Any) -> Decision:
    """To a comment that everybody sees; replies to replies belong to the comment above them."""
    gone = Denied(_l("This comment is no longer shown. Nobody can reply to it."), Conflict)
    is_answer = facts.get("voice") is Voice.CITY and can_answer(actor, topic, now=now)
    speaks = ALLOWED if is_answer else can_comment(actor, topic, now=now, **facts)
    return first_refusal([speaks, ALLOWED if comment.is_public else gone])


def can_answer(actor: Actor, topic: Topic, *, now: datetime) -> Decision:
    """Reply for the city where a round is over and what was said in it still waits for an answer."""
    closed = Denied(topic.refusal or _l("This process takes no comments now."), Conflict)
    return first_refusal(
        [
            _takes_part(actor),
            processes.can_view(actor, topic.process, now=now),
            ALLOWED if topic.takes_answers else closed,
            _may_speak_as(actor, Voice.CITY, None),
        ]
    )


def can_edit(
    actor: Actor,
    comment: Comment,
    *,
    now: datetime,
    minutes: int,
    guest: Guest | None = None,
    topic: Topic | None = None,
) -> Decision:
    """Its author, for ``minutes`` after it was posted and while comments are taken; needs ``process`` with phases.

    ``topic``: what it is about, where that has a round of its own.
    """
    late = Denied(
        _l("A comment can be changed for %(minutes)s minutes. Withdraw it, or reply to it with what you want to add.",
           minutes=lazy_number(minutes)), Conflict
    )  # fmt: skip
    hidden = Denied(_l("This comment is hidden by moderation. You can appeal instead."), Conflict)
    return first_refusal(
        [
            can_read(actor, comment, now=now),
            _by_author(actor, comment),
            _is_posted(comment),
            hidden if comment.standing is Standing.HIDDEN else ALLOWED,
            _still_open(comment, topic, now),
            ALLOWED if now < comment.written_at + timedelta(minutes=minutes) else late,
            _is_invited(actor, comment.process, guest, now),
        ]
    )


def can_withdraw(actor: Actor, comment: Comment, *, now: datetime, topic: Topic | None = None) -> Decision:
    """Its author, at any time while the process runs, or what ``topic`` is waits for answers to its own round."""
    return first_refusal(
        [
            can_read(actor, comment, now=now),
            _by_author(actor, comment),
            _is_posted(comment),
            ALLOWED if topic is not None and topic.takes_answers else _is_running(comment.process),
        ]
    )


def can_erase_words(actor: Actor, comment: Comment, *, now: datetime) -> Decision:
    """Its author, at any time, also when it was withdrawn or the process is closed. What a city or an organisation
    said stays: it is no person's own."""
    official = Denied(_l("What was said for the city or an organisation can be withdrawn, not erased."), Conflict)
    return first_refusal(
        [
            can_read(actor, comment, now=now),
            _by_author(actor, comment),
            ALLOWED if comment.voice in (Voice.RESIDENT, Voice.GUEST) else official,
        ]
    )


def can_mark(actor: Actor, comment: Comment, *, now: datetime, topic: Topic | None = None) -> Decision:
    """Say that a comment helped: anybody who takes part, not its author, while comments are taken.

    ``topic``: what it is about, where that has a round of its own.
    """
    own = Denied(_l("This comment is your own."), Conflict)
    return first_refusal(
        [
            _takes_part(actor),
            _no_guest(actor),
            can_read(actor, comment, now=now),
            own if is_author(actor, comment) else ALLOWED,
            ALLOWED if comment.is_public else Denied(None, NotFound),
            _still_open(comment, topic, now),
        ]
    )


def can_translate(
    actor: Actor, comment: Comment, *, now: datetime, existing: CommentTranslation | None = None
) -> Decision:
    """Anybody signed in, until the process is closed; a translation is changed by its translator or the staff."""
    taken = Denied(_l("Somebody else has translated this comment into this language."), Conflict)
    is_free = existing is None or existing.translator_id == actor.account_id or actor.is_staff
    return first_refusal(
        [
            _takes_part(actor),
            _no_guest(actor),
            can_read(actor, comment, now=now),
            ALLOWED if comment.is_public else Denied(None, NotFound),
            _is_running(comment.process),
            ALLOWED if is_free else taken,
        ]
    )


def can_invite_guests(actor: Actor, process: Process, *, now: datetime) -> Decision:
    return first_refusal(
        [
            ALLOWED if actor.has(Role.COORDINATOR) else Denied(COORDINATORS_ONLY),
            processes.can_view(actor, process, now=now),
            _is_running(process),
        ]
    )


def can_revoke_guest(actor: Actor, guest: Guest, *, now: datetime) -> Decision:
    ended = Denied(_l("This invitation has ended already."), Conflict)
    return first_refusal(
        [
            ALLOWED if actor.has(Role.COORDINATOR) else Denied(COORDINATORS_ONLY),
            ALLOWED if guest.revoked_at is None else ended,
        ]
    )


def is_author(actor: Actor, comment: Comment) -> bool:
    return actor.account_id is not None and actor.account_id == comment.author_id


def takes_comments(topic: Topic, now: datetime) -> Decision:
    """Whether the topic takes comments now: in a round of its own, else while the process does."""
    if topic.until is None:
        return is_open(topic.process, now)
    ended = Denied(_l("Comments closed on %(moment)s.", moment=lazy_end(topic.until)), Conflict)
    return ALLOWED if now < topic.until else ended


def _still_open(comment: Comment, topic: Topic | None, now: datetime) -> Decision:
    if topic is None:
        return is_open(comment.process, now)
    return takes_comments(topic, now) if topic.refusal is None else Denied(topic.refusal, Conflict)


def is_open(process: Process, now: datetime) -> Decision:
    """Whether the process takes comments now; needs its phases."""
    return ALLOWED if process.allows(Capability.COMMENT, now) else Denied(_why_closed(process, now), Conflict)


def _why_closed(process: Process, now: datetime) -> Any:
    phases = [phase for phase in process.phases if Capability.COMMENT in CAPABILITIES[phase.kind]]
    if process.status is ProcessState.CLOSED or not phases:
        return _l("This process takes no comments now.")
    coming = [phase.starts_at for phase in phases if now < phase.starts_at]
    if coming:
        return _l("Comments open on %(moment)s.", moment=lazy_moment(min(coming)))
    last = max(phase.ends_at for phase in phases)
    if now >= last:
        return _l("Comments closed on %(moment)s.", moment=lazy_end(last))
    return _l("This process has not been opened yet.")


def _takes_part(actor: Actor) -> Decision:
    if not actor.is_signed_in:
        return Denied(SIGN_IN, SignInNeeded)
    return Denied(READ_ONLY) if actor.has(Role.EVALUATOR) else ALLOWED


def _no_guest(actor: Actor) -> Decision:
    return Denied(processes.GUESTS_COMMENT) if actor.is_guest else ALLOWED


def _may_speak_as(actor: Actor, voice: Voice, organisation: str | None) -> Decision:
    if voice is Voice.CITY and not actor.has(Role.COORDINATOR):
        return Denied(_l("Only a coordinator speaks for the city."))
    if voice is Voice.ORGANISATION and organisation not in actor.delegations:
        return Denied(_l("You are not a delegate of this organisation, or your mandate has ended."))
    return ALLOWED


def _is_invited(actor: Actor, process: Process, guest: Guest | None, now: datetime) -> Decision:
    """A guest speaks in one process, as long as the invitation lasts."""
    if not actor.is_guest:
        return ALLOWED
    if actor.guest_of != process.public_id:
        return Denied(_l("You are a guest of another process. Here you can read."))
    if guest is None or not guest.may_comment(now):
        return Denied(_l("Your invitation as a guest has ended. You can still read everything."))
    return ALLOWED


def _by_author(actor: Actor, comment: Comment) -> Decision:
    return ALLOWED if is_author(actor, comment) else Denied(AUTHORS_ONLY)


def _is_posted(comment: Comment) -> Decision:
    if comment.status is CommentState.POSTED:
        return ALLOWED
    return Denied(_l("This comment has been withdrawn."), Conflict)


def _is_running(process: Process) -> Decision:
    if process.status is ProcessState.CLOSED:
        return Denied(_l("This process is closed. Its record is complete."), Conflict)
    return ALLOWED
