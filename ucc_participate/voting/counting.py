"""From the stored ballots of a vote to its published result."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from . import ballot_groups, groups, queries, result
from .models import Franchise, Vote
from .rules import BallotSet, Election, Option, count
from .rules.ballots import Dimension, Weights


def election_of(vote: Vote) -> Election:
    """The vote as the counting sees it; needs ``options`` loaded."""
    options = tuple(Option(line.code, line.title, line.cost, line.proposal_ref) for line in vote.options)
    title = next(iter(vote.title.values()))
    lot = tuple(vote.lot_draw["order"]) if vote.lot_draw is not None else None
    return Election(vote.ref, title, vote.franchise.value, vote.rules, options, lot)


def ballots_of(session: Session, vote: Vote) -> BallotSet:
    """All ballots that count, with their group columns and, of organisations, their weights."""
    if vote.franchise is Franchise.ORGANISATION:
        return _open_ballots(queries.open_ballots(session, vote), has_points=vote.kind.has_points)
    loaded = _Columns()
    with _nothing_collected():
        for block in queries.ballot_blocks(session, vote):
            loaded.add(*zip(*block, strict=True))
    return loaded.ballots(has_points=vote.kind.has_points)


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """A million rows of bytes and numbers hold no circles: looking for them takes many times what loading takes."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def further_dimensions(session: Session, vote: Vote) -> tuple[Dimension, ...]:
    """Of the ballots of ``ballots_of``, in their order: district and channel, which the result does not count."""
    if vote.franchise is Franchise.ORGANISATION:
        return ()
    codes = [code for _, code in queries.counted_ballots(session, vote)]
    return ballot_groups.further_dimensions(codes, queries.counted_channels(session, vote), vote.districts)


@dataclass(slots=True)
class _Columns:
    """Ballots while they are read: blocks of bytes, of the bytes' lengths, of group codes, of deciding sectors."""

    joined: list[bytes] = field(default_factory=list)
    sizes: list[npt.NDArray[np.int64]] = field(default_factory=list)
    codes: list[Weights] = field(default_factory=list)
    sectors: list[str] = field(default_factory=list)

    def add(self, packed: Sequence[bytes], codes: Sequence[int], sectors: Sequence[str] = ()) -> None:
        self.joined.append(b"".join(packed))
        self.sizes.append(np.fromiter(map(len, packed), dtype=np.int64, count=len(packed)))
        self.codes.append(np.array(codes, dtype=np.int64))
        self.sectors.extend(sectors)

    def ballots(self, *, has_points: bool) -> BallotSet:
        sizes = np.concatenate(self.sizes) if self.sizes else np.zeros(0, dtype=np.int64)
        columns = ballot_groups.dimensions(np.concatenate(self.codes) if self.codes else ())
        if self.sectors:
            columns = (_deciding(self.sectors), *(each for each in columns if each.name != "sector"))
        return BallotSet.from_joined(b"".join(self.joined), sizes, columns, has_points=has_points)


def _deciding(sectors: Sequence[str]) -> Dimension:
    """The sectors of the frozen roll, small ones put together, in the place of what voters have stated since."""
    labels = tuple(sorted(set(sectors)))
    places = {label: at for at, label in enumerate(labels)}
    return Dimension("sector", labels, np.array([places[sector] for sector in sectors], dtype=np.uint8))


def _open_ballots(cast: Sequence[queries.CastOpenly], *, has_points: bool) -> BallotSet:
    sectors = Dimension.of("sector", [ballot.sector for ballot in cast])
    ballots = BallotSet.from_packed([ballot.choices for ballot in cast], (sectors,), has_points=has_points)
    if all(ballot.weight == 1 for ballot in cast):
        return ballots
    return ballots.weighted(np.array([ballot.weight for ballot in cast], dtype=np.int64))


def result_of(vote: Vote, ballots: BallotSet, *, roll: int) -> dict[str, Any]:
    """The object of ``data/votes/V.result.json``."""
    election = election_of(vote)
    floor = int(election.rules.get("group_floor", 5))
    breakdown = groups.breakdown(ballots, election, floor=floor)
    outcome = count(ballots, election)
    built = result.build(election, outcome, breakdown, roll=roll, ballots=len(ballots), blank=ballots.blank)
    return {**built, "title": vote.title}
