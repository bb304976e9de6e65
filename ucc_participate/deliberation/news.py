"""That somebody said something about what one follows. Needs the application: what is discussed is known there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from ..accounts.models import Account
from ..kernel.identity import VISITOR
from ..outreach.models import NewsKind
from ..outreach.news import WINDOW, News
from . import queries
from .models import Comment
from .subjects import Topic, kind_of


def comment_news(session: Session, now: datetime) -> Iterator[News]:
    """The newest comment of each discussion that everybody can read, so that ten comments are told once.

    Not told to who wrote it, nor to whom a mail of its own tells of comments and replies (``telling``).
    """
    for comment in queries.newest_comments(session, since=now - WINDOW):
        ref = comment.thread.subject
        kind = kind_of(ref)
        topic = kind.load(session, ref, VISITOR, now) if kind is not None else None
        if topic is not None and topic.refusal is None:
            key, others = f"comment/{comment.public_id}", _others(comment, topic)
            yield News(comment.process_id, NewsKind.COMMENT, key, str(topic.title), accounts=others, subject=ref)


def _others(comment: Comment, topic: Topic) -> Select[Any] | None:
    answered = comment.parent.author_id if comment.parent is not None else None
    known = {each for each in (comment.author_id, answered, *topic.author_ids) if each is not None}
    return select(Account.id).where(Account.id.not_in(sorted(known))) if known else None
