"""A discussion as a page shows it: each side in its order, the first replies, translations. See docs/decisions/0019."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, case, func, literal, select, tuple_, union_all
from sqlalchemy.orm import Session, joinedload

from ...moderation.models import Standing
from ...moderation.queries import Concealment, concealments
from ..models import LOTS, Comment, CommentState, CommentTally, CommentTranslation, HelpfulMark, Stance, Thread
from .single import whole

FIRST_PAGE = 50
SIDE_PAGE = 50
REPLIES_SHOWN = 3
SHARES = {Stance.FOR: 16, Stance.AGAINST: 16, Stance.QUESTION: 9, Stance.REMARK: 9}


class Order(StrEnum):
    """How the comments of a side follow each other."""

    BALANCED = "balanced"
    HELPFUL = "helpful"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Round:
    """The round of one day: comments stand in a circle, by lots drawn when they are written; it begins at ``start``."""

    start: int

    @classmethod
    def of(cls, thread: Thread, day: date) -> Round:
        digest = hashlib.sha256(f"{thread.subject} {day.isoformat()}".encode()).digest()
        return cls(int.from_bytes(digest[:4], "big") % LOTS)

    @property
    def first_side(self) -> Stance:
        """Which side stands first where one has to: another one from day to day, by the same lot."""
        return Stance.FOR if self.start % 2 else Stance.AGAINST


@dataclass(frozen=True, slots=True)
class Seen:
    """A comment with what stands below it. ``answers``: its first public replies, or all on its own page."""

    comment: Comment
    helpful: int = 0
    replies: int = 0
    answers: tuple[Seen, ...] = ()
    translations: tuple[CommentTranslation, ...] = ()
    concealment: Concealment | None = None

    @property
    def more(self) -> int:
        return max(0, self.replies - len(self.answers))


@dataclass(frozen=True, slots=True)
class Outline:
    """The first page of a discussion: comments by side, and where each side goes on (public id of its last one)."""

    sides: Mapping[Stance, list[Seen]] = field(default_factory=dict)
    after: Mapping[Stance, str] = field(default_factory=dict)


def first_page(session: Session, thread: Thread, order: Order, turn: Round) -> Outline:
    """The first comments of every side, FIRST_PAGE in all: five queries, however long the discussion is."""
    wanted = portions(thread)
    parts = [_ids(thread, side, order, turn).limit(number + 1).subquery() for side, number in wanted.items()]
    rows = session.execute(union_all(*(select(part.c.id, literal(place).label("side"), part.c.place)
                                       for place, part in enumerate(parts)))).all()  # fmt: skip
    sides = list(wanted)
    found: dict[Stance, list[int]] = {side: [] for side in sides}
    for row in sorted(rows, key=lambda row: (row.side, row.place)):
        found[sides[row.side]].append(row.id)
    shown = {side: ids[: wanted[side]] for side, ids in found.items()}
    seen = _seen(session, [at for ids in shown.values() for at in ids], replies=REPLIES_SHOWN)
    goes_on = {side: seen[shown[side][-1]].comment.public_id for side in sides if len(found[side]) > wanted[side]}
    return Outline({side: [seen[at] for at in ids] for side, ids in shown.items()}, goes_on)


def portions(thread: Thread) -> dict[Stance, int]:
    """How many of each side stand on the first page; what a short side leaves goes to the others, for and against
    alike first."""
    counts = {side: thread.count_of(side) for side in Stance}
    given = {side: min(counts[side], share) for side, share in SHARES.items()}
    left = FIRST_PAGE - sum(given.values())
    while left > 0 and (short := [side for side in Stance if given[side] < counts[side]]):
        for side in short[:left]:
            given[side] += 1
            left -= 1
    return {side: max(number, 1) for side, number in given.items()}


def side_page(
    session: Session,
    thread: Thread,
    side: Stance,
    order: Order,
    turn: Round,
    *,
    after: Comment | None,
    limit: int = SIDE_PAGE,
) -> tuple[list[Seen], str | None]:
    """One side from a comment on, and the public id with which it goes on; None at its end."""
    query = _ids(thread, side, order, turn, after=after, tally=_tally_before(session, after, order))
    ids = [row.id for row in sorted(session.execute(query.limit(limit + 1)), key=lambda row: row.place)]
    seen = _seen(session, ids[:limit], replies=REPLIES_SHOWN)
    shown = [seen[at] for at in ids[:limit]]
    return shown, shown[-1].comment.public_id if len(ids) > limit else None


def _tally_before(session: Session, after: Comment | None, order: Order) -> int:
    if after is None or order is not Order.HELPFUL:
        return 0
    return session.scalar(select(CommentTally.helpful).where(CommentTally.comment_id == after.id)) or 0


def _ids(
    thread: Thread, side: Stance, order: Order, turn: Round, *, after: Comment | None = None, tally: int = 0
) -> Select[Any]:
    """Ids in order with their ``place``; what waits for a moderator is left out."""
    wrapped = case((Comment.lot < turn.start, 1), else_=0)
    keys: dict[Order, tuple[Any, ...]] = {
        Order.BALANCED: (Comment.turn, wrapped, Comment.lot, Comment.id),
        Order.HELPFUL: (-CommentTally.helpful, Comment.id),
        Order.NEWEST: (-Comment.id,),
        Order.OLDEST: (Comment.id,),
    }
    key = keys[order]
    query = select(Comment.id, func.row_number().over(order_by=key).label("place"))
    query = query.where(Comment.thread_id == thread.id, Comment.stance == side, Comment.standing != Standing.HELD)
    if order is Order.HELPFUL:
        query = query.join(CommentTally, CommentTally.comment_id == Comment.id)
    if after is not None:
        query = query.where(tuple_(*key) > tuple_(*(literal(part) for part in _key_of(after, order, turn, tally))))
    return query.order_by(*key)


def _key_of(comment: Comment, order: Order, turn: Round, tally: int) -> tuple[int, ...]:
    if order is Order.BALANCED:
        return (comment.turn, int(comment.lot < turn.start), comment.lot, comment.id)
    if order is Order.HELPFUL:
        return (-tally, comment.id)
    return (-comment.id,) if order is Order.NEWEST else (comment.id,)


def one_with_replies(session: Session, comment: Comment) -> Seen:
    """A comment with all its replies, oldest first."""
    return _seen(session, [comment.id], replies=None)[comment.id]


def _seen(session: Session, ids: Sequence[int], *, replies: int | None) -> dict[int, Seen]:
    if not ids:
        return {}
    answers = _answers(session, ids, replies)
    everything = [*ids, *(reply.id for found in answers.values() for reply in found)]
    comments = {each.id: each for each in session.scalars(_whole().where(Comment.id.in_(ids)))}
    tallies = {
        row.comment_id: row
        for row in session.execute(
            select(CommentTally.comment_id, CommentTally.helpful, CommentTally.replies).where(
                CommentTally.comment_id.in_(everything)
            )
        )
    }
    translations = _translations(session, everything)
    replied = [reply for found in answers.values() for reply in found]
    hidden = [each.ref for each in [*comments.values(), *replied] if each.standing is not Standing.SHOWN]
    concealed = concealments(session, hidden) if hidden else {}

    def seen(comment: Comment) -> Seen:
        row, below = tallies.get(comment.id), tuple(seen(reply) for reply in answers.get(comment.id, ()))
        helpful, replies = (row.helpful, row.replies) if row else (0, 0)
        beside = tuple(translations.get(comment.id, ()))
        return Seen(comment, helpful, replies, below, beside, concealed.get(comment.ref))

    return {at: seen(comments[at]) for at in ids}


def _whole() -> Select[Comment]:
    return select(Comment).options(joinedload(Comment.organisation))


def _answers(session: Session, ids: Sequence[int], limit: int | None) -> dict[int, list[Comment]]:
    """Public replies and the stubs of what was withdrawn or hidden, oldest first."""
    place = func.row_number().over(partition_by=Comment.parent_id, order_by=Comment.id).label("place")
    numbered = select(Comment.id, place).where(Comment.parent_id.in_(ids), Comment.standing != Standing.HELD).subquery()
    query = _whole().join(numbered, numbered.c.id == Comment.id).order_by(Comment.id)
    if limit is not None:
        query = query.where(numbered.c.place <= limit)
    found: dict[int, list[Comment]] = {}
    for reply in session.scalars(query):
        found.setdefault(reply.parent_id or 0, []).append(reply)
    return found


def _translations(session: Session, ids: Iterable[int]) -> dict[int, list[CommentTranslation]]:
    query = select(CommentTranslation).where(
        CommentTranslation.comment_id.in_(list(ids)), CommentTranslation.standing == Standing.SHOWN
    )
    found: dict[int, list[CommentTranslation]] = {}
    for each in session.scalars(query.order_by(CommentTranslation.id)):
        found.setdefault(each.comment_id, []).append(each)
    return found


def own_marks(session: Session, thread: Thread, account_id: int) -> frozenset[int]:
    """Ids of the comments of a thread that an account found helpful."""
    query = select(HelpfulMark.comment_id).join(Comment, Comment.id == HelpfulMark.comment_id)
    return frozenset(session.scalars(query.where(Comment.thread_id == thread.id, HelpfulMark.account_id == account_id)))


def own_waiting(session: Session, thread: Thread, account_id: int) -> list[Comment]:
    """What an account wrote in a thread and can still do something with, oldest first, each with all that policies ask:
    shown, hidden or waiting. Most have none: a short question comes before the long one."""
    mine = (
        Comment.thread_id == thread.id,
        Comment.author_id == account_id,
        Comment.status == CommentState.POSTED,
    )
    if session.scalar(select(Comment.id).where(*mine).limit(1)) is None:
        return []
    return list(session.scalars(select(Comment).options(*whole()).where(*mine).order_by(Comment.id)))
