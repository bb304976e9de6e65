"""Ballots that do not all weigh the same, and what a majority in each sector asks for."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from .ballots import NOT_STATED, BallotError, BallotKind, BallotSet, Codes, Weights, totals
from .election import Election

WITHOUT_SECTOR = "civil_society"
"""Where persons count who belong to no sector."""


def weighed(ballots: BallotSet, election: Election) -> BallotSet:
    """The ballots with the weights that the rules give them: docs/record-format.md §5, "Weight"."""
    if election.rules["decides"] != "sectors":
        return ballots
    return ballots.weighted(sector_weights(ballots, sectors(ballots)))


def sectors(ballots: BallotSet) -> Codes:
    """The sector of each ballot as a code, from the dimension of that name."""
    for dimension in ballots.dimensions:
        if dimension.name == "sector":
            return _with_everybody_somewhere(dimension.codes, dimension.labels)
    if not len(ballots):
        return np.zeros(0, dtype=np.uint8)
    raise BallotError("the sectors decide, and the ballots do not say their sector")


def sector_weights(ballots: BallotSet, codes: Codes) -> Weights:
    """Weights by which every sector that has ballots weighs the same, divided by their greatest common divisor.

    A ballot's own weight times the weight of all ballots, blank ones too, of each *other* sector.
    """
    own = ballots.own_weights
    together = {code: weight for code, weight in enumerate(totals(codes, 256, own)) if weight}
    factor = {code: math.prod(weight for other, weight in together.items() if other != code) for code in together}
    shared = {code: int(np.gcd.reduce(own[codes == code])) for code in together}
    common = math.gcd(*(factor[code] * shared[code] for code in together))
    inner, outer = np.ones(256, dtype=np.int64), np.ones(256, dtype=np.int64)
    for code in together:
        inner[code], outer[code] = shared[code], factor[code] * shared[code] // common
    return own // inner[codes] * outer[codes]


def eligible_by_double_majority(ballots: BallotSet, election: Election) -> npt.NDArray[np.bool_]:
    """Options that at least half of the ballots name, of all that are not blank and of those of most sectors."""
    codes, options = sectors(ballots), len(election.options)
    filled = ballots.lengths > 0
    weights = ballots.own_weights
    together = totals(codes[filled], 256, weights[filled])
    naming = _naming(ballots, election)
    places = (np.repeat(codes.astype(np.int64), ballots.lengths) * options + ballots.choices)[naming]
    found = totals(places, 256 * options, np.repeat(weights, ballots.lengths)[naming])
    table, of_sector = _rows(found, options, together), [total for total in together if total]
    return np.array([_has_both(i, table, of_sector) for i in range(options)], dtype=np.bool_)


def _rows(found: list[int], options: int, of_sector: list[int]) -> list[list[int]]:
    """The supporters of each option, one row for each sector that has ballots."""
    return [found[code * options : (code + 1) * options] for code, total in enumerate(of_sector) if total]


def _has_both(option: int, table: list[list[int]], of_sector: list[int]) -> bool:
    most = sum(2 * row[option] >= total for row, total in zip(table, of_sector, strict=True))
    return 2 * sum(row[option] for row in table) >= sum(of_sector) and 2 * most > len(of_sector)


def _naming(ballots: BallotSet, election: Election) -> npt.NDArray[np.bool_]:
    """Choices that support their option: all, but where there are points only those with a point."""
    if BallotKind(election.rules["ballot"]).has_points and ballots.points is not None:
        return ballots.points > 0
    return np.ones(len(ballots.choices), dtype=np.bool_)


def _with_everybody_somewhere(codes: Codes, labels: tuple[str, ...]) -> Codes:
    if NOT_STATED not in labels or WITHOUT_SECTOR not in labels:
        return codes
    moved = codes.copy()
    moved[codes == labels.index(NOT_STATED)] = labels.index(WITHOUT_SECTOR)
    return moved
