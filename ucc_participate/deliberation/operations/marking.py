"""What leaves no trace of a person in the log: that a comment helped, and texts that could not be taken."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ...kernel.decision import require
from ...kernel.errors import SignInNeeded
from ...kernel.identity import Actor
from ...kernel.text import clean_text
from .. import policies, queries
from ..models import TEXT_LENGTH, Comment, CommentDraft, HelpfulMark, Stance
from ..subjects import Topic

LONGEST_DRAFT = 20 * TEXT_LENGTH[1]
"""So much of a text that is far too long is kept, to be shortened."""


def mark_helpful(
    session: Session, comment: Comment, *, topic: Topic | None = None, actor: Actor, now: datetime
) -> None:
    """Say that it helped; once per person, however often the button is pressed. ``topic``: as policies ask for it."""
    require(policies.can_mark(actor, comment, now=now, topic=topic))
    tally = queries.tally_of(session, comment.id)
    if session.get(HelpfulMark, (comment.id, actor.account_id)) is None:
        session.add(HelpfulMark(comment_id=comment.id, account_id=actor.account_id))
        tally.helpful += 1
        comment.thread.version += 1


def unmark_helpful(
    session: Session, comment: Comment, *, topic: Topic | None = None, actor: Actor, now: datetime
) -> None:
    """Take the mark back."""
    require(policies.can_mark(actor, comment, now=now, topic=topic))
    tally = queries.tally_of(session, comment.id)
    mark = session.get(HelpfulMark, (comment.id, actor.account_id))
    if mark is not None:
        session.delete(mark)
        tally.helpful -= 1
        comment.thread.version += 1


def keep_draft(session: Session, place: str, text: str, *, stance: Stance | None, actor: Actor, now: datetime) -> None:
    """Keep a text that was refused, for its author alone. ``place``: ref of the subject, or of the comment answered."""
    if actor.account_id is None:
        raise SignInNeeded(policies.SIGN_IN)
    words = clean_text(text)[:LONGEST_DRAFT]
    if not words:
        return
    row: dict[str, Any] = {"account_id": actor.account_id, "place": place}
    kept: dict[str, Any] = {"stance": stance, "text": words, "kept_at": now}
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    made = dialect.insert(CommentDraft).values(**row, **kept)
    session.execute(made.on_conflict_do_update(index_elements=list(row), set_=kept))
