"""Ranked pairs (Tideman, Social Choice and Welfare 1987): majorities are locked from the largest downwards, each unless
it would close a circle with those locked before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from .ballots import BallotSet
from .election import Election, Method, Outcome
from .envelopes import Case, Round, Taken, count_rounds
from .pairwise import Matrix, ranking
from .places import in_tie_order, take_first, validate_preferences

Pair = tuple[int, int]
"""The winner and the loser of a majority."""


def count(ballots: BallotSet, election: Election) -> Outcome:
    """Rank by the majorities that are locked, take the first ``winners``."""
    return count_rounds(ballots, election, _take, lambda case: _rank(case, range(len(case.ids))), _describe)


def _take(case: Case, this: Round) -> Taken:
    return take_first(case, this, _rank(case, this.positions))


def _describe(case: Case) -> Mapping[str, Any]:
    among = in_tie_order(case, range(len(case.ids)))
    pairs = [[case.ids[among[winner]], case.ids[among[loser]]] for winner, loser in locked(_of(case, among))]
    return {"matrix": case.preferences.tolist(), "locked": pairs}


def _rank(case: Case, positions: Sequence[int]) -> list[int]:
    """The ranking of these options, as if there were no others."""
    among = in_tie_order(case, positions)
    beats = np.zeros((len(among), len(among)), dtype=np.bool_)
    for winner, loser in locked(_of(case, among)):
        beats[winner, loser] = True
    return [among[at] for at in ranking(beats)]


def _of(case: Case, among: Sequence[int]) -> Matrix:
    matrix: Matrix = case.preferences[np.ix_(among, among)]
    return matrix


def locked(matrix: Matrix) -> Iterator[Pair]:
    """The majorities that are locked, in this order. Rows and columns stand as the tie rule puts equals."""
    reaches = np.eye(len(matrix), dtype=np.bool_)
    for winner, loser in majorities(matrix):
        if reaches[loser, winner]:
            continue
        if not reaches[winner, loser]:
            reaches[reaches[:, winner]] |= reaches[loser]
        yield winner, loser


def majorities(matrix: Matrix) -> list[Pair]:
    """By winning votes, then by fewer losing votes, then by the tie rule of the winner and of the loser."""
    pairs = np.argwhere(matrix > matrix.T).tolist()
    votes = matrix.tolist()
    return sorted(
        ((winner, loser) for winner, loser in pairs),
        key=lambda pair: (-votes[pair[0]][pair[1]], votes[pair[1]][pair[0]], pair),
    )


METHOD = Method("ranked_pairs", validate_preferences, count, frozenset({"ranked"}))
