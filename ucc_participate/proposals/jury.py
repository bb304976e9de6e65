"""Scores of several people, summed up exactly: mean, median and spread by criterion, as fractions and as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from .models import AppraisalCriterion

PLACES = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Spread:
    """What a jury thinks of one criterion. ``deviation``: of all who scored (n in the denominator, not n - 1)."""

    criterion: AppraisalCriterion
    scores: int
    mean: Decimal
    median: Decimal
    deviation: Decimal
    lowest: int
    highest: int

    def public_payload(self) -> dict[str, Any]:
        """The log holds no floats: numbers as text with two places."""
        return {
            "criterion": self.criterion.public_id,
            "name": self.criterion.name,
            "scale": [self.criterion.lowest, self.criterion.highest],
            "scores": self.scores,
            "mean": str(self.mean),
            "median": str(self.median),
            "deviation": str(self.deviation),
            "lowest": self.lowest,
            "highest": self.highest,
        }


def spread_of(criterion: AppraisalCriterion, scores: Sequence[int]) -> Spread:
    """Needs at least one score."""
    number = len(scores)
    mean = Fraction(sum(scores), number)
    variance = sum(((score - mean) * (score - mean) for score in scores), Fraction()) / number
    return Spread(
        criterion=criterion,
        scores=number,
        mean=_rounded(mean),
        median=_rounded(_median(sorted(scores))),
        deviation=_decimal(variance).sqrt().quantize(PLACES, ROUND_HALF_UP),
        lowest=min(scores),
        highest=max(scores),
    )


def spreads(criteria: Iterable[AppraisalCriterion], given: Iterable[tuple[int, int]]) -> list[Spread]:
    """``given``: pairs of criterion id and score. In the order of the criteria; one that nobody scored is left out."""
    by_criterion: dict[int, list[int]] = {}
    for criterion_id, score in given:
        by_criterion.setdefault(criterion_id, []).append(score)
    return [spread_of(each, by_criterion[each.id]) for each in criteria if each.id in by_criterion]


def _median(scores: Sequence[int]) -> Fraction:
    middle, odd = divmod(len(scores), 2)
    return Fraction(scores[middle]) if odd else Fraction(scores[middle - 1] + scores[middle], 2)


def _decimal(exact: Fraction) -> Decimal:
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def _rounded(number: Fraction) -> Decimal:
    return _decimal(number).quantize(PLACES, ROUND_HALF_UP)
