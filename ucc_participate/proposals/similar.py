"""Which proposals of a process are like a text that is being written: the rare words that they share, and nothing more.

Common words say little, so the rarest words of title and summary are looked up first, as long as the rows to be read
stay within ROWS: the work does not grow with the number of proposals.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Float, func, literal, select, union_all
from sqlalchemy.orm import Session, joinedload

from ..processes.models import Process
from . import search
from .models import LISTED, Proposal

NEAREST = 5
WORDS = 10
"""Most words that are looked up."""
ROWS = 3_000
"""Most rows that they may have in all; one word alone may have as many."""
SHORTEST = 3
LONGEST_TEXT = 800
SHARE = 0.3
"""Least part of the text's meaning (by the rarity of its words) that a near one must share."""
CANDIDATES = 15


@dataclass(frozen=True, slots=True)
class Near:
    """A proposal that looks alike, with its process and organisation. ``share``: of the rare words' weight, 0 to 1."""

    proposal: Proposal
    share: float


def nearest(
    session: Session, process: Process, title: str, summary: str, *, besides: int | None = None, limit: int = NEAREST
) -> list[Near]:
    """Proposals on the list that look like this text, the nearest first. ``besides``: id of the one being written."""
    weights = _weights(session, process, title, summary)
    if len(weights) < 2:
        return []
    numbers = _numbers(session, process, weights)
    found = _listed(session, process, [number for number, _score in numbers])
    total = sum(weights.values())
    near = [
        Near(found[number], min(1.0, score / total))
        for number, score in numbers
        if number in found and found[number].id != besides and score / total >= SHARE
    ]
    return sorted(near, key=lambda one: (-one.share, one.proposal.number or 0))[:limit]


def _weights(session: Session, process: Process, title: str, summary: str) -> dict[str, float]:
    """The rarest words with what each of them says: more in a title, nothing where every other proposal has it."""
    in_title = search.words_of(title[:LONGEST_TEXT])
    words = list(dict.fromkeys(in_title + search.words_of(summary[:LONGEST_TEXT])))
    spread = search.spread(session, process.id, [word for word in words if len(word) >= SHORTEST])
    total = search.spread_total(session, process.id)
    chosen: dict[str, float] = {}
    rows = 0
    for word in sorted(spread, key=lambda one: (spread[one], one)):
        rows += spread[word]
        is_common = spread[word] > max(2, total // 2)
        if is_common or len(chosen) == WORDS or (chosen and rows > ROWS):
            break
        chosen[word] = math.log(1 + total / spread[word]) * (1.5 if word in in_title else 1.0)
    return chosen


def _numbers(session: Session, process: Process, weights: dict[str, float]) -> list[tuple[int, float]]:
    """Numbers of the proposals with the greatest sum of weights."""
    dialect = session.get_bind().dialect.name
    parts = []
    for word, weight in weights.items():
        source = search.with_word(dialect, process.id, word)
        parts.append(source.statement.add_columns(literal(weight, Float).label("weight")).limit(ROWS).subquery())
    rows = union_all(*(select(part.c.number, part.c.weight) for part in parts)).subquery()
    score = func.sum(rows.c.weight)
    query = select(rows.c.number, score).group_by(rows.c.number)
    found = session.execute(query.order_by(score.desc(), rows.c.number).limit(CANDIDATES))
    return [(int(number), float(total)) for number, total in found]


def _listed(session: Session, process: Process, numbers: Sequence[int]) -> dict[int, Proposal]:
    """Those that are on the list: not withdrawn, not gone into another one."""
    if not numbers:
        return {}
    query = select(Proposal).where(Proposal.process_id == process.id, Proposal.number.in_(numbers))
    query = query.options(joinedload(Proposal.process).selectinload(Process.phases), joinedload(Proposal.organisation))
    return {one.number: one for one in session.scalars(query) if one.number is not None and LISTED in one.tags}
