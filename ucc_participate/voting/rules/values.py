"""What a ballot gives to each option, for every kind of ballot, and what all ballots together give.

All sums are exact: numbers that a float or int64 cannot hold are added in parts.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .ballots import BallotError, BallotKind, BallotSet, Choices, Numbers, totals
from .election import Election

FIRST_PREFERENCES = frozenset({"stv", "schulze", "ranked_pairs"})
"""Methods whose published votes are first preferences."""


def counts(ballots: BallotSet, election: Election) -> tuple[int, ...]:
    """The published votes of each option, in ballot order: the sum of the values, or first preferences."""
    if election.rules["method"] in FIRST_PREFERENCES:
        return _first_preferences(ballots, len(election.options))
    return _sums(ballots, len(election.options), values(ballots, election))


def named(ballots: BallotSet, election: Election) -> tuple[int, ...] | None:
    """The weight of the ballots that name each option; None where that is what ``counts`` are, by ballots of sets."""
    kind = BallotKind(election.rules["ballot"])
    if not kind.has_points and not kind.is_ranked:
        return None
    return _sums(ballots, len(election.options), None)


def values(ballots: BallotSet, election: Election) -> Numbers | None:
    """What each choice of the ballots is worth; None: all are worth 1."""
    kind = BallotKind(election.rules["ballot"])
    if kind.has_points:
        given = np.zeros(len(ballots.choices), dtype=np.uint16) if ballots.points is None else ballots.points
        return given.astype(np.int64)
    if not kind.is_ranked:
        return None
    return _of_ranks(election, int(ballots.lengths.max(initial=0)))[ranks(ballots)]


def ranks(ballots: BallotSet) -> Numbers:
    """The place of each choice on its ballot, from 0."""
    return np.arange(len(ballots.choices), dtype=np.int64) - np.repeat(ballots.offsets[:-1], ballots.lengths)


def by_ballot(ballots: BallotSet, amounts: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The sum of one amount a choice over each ballot."""
    sums = np.zeros(len(ballots), dtype=amounts.dtype)
    filled = ballots.lengths > 0
    if filled.any():
        sums[filled] = np.add.reduceat(amounts, ballots.offsets[:-1][filled])
    return sums


def require_valid(ballots: BallotSet, election: Election) -> None:
    """BallotError unless every ballot is one that a voter may cast by the election's rules."""
    rules, kind = election.rules, BallotKind(election.rules["ballot"])
    if len(ballots.choices) and (highest := int(ballots.choices.max())) >= len(election.options):
        raise BallotError(f"a ballot names option {highest}, there are {len(election.options)}")
    if kind.is_ranked:
        _require_different(ballots, len(election.options))
    else:
        ballots.require_sets()
    ballots.require_lengths(rules["min_choices"], rules["max_choices"])
    if kind.has_points != (ballots.points is not None) and len(ballots.choices):
        raise BallotError("ballots have points exactly where their kind has")
    if ballots.points is not None:
        _require_points(ballots, ballots.points, election, kind)
    if kind is BallotKind.KNAPSACK:
        _require_affordable(ballots, election)


def _sums(ballots: BallotSet, options: int, worth: Numbers | None) -> tuple[int, ...]:
    weights = None if ballots.weights is None else np.repeat(ballots.weights, ballots.lengths)
    return tuple(totals(ballots.choices, options, weights, worth))


def _first_preferences(ballots: BallotSet, options: int) -> tuple[int, ...]:
    filled = ballots.lengths > 0
    weights = None if ballots.weights is None else ballots.weights[filled]
    return tuple(totals(ballots.choices[ballots.offsets[:-1][filled]], options, weights))


def _of_ranks(election: Election, longest: int) -> Numbers:
    """The value of each rank, as many ranks as the longest ballot has."""
    given = list(election.rules["rank_points"])
    if not given:
        most = election.rules["max_choices"]
        given = list(range(len(election.options) if most is None else most, 0, -1))
    return np.array((given + [0] * longest)[: max(longest, 1)], dtype=np.int64)


def _require_different(ballots: BallotSet, options: int) -> None:
    marks = np.repeat(np.arange(len(ballots), dtype=np.int64) * options, ballots.lengths)
    marks += ballots.choices
    marks.sort()
    twice = marks[1:] == marks[:-1]
    if twice.any():
        raise BallotError(f"ballot {int(marks[int(np.argmax(twice))]) // options} names an option twice")


def _require_points(ballots: BallotSet, points: Choices, election: Election, kind: BallotKind) -> None:
    rules = election.rules
    least, most = rules["min_points"], rules["max_points"]
    if kind is BallotKind.YESNO:
        least, most = 0, 1
    if kind is BallotKind.CUMULATIVE:
        least, most = 1, rules["sum_points"] if most is None else most
        _refuse(by_ballot(ballots, points.astype(np.int64)) > rules["sum_points"], "gives more points than it has")
    wrong = (points < least) | (points > most)
    if wrong.any():
        ballot = int(np.searchsorted(ballots.offsets, int(np.argmax(wrong)), side="right")) - 1
        raise BallotError(f"ballot {ballot} gives points outside {least} to {most}")


def _require_affordable(ballots: BallotSet, election: Election) -> None:
    costs = [option.cost or 0 for option in election.options]
    fits = sum(costs) < 1 << 62
    prices = np.array(costs, dtype=np.int64 if fits else object)
    _refuse(by_ballot(ballots, prices[ballots.choices]) > election.rules["budget"], "costs more than the budget")


def _refuse(wrong: npt.NDArray[np.generic], why: str) -> None:
    if wrong.any():
        raise BallotError(f"ballot {int(np.argmax(wrong))} {why}")
