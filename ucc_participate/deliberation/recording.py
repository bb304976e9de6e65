"""How operations write entries about discussions, and what they keep in step with a comment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from ..audit.log import record
from ..kernel.identity import Actor, Role
from . import queries
from .events import CommentEvent, TranslationEvent
from .models import Comment, CommentTranslation, Voice

_ROLES = {
    Voice.RESIDENT: Role.RESIDENT,
    Voice.ORGANISATION: Role.DELEGATE,
    Voice.CITY: Role.COORDINATOR,
    Voice.GUEST: Role.VISITOR,
}


def role_of(comment: Comment) -> Role:
    """In which role its author acts, whatever other roles the account has."""
    return _ROLES[comment.voice]


def record_comment(
    session: Session, event: CommentEvent, comment: Comment, *, actor: Actor, now: datetime, role: Role | None = None
) -> None:
    """The whole public state after the event; needs the comment whole (``queries.single.whole``)."""
    record(
        session,
        event,
        actor=actor,
        subject=comment.ref,
        process=comment.process.ref,
        payload=comment.public_payload(),
        now=now,
        role=role,
    )


def record_translation(
    session: Session,
    event: TranslationEvent,
    translation: CommentTranslation,
    comment: Comment,
    *,
    actor: Actor,
    now: datetime,
    role: Role | None = None,
) -> None:
    record(
        session,
        event,
        actor=actor,
        subject=translation.ref,
        process=comment.process.ref,
        payload=translation.public_payload(),
        now=now,
        role=role,
    )


def count(session: Session, comment: Comment, was_public: bool) -> None:
    """Keep the counts in step after what everybody sees of a comment may have changed; its thread is locked."""
    change = int(comment.is_public) - int(was_public)
    comment.thread.add_to(comment.stance if comment.parent_id is None else None, change)
    if change and comment.parent_id is not None:
        queries.tally_of(session, comment.parent_id).replies += change
