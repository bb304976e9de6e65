"""Knapsack: of all sets of options that the money pays for, the one with most votes together; the exact optimum.

The sets are built option by option, the best value for money first (Nemhauser and Ullmann 1969). A set is forgotten
when another one costs no more and has no fewer votes, since whatever is added to it can be added to that one; and when
even parts of options, added as long as there is money, could not bring it to what some set has for certain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from flask_babel import lazy_gettext as _l

from .ballots import BallotKind, BallotSet
from .checking import require_money, require_unused
from .election import Election, Method, Option, Outcome, Rules, RulesError
from .envelopes import Case, Round, Taken, count_rounds

Exact = npt.NDArray[Any]
Members = npt.NDArray[np.uint64]
_WORD = 64
_SAFE = 1 << 50


def validate(rules: Rules, options: tuple[Option, ...]) -> None:
    require_money(rules, options)
    require_unused(rules, "budget", "threshold", "envelopes", "exclusive", "majority")
    named = [option_id for group in rules["exclusive"] for option_id in group]
    if len(set(named)) < len(named):
        raise RulesError("exclusive", _l("By this rule an option can be in one such group only."))


def count(ballots: BallotSet, election: Election) -> Outcome:
    return count_rounds(ballots, election, take)


def take(case: Case, this: Round) -> Taken:
    """The best set of the round, in the order of the count."""
    usable = [i for i in this.eligible if case.counts[i] > 0 and case.cost(i) <= this.amount]
    if not usable:
        return Taken([])
    best = _best(case, usable, this.amount)
    return Taken([i for i in case.by_counts() if i in best])


@dataclass(frozen=True, slots=True)
class _Sets:
    """Sets of options: what each costs, its votes, and its members as bits, the first by the tie rule the highest."""

    costs: Exact
    votes: Exact
    members: Members

    def of(self, which: npt.NDArray[Any]) -> _Sets:
        return _Sets(self.costs[which], self.votes[which], self.members[which])

    def with_one(self, cost: int, votes: int, place: int, money: int) -> _Sets:
        """The same sets with one more option, where there is money for it."""
        some = self.of(self.costs + cost <= money)
        members = some.members.copy()
        members[:, place // _WORD] |= np.uint64(1 << (_WORD - 1 - place % _WORD))
        return _Sets(some.costs + cost, some.votes + votes, members)

    def undominated(self) -> _Sets:
        """Without sets that another one makes useless; of equal ones the one whose members come first."""
        words = [~self.members[:, word] for word in range(self.members.shape[1])]
        order = self.of(np.lexsort((*words[::-1], -self.votes, self.costs)))
        kept = np.ones(len(order.votes), dtype=np.bool_)
        kept[1:] = order.votes[1:] > np.maximum.accumulate(order.votes)[:-1]
        return order.of(kept)


def _together(parts: Sequence[_Sets]) -> _Sets:
    return _Sets(
        np.concatenate([part.costs for part in parts]),
        np.concatenate([part.votes for part in parts]),
        np.concatenate([part.members for part in parts]),
    )


def _best(case: Case, usable: Sequence[int], money: int) -> frozenset[int]:
    """The positions of the best set."""
    place = {i: at for at, i in enumerate(sorted(usable, key=case.tie))}
    dtype = np.int64 if sum(case.counts) < _SAFE and money < 1 << 61 else object
    sets = _Sets(np.zeros(1, dtype), np.zeros(1, dtype), np.zeros((1, -(-len(usable) // _WORD)), dtype=np.uint64))
    classes = _classes(case, usable)
    for at, members in enumerate(classes):
        sets = _together([sets, *(sets.with_one(case.cost(i), case.counts[i], place[i], money) for i in members)])
        sets = sets.undominated()
        if dtype is np.int64:
            sets = _promising(case, sets, classes[at + 1 :], money)
    best = sets.of(np.array([int(np.argmax(sets.votes))])).members[0].tolist()
    return frozenset(i for i in usable if best[place[i] // _WORD] >> (_WORD - 1 - place[i] % _WORD) & 1)


def _classes(case: Case, usable: Sequence[int]) -> list[list[int]]:
    """Options that exclude each other together, the others alone; the most votes for the money first."""
    grouped: dict[frozenset[int], list[int]] = {}
    for i in usable:
        grouped.setdefault(case.rivals[i] | {i}, []).append(i)
    return sorted(grouped.values(), key=lambda members: min(case.cost(i) / case.counts[i] for i in members))


def _promising(case: Case, sets: _Sets, later: Sequence[Sequence[int]], money: int) -> _Sets:
    """The sets that may still become the best: what they can reach at most is not below what some set reaches."""
    rest = sorted((i for members in later for i in members), key=lambda i: case.cost(i) / case.counts[i])
    alone = [members[0] for members in later if len(members) == 1]
    if not rest:
        return sets
    bought = [i for i in rest if case.cost(i)]
    costs = np.cumsum([0, *map(case.cost, bought)], dtype=np.float64)
    votes = np.cumsum([0, *(case.counts[i] for i in bought)], dtype=np.float64)
    left = (money - sets.costs).astype(np.float64)
    free = sum(case.counts[i] for i in rest if not case.cost(i))
    highest = sets.votes + free + np.interp(left, costs, votes) * (1 + 1e-9) + 1
    reached = int((sets.votes + _surely(case, alone, money - sets.costs)).max())
    return sets.of(highest >= reached)


def _surely(case: Case, alone: Sequence[int], left: Exact) -> Exact:
    """Votes that every set gets for certain: of the best for the money as many in a row as the rest of it pays for."""
    order = sorted(alone, key=lambda i: case.cost(i) / case.counts[i])
    costs = np.cumsum([0, *(case.cost(i) for i in order)], dtype=np.int64)
    votes = np.cumsum([0, *(case.counts[i] for i in order)], dtype=np.int64)
    return votes[np.searchsorted(costs, left, side="right") - 1]


METHOD = Method("knapsack", validate, count, frozenset(BallotKind))
