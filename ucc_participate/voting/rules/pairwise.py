"""How many ballots prefer each option to each other one: what Schulze and ranked pairs are counted from."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .ballots import BallotSet, Numbers, totals

Matrix = npt.NDArray[Any]
"""Square, one row and one column an option: int64, or whole numbers of Python where those are too small."""

Beats = npt.NDArray[np.bool_]

_EXACT = 1 << 53


def preferences(ballots: BallotSet, options: int) -> Matrix:
    """The weight of the ballots that rank the row's option above the column's; not named is below all that are named.

    Of the ballots that name the row's option, all but those that name the column's above it.
    """
    weights = None if ballots.weights is None else np.repeat(ballots.weights, ballots.lengths)
    is_small = ballots.cast < _EXACT
    named = _sums(ballots.choices, options, weights, is_small)
    preferred = named[:, np.newaxis] - _both_named(ballots, options, weights, is_small).T
    np.fill_diagonal(preferred, 0)
    return preferred


def _both_named(ballots: BallotSet, options: int, weights: Numbers | None, is_small: bool) -> Matrix:
    """The weight of the ballots that name both options, the row's above the column's: pairs of choices that are one,
    two, three, … ranks apart, for all ballots at once."""
    choices = ballots.choices.astype(np.int64)
    behind = np.repeat(ballots.offsets[1:], ballots.lengths) - np.arange(len(choices)) - 1
    above = _sums(choices[:0], options * options, None, is_small)
    places, apart = np.flatnonzero(behind), 0
    while len(places):
        apart += 1
        pairs = choices[places] * options + choices[places + apart]
        above = above + _sums(pairs, options * options, None if weights is None else weights[places], is_small)
        places = places[behind[places] > apart]
    return above.reshape(options, options)


def _sums(places: npt.NDArray[Any], size: int, weights: Numbers | None, is_small: bool) -> Matrix:
    """Exact sums of weights by place: as floats while every one of them is a whole float, else in parts."""
    if is_small:
        return np.bincount(places, weights=weights, minlength=size).astype(np.int64)
    return np.array(totals(places, size, weights), dtype=object)


def ranking(beats: Beats) -> list[int]:
    """Of those that nobody left beats, the first, again and again; ``beats`` has no circles, and its rows and columns
    stand as the tie rule puts equals."""
    left, beaten, ranked = list(range(len(beats))), beats.sum(axis=0), []
    while left:
        first = next(i for i in left if not beaten[i])
        left.remove(first)
        ranked.append(first)
        beaten = beaten - beats[first]
    return ranked
