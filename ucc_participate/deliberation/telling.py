"""Who is told at once that somebody said something to them: at most one mail in a while for each discussion."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ..accounts.models import Account
from ..notifications.operations import queue_mail
from . import queries
from .models import Comment
from .subjects import Topic

PAUSE_REPLIES = timedelta(hours=1)
PAUSE_COMMENTS = timedelta(hours=6)
"""After a mail about a thread no other is sent for so long: a discussion that runs hot fills nobody's mailbox."""
EXCERPT = 300


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the comment that was just made is read, and where the discussion stands; whole addresses."""

    comment: str
    subject: str


def tell(session: Session, topic: Topic, comment: Comment, *, addresses: Addresses, now: datetime) -> None:
    """Mail the author of the comment that was answered, or the authors of the subject; never who speaks."""
    if comment.parent_id is None:
        thread = comment.thread
        if not _is_due(thread.told_at, PAUSE_COMMENTS, now):
            return
        thread.told_at = now
        _mail(session, "comment_posted", topic, comment, topic.author_ids, addresses, now)
        return
    tally = queries.tally_of(session, comment.parent_id)
    author = comment.parent.author_id if comment.parent is not None else None
    if author is not None and _is_due(tally.told_at, PAUSE_REPLIES, now):
        tally.told_at = now
        _mail(session, "comment_answered", topic, comment, [author], addresses, now)


def _is_due(told_at: datetime | None, pause: timedelta, now: datetime) -> bool:
    return told_at is None or now - told_at >= pause


def _mail(
    session: Session,
    template: str,
    topic: Topic,
    comment: Comment,
    ids: Iterable[int],
    addresses: Addresses,
    now: datetime,
) -> None:
    for account in queries.get_accounts(session, [each for each in ids if each != comment.author_id]):
        _to(session, account, template, topic, comment, addresses, now)


def _to(
    session: Session,
    account: Account,
    template: str,
    topic: Topic,
    comment: Comment,
    addresses: Addresses,
    now: datetime,
) -> None:
    excerpt = comment.text if len(comment.text) <= EXCERPT else comment.text[:EXCERPT].rstrip() + "…"
    data = {
        "name": account.display_name,
        "title": str(topic.title),
        "author": comment.author_name or "",
        "text": excerpt,
        "address": addresses.comment,
        "subject_address": addresses.subject,
    }
    owner, locale = account.key, account.locale
    queue_mail(session, to=account.email, owner=owner, locale=locale, template=template, data=data, now=now)
