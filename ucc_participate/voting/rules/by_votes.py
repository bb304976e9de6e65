"""By votes: the options with most votes, as many as the rules say."""

from __future__ import annotations

from .ballots import BallotKind, BallotSet
from .checking import require_places, require_unused
from .election import Election, Method, Option, Outcome, Rules
from .envelopes import Case, Round, Taken, count_rounds


def validate(rules: Rules, options: tuple[Option, ...]) -> None:
    """``winners`` is a number; everything that has to do with money is off."""
    require_places(rules, options)
    require_unused(rules, "winners", "threshold", "envelopes", "exclusive", "majority")


def count(ballots: BallotSet, election: Election) -> Outcome:
    """Rank by votes, take the first ``winners``."""
    return count_rounds(ballots, election, take)


def take(case: Case, this: Round) -> Taken:
    """The round's options with most votes that do not exclude each other."""
    taken: list[int] = []
    passed: set[int] = set()
    for i in case.by_counts():
        if i in this.eligible and i not in passed and len(taken) < this.amount:
            taken.append(i)
            passed |= case.rivals[i]
    return Taken(taken)


METHOD = Method("votes", validate, count, frozenset(BallotKind))
