"""Borda's method: points for ranks, the options with most points win (Borda 1781; cities use it with points of their
own, as ``rank_points``)."""

from __future__ import annotations

from .ballots import BallotSet
from .election import Election, Method, Outcome
from .envelopes import Case, Round, Taken, count_rounds
from .places import take_first, validate


def count(ballots: BallotSet, election: Election) -> Outcome:
    """Rank by the sum of points, take the first ``winners``."""
    return count_rounds(ballots, election, _take)


def _take(case: Case, this: Round) -> Taken:
    return take_first(case, this, case.by_counts())


METHOD = Method("borda", validate, count, frozenset({"ranked"}))
