"""How far counts can be believed: rates with Wilson's interval, parity with the population, dissimilarity.

Participants are no random sample. The interval says how far a rate of so few people could be chance, no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Final

Z: Final = 1.959963984540054
"""Of the normal distribution, for 95 %."""
FEW: Final = 30
"""Below so many people a share says little, and the page says so."""


@dataclass(frozen=True, slots=True)
class Rate:
    """``part`` of ``whole`` with the bounds of its 95 % interval."""

    part: int
    whole: int
    low: float
    high: float

    @property
    def value(self) -> float:
        return self.part / self.whole


@dataclass(frozen=True, slots=True)
class Parity:
    """Share among participants over share in the population: 1 is as in the city, 0.5 half of it."""

    value: float
    low: float
    high: float

    @property
    def is_below(self) -> bool:
        """Whether even the upper bound is under 1."""
        return self.high < 1


def rate(part: int, whole: int) -> Rate | None:
    """With the interval of Wilson (1927); None of nobody. A part greater than the whole has no rate either."""
    if whole <= 0 or not 0 <= part <= whole:
        return None
    share = part / whole
    middle = (share + Z * Z / (2 * whole)) / (1 + Z * Z / whole)
    spread = Z / (1 + Z * Z / whole) * sqrt(share * (1 - share) / whole + Z * Z / (4 * whole * whole))
    low = 0.0 if part == 0 else max(0.0, middle - spread)
    high = 1.0 if part == whole else min(1.0, middle + spread)
    return Rate(part, whole, low, high)


def parity(part: int, whole: int, people: int, population: int) -> Parity | None:
    """The share ``part/whole`` against ``people/population``; None where one of them is none."""
    share = rate(part, whole)
    if share is None or people <= 0 or population <= 0:
        return None
    expected = people / population
    return Parity(share.value / expected, share.low / expected, share.high / expected)


def dissimilarity(counts: Mapping[str, int], population: Mapping[str, int]) -> float | None:
    """Duncan's index: which part of the participants would have to be of another group to be spread as the city is.

    0: just as the city; 1: nobody from where people live. Over groups of both; None when one has nobody.
    """
    groups = counts.keys() & population.keys()
    whole, everybody = sum(counts[group] for group in groups), sum(population[group] for group in groups)
    if not whole or not everybody:
        return None
    return sum(abs(counts[group] / whole - population[group] / everybody) for group in groups) / 2
