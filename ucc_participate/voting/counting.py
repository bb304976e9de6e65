"""From the stored ballots of a vote to its published result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from . import ballot_groups, groups, queries, result
from .models import Franchise, Vote
from .rules import BallotSet, Election, Option, count
from .rules.ballots import Dimension


def election_of(vote: Vote) -> Election:
    """The vote as the counting sees it; needs ``options`` loaded."""
    options = tuple(Option(line.code, line.title, line.cost, line.proposal_ref) for line in vote.options)
    title = next(iter(vote.title.values()))
    return Election(vote.ref, title, vote.franchise.value, vote.rules, options)


def ballots_of(session: Session, vote: Vote) -> BallotSet:
    """All ballots that count, with their group columns and, of organisations, their weights."""
    if vote.franchise is Franchise.ORGANISATION:
        return _open_ballots(queries.open_ballots(session, vote), has_points=vote.kind.has_points)
    sizes, joined, codes = [], [], []
    for block in queries.ballot_blocks(session, vote):
        packed, groups_of_block = zip(*block, strict=True)
        sizes.append(np.fromiter(map(len, packed), dtype=np.int64, count=len(packed)))
        joined.append(b"".join(packed))
        codes.append(np.array(groups_of_block, dtype=np.uint8))
    columns = ballot_groups.dimensions(np.concatenate(codes) if codes else ())
    lengths = np.concatenate(sizes) if sizes else np.zeros(0, dtype=np.int64)
    return BallotSet.from_joined(b"".join(joined), lengths, columns, has_points=vote.kind.has_points)


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
