"""Discussions as a whole: exports, drift, counts, what belongs to one person or organisation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from ...accounts.models import Account
from ...moderation.models import Standing
from ...processes.models import Process
from ..models import (
    Comment,
    CommentDraft,
    CommentState,
    CommentTally,
    CommentTranslation,
    Guest,
    HelpfulMark,
    Stance,
    Thread,
    Voice,
)
from .single import whole

MOST_NEWS = 500
_is_public = (Comment.status == CommentState.POSTED) & (Comment.standing == Standing.SHOWN)


def all_comments(session: Session, thread: Thread) -> Iterator[tuple[Comment, int, int]]:
    """Every comment of a thread that is or was public, in the order of writing, with its counts, for exports."""
    query = select(Comment, CommentTally.helpful, CommentTally.replies)
    query = query.join(CommentTally, CommentTally.comment_id == Comment.id)
    here = query.where(Comment.thread_id == thread.id, Comment.standing != Standing.HELD)
    loaded = here.options(
        selectinload(Comment.thread), selectinload(Comment.parent), selectinload(Comment.organisation)
    )
    rows = session.execute(loaded.order_by(Comment.id).execution_options(yield_per=500))
    yield from ((row[0], row[1], row[2]) for row in rows)


def comments_by(session: Session, account: Account) -> list[Comment]:
    """Everything that an account has said, in the order of writing."""
    return list(session.scalars(_by(account)))


def comments_by_to_change(session: Session, account: Account) -> list[Comment]:
    return list(session.scalars(_by(account).with_for_update(of=Comment)))


def _by(account: Account) -> Select[Comment]:
    return select(Comment).where(Comment.author_id == account.id).options(*whole()).order_by(Comment.id)


def translations_by(session: Session, account: Account) -> list[CommentTranslation]:
    query = select(CommentTranslation).where(CommentTranslation.translator_id == account.id)
    return list(session.scalars(query.options(joinedload(CommentTranslation.comment)).order_by(CommentTranslation.id)))


def drafts_by(session: Session, account: Account) -> list[CommentDraft]:
    return list(session.scalars(select(CommentDraft).where(CommentDraft.account_id == account.id)))


def marks_by(session: Session, account: Account) -> list[HelpfulMark]:
    return list(session.scalars(select(HelpfulMark).where(HelpfulMark.account_id == account.id)))


def guests_by(session: Session, account: Account) -> list[Guest]:
    query = select(Guest).where(Guest.account_id == account.id)
    return list(session.scalars(query.options(joinedload(Guest.process))))


def live_comments(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every comment with its public state, for the drift check."""
    query = select(Comment).options(
        selectinload(Comment.thread), selectinload(Comment.parent), selectinload(Comment.organisation)
    )
    for comment in session.scalars(query.execution_options(yield_per=500)):
        yield comment.ref, comment.public_payload()


def live_translations(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    query = select(CommentTranslation).options(selectinload(CommentTranslation.comment))
    for each in session.scalars(query.execution_options(yield_per=500)):
        yield each.ref, each.public_payload()


def live_guests(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    for guest in session.scalars(select(Guest).options(selectinload(Guest.process))):
        yield guest.ref(guest.process), guest.public_payload()


def newest_comments(session: Session, *, since: datetime, limit: int = MOST_NEWS) -> list[Comment]:
    """Of each discussion in which something public was said since then, the newest, with thread and parent."""
    fresh = select(func.max(Comment.id)).where(_is_public, Comment.written_at > since).group_by(Comment.thread_id)
    query = select(Comment).where(Comment.id.in_(fresh)).options(joinedload(Comment.thread), joinedload(Comment.parent))
    return list(session.scalars(query.order_by(Comment.id.desc()).limit(limit)))


def organisations_commenting(process: Process) -> Select[Any]:
    """A select of the ids of organisations in whose name something public was said."""
    return select(Comment.organisation_id).where(
        Comment.process_id == process.id, Comment.organisation_id.is_not(None), _is_public
    )


def people_commenting(process: Process) -> Select[Any]:
    """A select ``account_id`` of people who said something for themselves that everybody could read, even if it was
    withdrawn or hidden later: a figure that went down again would betray who did it. No guests, no officials."""
    counted = (Comment.voice == Voice.RESIDENT, Comment.standing != Standing.HELD, Comment.author_id.is_not(None))
    return select(Comment.author_id.label("account_id")).where(Comment.process_id == process.id, *counted)


def true_counts(session: Session) -> dict[int, dict[str, int]]:
    """By thread: what its counts should be, from the comments themselves."""
    columns = [
        func.sum(case((Comment.stance == stance, 1), else_=0)).label(f"{stance.value}_count") for stance in Stance
    ]
    replies = func.sum(case((Comment.stance.is_(None), 1), else_=0)).label("reply_count")
    query = select(Comment.thread_id, *columns, replies).where(_is_public).group_by(Comment.thread_id)
    return {row.thread_id: {name: row._mapping[name] for name in row._fields[1:]} for row in session.execute(query)}


def true_tallies(session: Session) -> dict[int, tuple[int, int]]:
    """By comment: how many found it helpful, how many public replies it has; only where either is not none."""
    marks = session.execute(select(HelpfulMark.comment_id, func.count()).group_by(HelpfulMark.comment_id)).all()
    reply = aliased(Comment)
    public = (reply.status == CommentState.POSTED) & (reply.standing == Standing.SHOWN)
    below = session.execute(
        select(reply.parent_id, func.count()).where(reply.parent_id.is_not(None), public).group_by(reply.parent_id)
    ).all()
    helpful = {row[0]: row[1] for row in marks}
    replies = {row[0]: row[1] for row in below if row[0] is not None}
    return {at: (helpful.get(at, 0), replies.get(at, 0)) for at in helpful.keys() | replies.keys()}
