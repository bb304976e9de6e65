"""Who supports which option in one round, as columns: what Equal Shares and Phragmén count on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from . import values
from .ballots import Numbers, Offsets, spans, totals
from .envelopes import Case, Round

Voters = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Supporters:
    """The ballots that give an option of the round a value above 0; equal ballots are one *voter* with their weight.

    Voter ``i`` names ``choices[offsets[i]:offsets[i + 1]]``, positions in ballot order, with ``worth`` (None: all 1).
    """

    offsets: Offsets
    choices: npt.NDArray[np.uint16]
    worth: Numbers | None
    weights: Numbers
    options: int

    @classmethod
    def of(cls, case: Case, this: Round) -> Supporters:
        ballots, options = case.grouped, len(case.ids)
        worth = values.values(ballots, case.election)
        inside = np.zeros(options, dtype=np.bool_)
        inside[list(this.positions)] = True
        kept = inside[ballots.choices]
        if worth is not None:
            kept &= worth > 0
            worth = worth[kept]
        lengths = values.by_ballot(ballots, kept.astype(np.int64)).astype(np.int64)
        filled = lengths > 0
        weights = ballots.own_weights[filled]
        return cls(spans(lengths[filled]), ballots.choices[kept], worth, weights, options)

    @cached_property
    def weight(self) -> int:
        """The weight of all of them."""
        return total_weight(self.weights)

    @cached_property
    def _by_option(self) -> tuple[Voters, Numbers | None, Offsets]:
        order = np.argsort(self.choices, kind="stable")
        owners = np.repeat(np.arange(len(self.weights), dtype=np.int32), np.diff(self.offsets))
        bounds = spans(np.bincount(self.choices, minlength=self.options).astype(np.int64))
        return owners[order], None if self.worth is None else self.worth[order], bounds

    def voters(self, option: int) -> Voters:
        """Who supports the option, ascending."""
        owners, _, bounds = self._by_option
        return owners[bounds[option] : bounds[option + 1]]

    def worths(self, option: int) -> Numbers | None:
        """What it is worth to each of ``voters(option)``; None: 1."""
        _, worth, bounds = self._by_option
        return None if worth is None else worth[bounds[option] : bounds[option + 1]]

    def entries(self, voters: npt.NDArray[np.signedinteger]) -> tuple[Numbers, Numbers]:
        """Places in ``choices`` of everything that these voters name, and how many places each has."""
        starts = self.offsets[voters]
        lengths = self.offsets[voters + 1] - starts
        ends = np.cumsum(lengths)
        return np.repeat(starts - ends + lengths, lengths) + np.arange(ends[-1] if len(ends) else 0), lengths

    def named_by(self, voters: npt.NDArray[np.signedinteger]) -> list[int]:
        """For each option the sum over these voters of their weight times what it is worth to them, exactly."""
        places, lengths = self.entries(voters)
        weights = np.repeat(self.weights[voters], lengths)
        return totals(self.choices[places], self.options, weights, None if self.worth is None else self.worth[places])

    def weight_of(self, voters: npt.NDArray[np.signedinteger]) -> int:
        return total_weight(self.weights[voters])


def total_weight(weights: Numbers, worth: Numbers | None = None) -> int:
    """The exact sum of weights, each times its worth."""
    if not len(weights):
        return 0
    if int(weights.max()) * int(1 if worth is None else worth.max()) * len(weights) < 1 << 62:
        return int(weights.sum() if worth is None else (weights * worth).sum())
    return sum(weights.tolist() if worth is None else map(int.__mul__, weights.tolist(), worth.tolist()))
