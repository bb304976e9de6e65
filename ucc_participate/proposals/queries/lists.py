"""Lists of proposals: a page by tags, words and place, and how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, func, select
from sqlalchemy.orm import Session

from ...kernel.db import table_of
from ...processes.models import Process
from .. import search
from ..models import LISTED, Outcome, Proposal, ProposalCount, ProposalState
from ..search import Source

PAGE = 20
COUNT_LIMIT = 300

_proposals = table_of(Proposal)
_counts = table_of(ProposalCount)
_COUNTS = select(_counts.c.tag, _counts.c.proposals).where(
    _counts.c.process_id == bindparam("process_id"), _counts.c.tag.in_(bindparam("tags", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What part of a list is wanted: one value of each kind, and words. Nothing set means all of it.

    ``state``: a ProposalState or an Outcome. ``oldest_first``: by rising number, else the newest first.
    """

    objective: str | None = None
    area: str | None = None
    dimension: str | None = None
    kind: str | None = None
    level: str | None = None
    for_whom: str | None = None
    proposer: str | None = None
    state: str | None = None
    district: str | None = None
    need: str | None = None
    asset: str | None = None
    words: str = ""
    oldest_first: bool = False

    @property
    def tags(self) -> list[str]:
        """What a proposal must carry; at least that it is on the list."""
        named = {
            "objective": self.objective,
            "area": self.area,
            "dimension": self.dimension,
            "kind": self.kind,
            "level": self.level,
            "for": self.for_whom,
            "proposer": self.proposer,
            "district": self.district,
            "need": self.need,
            "asset": self.asset,
            "outcome" if self.state in set(Outcome) else "state": self.state,
        }
        return [f"{name}:{value}" for name, value in named.items() if value] or [LISTED]

    @property
    def is_narrow(self) -> bool:
        """Whether anything at all is filtered."""
        return self.tags != [LISTED] or search.has_words(self.words)


@dataclass(frozen=True, slots=True)
class Key:
    """A place in a list, and the version of what stands there."""

    number: int
    id: int
    version: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list. ``before`` and ``after`` are numbers to go on from, None at an end.

    ``count`` is how many there are in all, or COUNT_LIMIT when ``has_more_than_count``.
    """

    keys: list[Key]
    before: int | None
    after: int | None
    count: int
    has_more_than_count: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """Submitted proposals of a process without the withdrawn ones. Overdue: unanswered after the promised day."""

    total: int
    answered: int
    overdue: int

    @property
    def unanswered(self) -> int:
        return self.total - self.answered


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The unanswered proposals before and after one, by number."""

    previous: str | None
    next: str | None


def browse(
    session: Session,
    process: Process,
    filters: Filters,
    *,
    after: int | None = None,
    before: int | None = None,
    limit: int = PAGE,
) -> Page:
    """One page: what follows the number ``after``, or what comes before the number ``before``, or the first one."""
    counts = _counts_of(session, process.id, filters.tags)
    tags = sorted(filters.tags, key=lambda tag: (counts.get(tag, 0), tag))
    forwards = after is not None or before is None
    start = after if forwards else before
    rising = filters.oldest_first is forwards
    keys = _keys(session, process.id, tags, filters.words, rising=rising, start=start, limit=limit + 1)
    more, keys = len(keys) > limit, keys[:limit] if forwards else keys[limit - 1 :: -1]
    is_counted = len(tags) == 1 and not search.has_words(filters.words)
    total = counts.get(tags[0], 0) if is_counted else _count(session, _source(session, process.id, tags, filters.words))
    return Page(
        keys,
        before=keys[0].number if keys and (start is not None if forwards else more) else None,
        after=keys[-1].number if keys and (more if forwards else True) else None,
        count=total if is_counted else min(total, COUNT_LIMIT),
        has_more_than_count=not is_counted and total > COUNT_LIMIT,
    )


def _counts_of(session: Session, process_id: int, tags: Sequence[str]) -> dict[str, int]:
    rows = session.execute(_COUNTS, {"process_id": process_id, "tags": tags})
    return {row.tag: row.proposals for row in rows}


def _source(session: Session, process_id: int, tags: Sequence[str], words: str) -> Source:
    """Numbers of what carries all tags and has all words; the first tag should be the rarest."""
    if not search.has_words(words):
        return _carrying(process_id, tags)
    source = search.matching(session.get_bind().dialect.name, process_id, words)
    for tag in tags:
        source = search.also_carrying(source, process_id, tag)
    return source


def _carrying(process_id: Any, tags: Sequence[str]) -> Source:
    source = search.carrying(process_id, tags[0])
    for tag in tags[1:]:
        source = search.also_carrying(source, process_id, tag)
    return source


def _keys(
    session: Session,
    process_id: int,
    tags: Sequence[str],
    words: str,
    *,
    rising: bool,
    start: int | None,
    limit: int,
) -> list[Key]:
    """The numbers from a place on, in one direction, with id and version of their proposals."""
    facts: dict[str, Any] = {}
    if search.has_words(words):
        source = _source(session, process_id, tags, words)
        query = _page_query(source, process_id, rising=rising, start=start, limit=limit)
    else:
        query = _known_page_query(tuple(tags), rising, start is not None)
        facts = {"process_id": process_id, "start": start, "limit": limit}
    return [Key(row.number, row.id, row.version) for row in session.execute(query, facts)]


@lru_cache(maxsize=512)
def _known_page_query(tags: tuple[str, ...], rising: bool, goes_on: bool) -> Select[Any]:
    """The query of pages without words, built once: building it costs as much as running it."""
    process_id, limit = bindparam("process_id", type_=Integer), bindparam("limit", type_=Integer)
    start = bindparam("start", type_=Integer) if goes_on else None
    return _page_query(_carrying(process_id, tags), process_id, rising=rising, start=start, limit=limit)


def _page_query(source: Source, process_id: Any, *, rising: bool, start: Any, limit: Any) -> Select[Any]:
    """Numbers and limits may be values or parameters."""
    place = source.place
    if start is not None:
        edge = start + source.offset if source.offset else start
        source = source.where(place > edge if rising else place < edge)
    found = source.statement.order_by(place if rising else place.desc()).limit(limit).subquery()
    query = select(found.c.number, _proposals.c.id, _proposals.c.version).join_from(
        found, _proposals, (_proposals.c.process_id == process_id) & (_proposals.c.number == found.c.number)
    )
    return query.order_by(found.c.number if rising else found.c.number.desc())


def _count(session: Session, source: Source) -> int:
    """How many there are, counted up to one more than COUNT_LIMIT."""
    return session.scalar(select(func.count()).select_from(source.statement.limit(COUNT_LIMIT + 1).subquery())) or 0


def by_ids(session: Session, ids: Sequence[int]) -> dict[int, Proposal]:
    """Proposals for cards, without their relations."""
    if not ids:
        return {}
    return {proposal.id: proposal for proposal in session.scalars(select(Proposal).where(Proposal.id.in_(ids)))}


def counts(session: Session, process: Process, *, now: datetime) -> Counts:
    """How many proposals a process has and how many are answered, from the stored counts."""
    found = _counts_of(session, process.id, [LISTED, f"state:{ProposalState.ANSWERED}"])
    total, answered = found.get(LISTED, 0), found.get(f"state:{ProposalState.ANSWERED}", 0)
    is_late = process.answers_due_at is not None and process.answers_due_at <= now
    return Counts(total, answered, overdue=total - answered if is_late else 0)


def counts_by_tag(session: Session, process: Process, tags: Sequence[str]) -> dict[str, int]:
    """How many proposals on the list carry each tag (``objective:OBJ-1``), from the stored counts."""
    return _counts_of(session, process.id, tags)


def neighbours(session: Session, process: Process, number: int) -> Neighbours:
    """Public ids of the nearest unanswered proposals below and above a number."""
    waiting = [f"state:{ProposalState.SUBMITTED}"]
    below = _keys(session, process.id, waiting, "", rising=False, start=number, limit=1)
    above = _keys(session, process.id, waiting, "", rising=True, start=number, limit=1)
    found = by_ids(session, [key.id for key in below + above])
    previous, following = (found[keys[0].id].public_id if keys else None for keys in (below, above))
    return Neighbours(previous, following)


def latest(session: Session, process: Process, limit: int) -> list[Proposal]:
    """The newest proposals on the list, newest first."""
    page = browse(session, process, Filters(), limit=limit)
    found = by_ids(session, [key.id for key in page.keys])
    return [found[key.id] for key in page.keys]
