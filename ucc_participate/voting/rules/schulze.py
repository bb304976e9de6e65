"""Schulze's method: who beats whom over the strongest chain of majorities (Schulze, Social Choice and Welfare 2011).

The strength of a majority is its winning votes, that of a chain the weakest majority in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .ballots import BallotSet
from .election import Election, Method, Outcome
from .envelopes import Case, Round, Taken, count_rounds
from .pairwise import Beats, Matrix, ranking
from .places import in_tie_order, take_first, validate_preferences


def count(ballots: BallotSet, election: Election) -> Outcome:
    """Rank by chains of majorities, take the first ``winners``."""
    return count_rounds(ballots, election, _take, lambda case: _rank(case, range(len(case.ids))), _describe)


def _take(case: Case, this: Round) -> Taken:
    return take_first(case, this, _rank(case, this.positions))


def _describe(case: Case) -> Mapping[str, Any]:
    return {"matrix": case.preferences.tolist()}


def _rank(case: Case, positions: Sequence[int]) -> list[int]:
    """The ranking of these options, as if there were no others."""
    among = in_tie_order(case, positions)
    return [among[at] for at in ranking(beats(case.preferences[np.ix_(among, among)]))]


def beats(matrix: Matrix) -> Beats:
    """Whether the row's option has a stronger chain to the column's than the other way round."""
    strength = strongest_chains(matrix)
    return np.asarray(strength > strength.T, dtype=np.bool_)


def strongest_chains(matrix: Matrix) -> Matrix:
    """The strength of the strongest chain from the row's option to the column's, 0 where there is none."""
    strength = np.where(matrix > matrix.T, matrix, 0)
    for via in range(len(strength)):
        np.maximum(strength, np.minimum(strength[:, via, np.newaxis], strength[via]), out=strength)
    np.fill_diagonal(strength, 0)
    return strength


METHOD = Method("schulze", validate_preferences, count, frozenset({"ranked"}))
