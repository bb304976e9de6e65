"""From the stored ballots of a vote to its published result."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from . import ballot_groups, groups, queries, result
from .models import Franchise, Vote
from .rules import BallotKind, BallotSet, Election, Option, count
from .rules.ballots import Dimension


def election_of(vote: Vote) -> Election:
    """The vote as the counting sees it; needs ``options`` loaded."""
    options = tuple(Option(line.code, line.title, line.cost, line.proposal_ref) for line in vote.options)
    title = next(iter(vote.title.values()))
    lot = tuple(vote.lot_draw["order"]) if vote.lot_draw is not None else None
    return Election(vote.ref, title, vote.franchise.value, vote.rules, options, lot)


def ballots_of(session: Session, vote: Vote) -> BallotSet:
    """All ballots that count, with their group columns."""
    has_points = BallotKind(vote.rules["ballot"]).has_points
    if vote.franchise is Franchise.ORGANISATION:
        cast = queries.open_ballots(session, vote)
        sectors = Dimension.of("sector", [sector for _, sector in cast])
        return BallotSet.from_packed([choices for choices, _ in cast], (sectors,), has_points=has_points)
    stored = queries.counted_ballots(session, vote)
    columns = ballot_groups.dimensions([codes for _, codes in stored])
    return BallotSet.from_packed([choices for choices, _ in stored], columns, has_points=has_points)


def further_dimensions(session: Session, vote: Vote) -> tuple[Dimension, ...]:
    """Of the ballots of ``ballots_of``, in their order: district and channel, which the result does not count."""
    if vote.franchise is Franchise.ORGANISATION:
        return ()
    codes = [code for _, code in queries.counted_ballots(session, vote)]
    return ballot_groups.further_dimensions(codes, queries.counted_channels(session, vote), vote.districts)


def result_of(vote: Vote, ballots: BallotSet, *, roll: int) -> dict[str, Any]:
    """The object of ``data/votes/V.result.json``."""
    election = election_of(vote)
    floor = int(election.rules.get("group_floor", 5))
    breakdown = groups.breakdown(ballots, election, floor=floor)
    outcome = count(ballots, election)
    built = result.build(election, outcome, breakdown, roll=roll, ballots=len(ballots), blank=ballots.blank)
    return {**built, "title": vote.title}
