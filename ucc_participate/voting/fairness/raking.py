"""Weights that make the voters look like the city's people: for information, never in the count.

Iterative proportional fitting (Deming and Stephan 1940) on margins such as sex, age and district; weights trimmed to
[0.2, 5] of their mean; design effect 1 + cv² and effective number of voters (Kish 1965).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Real = npt.NDArray[np.float64]

LEAST, MOST = 0.2, 5.0
CLOSE = 1e-8
MOST_ROUNDS = 1_000
FEW_IN_MARGIN = 30


@dataclass(frozen=True, slots=True, eq=False)
class Raked:
    """``weights`` with mean 1, one a voter. ``is_converged``: every margin fits to ``CLOSE`` before trimming.

    ``thin``: margins under 30 voters, whose weights say little. ``trimmed``: how many weights were cut off.
    """

    weights: Real
    is_converged: bool
    trimmed: int
    thin: tuple[str, ...]

    @property
    def design_effect(self) -> float:
        """By how much the unequal weights widen every interval: n · Σw² / (Σw)²."""
        return float(len(self.weights) * (self.weights**2).sum() / self.weights.sum() ** 2)

    @property
    def effective_voters(self) -> float:
        return len(self.weights) / self.design_effect

    def rate(self, named: npt.NDArray[np.bool_]) -> tuple[float, float]:
        """The weighted share of voters for whom it is so, and its variance: Σ w²(y − p)² / (Σw)²."""
        total = self.weights.sum()
        share = float(self.weights[named].sum() / total)
        spread = (self.weights**2 * (named - share) ** 2).sum() / total**2
        return share, float(spread)


def rake(columns: Mapping[str, Sequence[str]], margins: Mapping[str, Mapping[str, float]]) -> Raked | None:
    """Weights for voters of whom each dimension's label is known, towards each label's share of the people.

    Voters with a label that the margin does not have (not stated) keep their own share of that dimension. None without
    voters, or where a group with people has no voter at all: nobody can stand for it.
    """
    voters = len(next(iter(columns.values()), ()))
    fitted = [_Margin.of(name, columns[name], shares) for name, shares in margins.items() if name in columns]
    if not voters or not fitted or any(margin is None for margin in fitted):
        return None
    sides = [margin for margin in fitted if margin is not None]
    weights, is_converged = _fit(np.ones(voters), sides)
    cut = np.clip(weights, LEAST, MOST)
    trimmed = int((cut != weights).sum())
    thin = tuple(name for margin in sides for name in margin.thin)
    return Raked(cut / cut.mean(), is_converged, trimmed, thin)


@dataclass(frozen=True, slots=True, eq=False)
class _Margin:
    """One dimension: the place of each voter's label, and what each label's weights should add up to."""

    places: npt.NDArray[np.int64]
    target: Real
    thin: tuple[str, ...]

    @classmethod
    def of(cls, name: str, labels: Sequence[str], shares: Mapping[str, float]) -> _Margin | None:
        known = sorted(shares)
        at = {label: place for place, label in enumerate(known)}
        places = np.fromiter((at.get(label, len(known)) for label in labels), dtype=np.int64, count=len(labels))
        voters = np.bincount(places, minlength=len(known) + 1)
        wanted = np.array([shares[label] for label in known], dtype=np.float64)
        if wanted.sum() <= 0 or ((voters[:-1] == 0) & (wanted > 0)).any() or ((voters[:-1] > 0) & (wanted <= 0)).any():
            return None
        target = np.append(wanted / wanted.sum() * (len(labels) - voters[-1]), voters[-1])
        thin = tuple(f"{name}:{label}" for label in known if 0 < voters[at[label]] < FEW_IN_MARGIN)
        return cls(places, target, thin)

    def sums(self, weights: Real) -> Real:
        return np.bincount(self.places, weights, minlength=len(self.target)).astype(np.float64)


def _fit(weights: Real, margins: Sequence[_Margin]) -> tuple[Real, bool]:
    for _ in range(MOST_ROUNDS):
        for margin in margins:
            sums = margin.sums(weights)
            ratio = np.divide(margin.target, sums, out=np.ones_like(sums), where=sums > 0)
            weights = weights * ratio[margin.places]
        if max(float(np.abs(margin.sums(weights) - margin.target).max()) for margin in margins) < CLOSE * len(weights):
            return weights, True
    return weights, False
