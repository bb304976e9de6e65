"""One comment, thread, translation or guest: as a page shows it, and as an operation changes it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload

from ...accounts.models import Account
from ...accounts.tokens import digest
from ...audit.models import LogOpening
from ...kernel.decision import require
from ...kernel.errors import NotFound
from ...kernel.identity import Actor
from ...processes.models import Process
from .. import policies
from ..models import (
    Comment,
    CommentDraft,
    CommentEdition,
    CommentState,
    CommentTally,
    CommentTranslation,
    Guest,
    Stance,
    Thread,
)
from ..subjects import Topic


def thread_of(session: Session, ref: str) -> Thread | None:
    """The discussion of a subject; None before the first comment."""
    return session.scalar(select(Thread).where(Thread.subject == ref))


def thread_to_change(session: Session, topic: Topic) -> Thread:
    """The discussion of a topic, made now when it is the first time, locked until the unit of work ends."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    names = ("for_count", "against_count", "question_count", "remark_count", "reply_count")
    row = {"process_id": topic.process.id, "subject": topic.ref, "version": 1} | dict.fromkeys(names, 0)
    session.execute(dialect.insert(Thread).values(row).on_conflict_do_nothing())
    return session.scalars(select(Thread).where(Thread.subject == topic.ref).with_for_update()).one()


def get_comment(session: Session, process_id: str, public_id: str, *, actor: Actor, now: datetime) -> Comment:
    """A comment with all that its pages need. Raises NotFound when the actor may not know of it."""
    return _one(session, _of(process_id, public_id), actor, now)


def comment_to_change(session: Session, process_id: str, public_id: str, *, actor: Actor, now: datetime) -> Comment:
    """As get_comment, locked with its thread until the unit of work ends."""
    _lock_thread(session, public_id)
    return _one(session, _of(process_id, public_id).with_for_update(of=Comment), actor, now)


def _of(process_id: str, public_id: str) -> Select[Comment]:
    here = select(Comment).join(Process, Process.id == Comment.process_id)
    return here.where(Comment.public_id == public_id, Process.public_id == process_id)


def _one(session: Session, query: Select[Comment], actor: Actor, now: datetime) -> Comment:
    found = session.scalar(query.options(*whole()))
    if found is None:
        raise NotFound()
    require(policies.can_read(actor, found, now=now))
    return found


def whole() -> tuple[Any, ...]:
    """Everything that a payload and a policy ask of a comment."""
    return (
        joinedload(Comment.thread),
        joinedload(Comment.parent),
        joinedload(Comment.organisation),
        joinedload(Comment.process).selectinload(Process.phases),
    )


def by_key(session: Session, key: str | None, author_id: int | None) -> Comment | None:
    """What this person said with this form before; None for a new form."""
    if key is None or author_id is None:
        return None
    query = select(Comment).where(Comment.idempotency_key == key, Comment.author_id == author_id)
    return session.scalar(query.options(*whole()))


def turns_of(session: Session, thread: Thread, stance: Stance | None, account_id: int | None) -> int:
    """How often an account has spoken on this side of a discussion."""
    mine = (Comment.thread_id == thread.id, Comment.stance == stance, Comment.author_id == account_id)
    return session.scalar(select(func.count()).where(*mine)) or 0


def tally_of(session: Session, comment_id: int) -> CommentTally:
    """The counts of a comment, locked until the unit of work ends."""
    return session.scalars(select(CommentTally).where(CommentTally.comment_id == comment_id).with_for_update()).one()


def editions_of(session: Session, comment: Comment) -> list[CommentEdition]:
    """Earlier texts, oldest first."""
    query = select(CommentEdition).where(CommentEdition.comment_id == comment.id)
    return list(session.scalars(query.order_by(CommentEdition.number)))


def get_account(session: Session, actor: Actor) -> Account | None:
    return None if actor.account_id is None else session.get_one(Account, actor.account_id)


def get_accounts(session: Session, ids: Collection[int]) -> list[Account]:
    return list(session.scalars(select(Account).where(Account.id.in_(ids), Account.is_active).order_by(Account.id)))


def draft_of(session: Session, account_id: int | None, place: str) -> CommentDraft | None:
    return None if account_id is None else session.get(CommentDraft, (account_id, place))


def translations_of(session: Session, comment: Comment) -> list[CommentTranslation]:
    query = select(CommentTranslation).where(CommentTranslation.comment_id == comment.id)
    return list(session.scalars(query.order_by(CommentTranslation.id)))


def translation_in(session: Session, comment: Comment, language: str) -> CommentTranslation | None:
    """The translation of a comment into a language, with the comment."""
    query = select(CommentTranslation).options(joinedload(CommentTranslation.comment))
    return session.scalar(
        query.where(CommentTranslation.comment_id == comment.id, CommentTranslation.language == language)
    )


def translation_to_change(session: Session, public_id: str) -> CommentTranslation | None:
    query = select(CommentTranslation).where(CommentTranslation.public_id == public_id)
    chain = joinedload(CommentTranslation.comment)
    loaded = query.options(chain.joinedload(Comment.process), chain.joinedload(Comment.thread))
    return session.scalar(loaded.with_for_update(of=CommentTranslation))


def guest_of(session: Session, actor: Actor) -> Guest | None:
    """The invitation behind a guest's account; None for everybody else, without asking the database."""
    if not actor.is_guest:
        return None
    return session.scalar(select(Guest).where(Guest.account_id == actor.account_id))


def guest_by_token(session: Session, token: str) -> Guest | None:
    query = select(Guest).where(Guest.token_hash == digest(token))
    return session.scalar(query.options(joinedload(Guest.process).selectinload(Process.phases)))


def guest_to_change(session: Session, process: Process, public_id: str) -> Guest:
    query = select(Guest).where(Guest.public_id == public_id, Guest.process_id == process.id)
    found = session.scalar(query.with_for_update())
    if found is None:
        raise NotFound()
    return found


def list_guests(session: Session, process: Process) -> list[Guest]:
    """Everybody who was invited from other cities, the newest first."""
    return list(session.scalars(select(Guest).where(Guest.process_id == process.id).order_by(Guest.id.desc())))


def logged_fields(session: Session, refs: Sequence[str], names: Sequence[str]) -> dict[str, list[tuple[int, str]]]:
    """By process: (index, field) of every entry about these subjects, for withholding."""
    query = select(LogOpening.process, LogOpening.position).where(
        LogOpening.subject.in_(refs), LogOpening.process.is_not(None)
    )
    found: dict[str, list[tuple[int, str]]] = {}
    for process, position in session.execute(query.order_by(LogOpening.position)):
        found.setdefault(str(process), []).extend((position, name) for name in names)
    return found


def public_id_of(session: Session, comment_id: int) -> str:
    return session.scalars(select(Comment.public_id).where(Comment.id == comment_id)).one()


def comment_by_ref(session: Session, ref: str) -> Comment | None:
    """A comment by its ref, whatever its standing; None when its author took it back."""
    query = select(Comment).where(Comment.public_id == ref.partition("/")[2], Comment.status == CommentState.POSTED)
    return session.scalar(query.options(*whole()))


def comment_by_ref_to_change(session: Session, ref: str) -> Comment | None:
    """As comment_by_ref, locked with its thread until the unit of work ends."""
    public_id = ref.partition("/")[2]
    _lock_thread(session, public_id)
    query = select(Comment).where(Comment.public_id == public_id, Comment.status == CommentState.POSTED)
    return session.scalar(query.options(*whole()).with_for_update(of=Comment))


def translation_to_read(session: Session, ref: str) -> CommentTranslation | None:
    query = select(CommentTranslation).where(CommentTranslation.public_id == ref.partition("/")[2])
    process = joinedload(CommentTranslation.comment).joinedload(Comment.process).selectinload(Process.phases)
    return session.scalar(query.options(process))


def _lock_thread(session: Session, public_id: str) -> None:
    """One change of a discussion at a time: its counts follow its comments."""
    thread = select(Comment.thread_id).where(Comment.public_id == public_id).scalar_subquery()
    session.scalars(select(Thread).where(Thread.id == thread).with_for_update()).first()
