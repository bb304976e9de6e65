"""Ranked ballots on piles, one pile a continuing option: what both counts by single transferable vote move about."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from .ballots import BallotSet, Numbers, Weights, totals

Places = npt.NDArray[np.int64]

NOBODY = -1


class Papers:
    """``pile[b]``: the option that holds ballot ``b``, or NOBODY. ``label[b]``: what the count writes on it."""

    def __init__(self, ballots: BallotSet, options: int, continuing: Iterable[int]) -> None:
        """Every ballot goes to the first of its continuing options; the label of all is 0."""
        self.options = options
        self.weights: Weights = ballots.own_weights
        self._choices = ballots.choices.astype(np.int64)
        self._at, self._end = ballots.offsets[:-1] - 1, ballots.offsets[1:]
        self.pile = np.full(len(ballots), NOBODY, dtype=np.int64)
        self.label = np.zeros(len(ballots), dtype=np.int64)
        self.continuing = np.zeros(options, dtype=np.bool_)
        self.continuing[list(continuing)] = True
        self.move(np.arange(len(ballots)))

    def held_by(self, option: int) -> Places:
        return np.flatnonzero(self.pile == option)

    def move(self, papers: Places) -> None:
        """Each of these papers goes to the next continuing option on it, or to NOBODY."""
        while len(papers):
            self._at[papers] += 1
            is_over = self._at[papers] >= self._end[papers]
            self.pile[papers[is_over]] = NOBODY
            papers = papers[~is_over]
            option = self._choices[self._at[papers]]
            is_found = self.continuing[option]
            self.pile[papers[is_found]] = option[is_found]
            papers, option = papers[~is_found], option[~is_found]
            self.passed(papers, option)

    def passed(self, papers: Places, option: Numbers) -> None:
        """Hook: these papers went over an option that is not continuing."""

    def sums(self, papers: Places) -> dict[tuple[int, int], int]:
        """The weight of these papers by label and pile, those with NOBODY left out."""
        papers = papers[self.pile[papers] != NOBODY]
        labels, place = np.unique(self.label[papers], return_inverse=True)
        found = totals(place * self.options + self.pile[papers], len(labels) * self.options, self.weights[papers])
        cells = ((int(labels[at // self.options]), at % self.options, weight) for at, weight in enumerate(found))
        return {(label, option): weight for label, option, weight in cells if weight}
