"""Ballots turned round: for each option the ballots that name it, with what they give it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..rules import BallotSet, Election

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """``ballot[at]`` gives ``value[at]`` to ``option[at]``; only what is above 0. ``weight``: of each ballot."""

    ballot: Whole
    option: Whole
    value: Whole
    weight: Whole
    options: int

    @classmethod
    def of(cls, ballots: BallotSet, election: Election) -> Columns:
        """Values as docs/record-format.md §5 defines them; the election's rules need not have their defaults."""
        owner = np.repeat(np.arange(len(ballots)), ballots.lengths)
        value = _values(ballots, election)
        kept = value > 0
        weight = np.ones(len(ballots), dtype=np.int64) if ballots.weights is None else ballots.weights
        option = ballots.choices.astype(np.int64)
        return cls(owner[kept], option[kept], value[kept], weight, len(election.options))

    def supporters(self, option: int) -> tuple[Whole, Whole]:
        """(ballots, values) of those that give something to the option, in the order of the ballots."""
        here = self.option == option
        return self.ballot[here], self.value[here]

    def sums(self, of_ballot: Real) -> Real:
        """For each option the sum of a number over its supporters, weights counted."""
        money = (of_ballot * self.weight)[self.ballot]
        return np.bincount(self.option, money, minlength=self.options).astype(np.float64)

    def heads(self, which: npt.NDArray[np.bool_]) -> Whole:
        """For each option how many of its supporters are among these."""
        return self.sums(which.astype(np.float64)).astype(np.int64)


def _values(ballots: BallotSet, election: Election) -> Whole:
    if ballots.points is not None:
        return ballots.points.astype(np.int64)
    if election.rules["ballot"] != "ranked":
        return np.ones(len(ballots.choices), dtype=np.int64)
    rank = np.arange(len(ballots.choices)) - np.repeat(ballots.offsets[:-1], ballots.lengths)
    given = tuple(election.rules.get("rank_points") or ())
    if given:
        points = np.array([*given, 0], dtype=np.int64)
        return points[np.minimum(rank, len(given))]
    most = election.rules.get("max_choices") or len(election.options)
    return np.maximum(0, most - rank)
