"""Sequential Phragmén (Brill et al. 2017) with costs: voters earn at the same speed, and options are bought as soon as
those who support them have the money together.

A voter holds what was earned since the moment of the last purchase that took part in, so an option's moment is its cost
and the moments of its supporters' last purchases over their number: whole numbers of voters for each purchase so far,
and exact fractions over one common denominator.
"""

from __future__ import annotations

import heapq
import math
from fractions import Fraction

import numpy as np

from .ballots import BallotKind, BallotSet, totals
from .checking import require_money_or_places, require_unused
from .election import Election, Method, Option, Outcome, Rules
from .envelopes import Case, Round, Taken, count_rounds
from .supporters import Supporters

_DOWN = 1 - 2.0**-52


def validate(rules: Rules, options: tuple[Option, ...]) -> None:
    require_money_or_places(rules, options)
    require_unused(rules, "budget", "winners", "skip", "threshold", "envelopes", "exclusive", "majority")


def count(ballots: BallotSet, election: Election) -> Outcome:
    return count_rounds(ballots, election, take)


def take(case: Case, this: Round) -> Taken:
    """One round, from moment 0."""
    race = _Race(case, this, Supporters.of(case, this))
    left, taken, loads = this.amount, [], []
    while (found := race.next()) is not None:
        moment, option = found
        if case.cost(option) > left:
            if not case.election.rules["skip"]:
                break
            race.drop(option)
            continue
        left -= case.cost(option)
        taken.append(option)
        loads.append({"option": case.ids[option], "load": f"{moment.numerator}/{moment.denominator}"})
        race.buy(option, moment)
    return Taken(taken, {"taken": loads})


class _Race:
    """``last``: for each voter the number of the last purchase that took part in, 0 for none; ``moments`` of them."""

    def __init__(self, case: Case, this: Round, supporters: Supporters) -> None:
        self.case, self.supporters = case, supporters
        self.last = np.zeros(len(supporters.weights), dtype=np.int64)
        self.moments, self.denominator = [0], 1
        self.open = {i for i in this.eligible if len(supporters.voters(i))}
        self.units = {i: supporters.weight_of(supporters.voters(i)) for i in self.open}
        self.bounds = [(0.0, i) for i in self.open]
        heapq.heapify(self.bounds)

    def next(self) -> tuple[Fraction, int] | None:
        """The next option to be bought and its moment, the first by the tie rule among equals. It stays open."""
        found: dict[int, Fraction] = {}
        best = math.inf
        while self.bounds and self.bounds[0][0] <= best:
            _, option = heapq.heappop(self.bounds)
            if option in self.open and option not in found:
                found[option] = self._moment(option)
                best = min(best, float(found[option]))
        for option, moment in found.items():
            heapq.heappush(self.bounds, (float(moment) * _DOWN, option))
        return min(
            ((moment, option) for option, moment in found.items()),
            key=lambda each: (each[0], self.case.tie(each[1])),
            default=None,
        )

    def drop(self, option: int) -> None:
        self.open.discard(option)

    def buy(self, option: int, moment: Fraction) -> None:
        """Its supporters are empty from now on; what it excludes is passed over."""
        factor = moment.denominator // math.gcd(moment.denominator, self.denominator)
        self.denominator *= factor
        self.moments = [each * factor for each in self.moments]
        self.moments.append(moment.numerator * (self.denominator // moment.denominator))
        self.last[self.supporters.voters(option)] = len(self.moments) - 1
        self.open -= {option, *self.case.rivals[option]}

    def _moment(self, option: int) -> Fraction:
        voters = self.supporters.voters(option)
        who = totals(self.last[voters], len(self.moments), self.supporters.weights[voters])
        earned = sum(number * moment for number, moment in zip(who, self.moments, strict=True))
        return Fraction(self.case.cost(option) * self.denominator + earned, self.units[option] * self.denominator)


METHOD = Method("phragmen", validate, count, frozenset(BallotKind))
