"""Greedy within a budget: most votes first, each option taken when its cost fits in what is left.

This is what most cities do by law. With ``skip`` an option that does not fit is passed over; without it the count
stops there. With ``per_cost`` the order is by votes per cost. Options that cannot win never stop the count.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from .ballots import BallotKind, BallotSet
from .checking import require_money, require_unused
from .election import Election, Method, Option, Outcome, Rules
from .envelopes import Case, Round, Taken, count_rounds


def validate(rules: Rules, options: tuple[Option, ...]) -> None:
    """``budget`` and ``currency`` are given, every option has a cost, and no number of winners is fixed."""
    require_money(rules, options)
    require_unused(rules, "budget", "skip", "threshold", "per_cost", "envelopes", "exclusive", "majority")


def count(ballots: BallotSet, election: Election) -> Outcome:
    """Rank by votes, spend the budget from the top."""
    return count_rounds(ballots, election, take, ranking)


def ranking(case: Case) -> list[int]:
    """All positions in the order in which the count looks at them."""
    return by_counts_per_cost(case) if case.election.rules["per_cost"] else case.by_counts()


def by_counts_per_cost(case: Case) -> list[int]:
    """Most votes for the money first; what costs nothing before all else, most votes first."""

    def key(i: int) -> tuple[bool, Fraction, tuple[int, ...]]:
        cost = case.cost(i)
        return cost > 0, -Fraction(case.counts[i], cost or 1), case.tie(i)

    return sorted(range(len(case.counts)), key=key)


def take(case: Case, this: Round) -> Taken:
    order = (i for i in ranking(case) if i in this.eligible)
    return Taken(affordable(case, order, this.amount, skip=case.election.rules["skip"]))


def affordable(case: Case, order: Iterable[int], money: int, *, skip: bool) -> list[int]:
    """Those that ``money`` pays for, in this order; ``skip``: what does not fit is passed over."""
    taken: list[int] = []
    passed: set[int] = set()
    for i in order:
        if i in passed:
            continue
        if case.cost(i) <= money:
            money -= case.cost(i)
            taken.append(i)
            passed |= case.rivals[i]
        elif not skip:
            break
    return taken


METHOD = Method("greedy", validate, count, frozenset(BallotKind))
