"""Ballots as columns: what every counting rule reads, and how one ballot is kept at rest.

At rest a ballot is the concatenation of its option positions (0 = first option on the ballot) as little-endian uint16:
two bytes a choice, no bytes for a blank ballot. In memory all ballots of a vote are one ``BallotSet``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Offsets = npt.NDArray[np.int64]
Choices = npt.NDArray[np.uint16]
Codes = npt.NDArray[np.uint8]

MAX_OPTIONS = 1 << 16
_AT_REST = np.dtype("<u2")

NOT_STATED = "not_stated"
LABELS: Mapping[str, tuple[str, ...]] = {
    "sector": ("public", "private", "civil_society", NOT_STATED),
    "sex": ("female", "male", NOT_STATED),
    "age": ("under_30", "30_plus", NOT_STATED),
}


class BallotError(ValueError):
    """Ballots that cannot be counted: broken bytes, unknown options, a choice named twice, a wrong length."""


def pack(positions: Iterable[int]) -> bytes:
    """The bytes of a ballot that names a set of options: positions ascending; BallotError when one is named twice."""
    ordered = sorted(positions)
    if any(a == b for a, b in pairwise(ordered)):
        raise BallotError(f"option position named twice: {ordered}")
    if ordered and not 0 <= ordered[0] <= ordered[-1] < MAX_OPTIONS:
        raise BallotError(f"option position out of range: {ordered}")
    return np.array(ordered, dtype=_AT_REST).tobytes()


def unpack(packed: bytes) -> tuple[int, ...]:
    """The option positions of one ballot at rest, in the order in which they are kept."""
    if len(packed) % _AT_REST.itemsize:
        raise BallotError(f"a ballot of {len(packed)} bytes is not a list of uint16")
    return tuple(np.frombuffer(packed, dtype=_AT_REST).tolist())


@dataclass(frozen=True, slots=True, eq=False)
class Dimension:
    """One property of the voters, such as their sex: ``labels[codes[i]]`` is that of ballot ``i``'s voter."""

    name: str
    labels: tuple[str, ...]
    codes: Codes

    @classmethod
    def of(cls, name: str, values: Sequence[str | None]) -> Dimension:
        """The dimension ``sector``, ``sex`` or ``age`` from one label a ballot (``None``: not stated)."""
        labels = LABELS[name]
        code: dict[str | None, int] = {label: position for position, label in enumerate(labels)}
        code[None] = code[NOT_STATED]
        codes = np.fromiter((code[value] for value in values), dtype=np.uint8, count=len(values))
        return cls(name, labels, codes)


@dataclass(frozen=True, slots=True, eq=False)
class BallotSet:
    """All ballots of a vote: ballot ``i`` names ``choices[offsets[i]:offsets[i + 1]]``.

    ``choices`` are option positions; ``dimensions`` hold one code a ballot, for the breakdown by group.
    """

    offsets: Offsets
    choices: Choices
    dimensions: tuple[Dimension, ...] = ()

    def __post_init__(self) -> None:
        if not len(self.offsets) or self.offsets[0] != 0 or self.offsets[-1] != len(self.choices):
            raise BallotError("offsets do not span the choices")
        for dimension in self.dimensions:
            if len(dimension.codes) != len(self):
                raise BallotError(f"{dimension.name}: {len(dimension.codes)} codes for {len(self)} ballots")

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @classmethod
    def from_packed(cls, packed: Sequence[bytes], dimensions: tuple[Dimension, ...] = ()) -> BallotSet:
        """Many ballots at rest in one go: one join, no loop over choices."""
        sizes = np.fromiter(map(len, packed), dtype=np.int64, count=len(packed))
        if (sizes % _AT_REST.itemsize).any():
            raise BallotError(f"ballot {int(np.argmax(sizes % _AT_REST.itemsize))} is not a list of uint16")
        choices = np.frombuffer(b"".join(packed), dtype=_AT_REST).astype(np.uint16, copy=False)
        return cls(spans(sizes // _AT_REST.itemsize), choices, dimensions)

    def to_packed(self) -> list[bytes]:
        """The ballots at rest, in order: the opposite of ``from_packed``."""
        joined = self.choices.astype(_AT_REST, copy=False).tobytes()
        ends = (self.offsets * _AT_REST.itemsize).tolist()
        return [joined[start:end] for start, end in pairwise(ends)]

    @property
    def lengths(self) -> Offsets:
        """Number of choices of each ballot; 0 is a blank ballot."""
        return np.diff(self.offsets)

    @property
    def blank(self) -> int:
        """Number of ballots that name nothing."""
        return int(np.count_nonzero(self.lengths == 0))

    def tally(self, options: int) -> npt.NDArray[np.int64]:
        """Number of ballots that name each of ``options`` options; BallotError when a ballot names another one."""
        counts = np.bincount(self.choices, minlength=options)
        if len(counts) > options:
            raise BallotError(f"a ballot names option {len(counts) - 1}, there are {options}")
        return counts.astype(np.int64, copy=False)

    def require_sets(self) -> None:
        """BallotError unless every ballot is a set: positions strictly ascending, so that none counts twice."""
        rises = self.choices[1:] > self.choices[:-1]
        rises[self._inner_starts() - 1] = True
        if not rises.all():
            ballot = int(np.searchsorted(self.offsets, int(np.argmin(rises)), side="right")) - 1
            raise BallotError(f"ballot {ballot} is not a list of different options in ballot order")

    def require_lengths(self, least: int, most: int | None) -> None:
        """BallotError unless every ballot that is not blank names between ``least`` and ``most`` options."""
        lengths = self.lengths
        wrong = (lengths > 0) & (lengths < least)
        if most is not None:
            wrong |= lengths > most
        if wrong.any():
            ballot = int(np.argmax(wrong))
            raise BallotError(f"ballot {ballot} names {int(lengths[ballot])} options, allowed are {least} to {most}")

    def _inner_starts(self) -> Offsets:
        """Places in ``choices`` where another ballot than the first begins."""
        starts = self.offsets[1:-1]
        return starts[(starts > 0) & (starts < len(self.choices))]


def spans(lengths: npt.NDArray[np.int64]) -> Offsets:
    """Offsets (one more than ballots) from the number of choices of each ballot."""
    offsets = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets
