"""Taking one's words back: a stub stays where they stood. Erased words leave the log too."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from ...audit.events import LogEvent
from ...audit.log import settle
from ...audit.operations import withhold_fields
from ...kernel.decision import require
from ...kernel.identity import Actor
from ...moderation.models import Standing
from .. import policies, queries
from ..events import CommentEvent, TranslationEvent
from ..models import Comment, CommentEdition, CommentState
from ..recording import count, record_comment, record_translation, role_of
from ..subjects import Topic

WORDS = ("text", "quote", "author")
REASON = "The author asked for erasure of what was said."


def withdraw_comment(
    session: Session, comment: Comment, *, topic: Topic | None = None, actor: Actor, now: datetime
) -> None:
    """Nobody reads it any more on the site; the log keeps what was said. Replies stay."""
    require(policies.can_withdraw(actor, comment, now=now, topic=topic))
    _take_back(session, comment, actor=actor, now=now)


def erase_comment(session: Session, comment: Comment, *, actor: Actor, now: datetime) -> None:
    """As withdraw_comment, and the words go for ever: from the tables, from what the log opens, and translations too.

    Also possible when it was withdrawn before. The digests in the log stay, so that every proof holds.
    """
    require(policies.can_erase_words(actor, comment, now=now))
    if comment.status is CommentState.POSTED:
        _take_back(session, comment, actor=actor, now=now)
    settle(session)
    translations = queries.translations_of(session, comment)
    refs = [comment.ref, *(each.ref for each in translations)]
    for process, fields in queries.logged_fields(session, refs, WORDS).items():
        withhold_fields(
            session,
            fields,
            actor=actor,
            now=now,
            event=LogEvent.ERASURE_EXECUTED,
            subject=process,
            process=process,
            reason=REASON,
        )
    comment.text, comment.quote = "", None
    session.execute(delete(CommentEdition).where(CommentEdition.comment_id == comment.id))
    for each in translations:
        each.text, each.standing, each.comment = "", Standing.HIDDEN, comment
        record_translation(session, TranslationEvent.CONCEALED, each, comment, actor=actor, now=now)


def _take_back(session: Session, comment: Comment, *, actor: Actor, now: datetime) -> None:
    was_public = comment.is_public
    comment.status, comment.changed_at = CommentState.WITHDRAWN, now
    count(session, comment, was_public)
    record_comment(session, CommentEvent.WITHDRAWN, comment, actor=actor, now=now, role=role_of(comment))
