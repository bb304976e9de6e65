"""Ballots as columns: what every counting rule reads, and how one ballot is kept at rest.

At rest a ballot is the concatenation of its option positions (0 = first option on the ballot) as little-endian uint16:
two bytes a choice, no bytes for a blank ballot. A set of options is kept ascending, a ranking in the order of
preference. Where options get points (score, cumulative, yes and no) each position, ascending, is followed by its
points: four bytes. In memory all ballots of a vote are one ``BallotSet``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

Offsets = npt.NDArray[np.int64]
Choices = npt.NDArray[np.uint16]
Codes = npt.NDArray[np.uint8]
Weights = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int64]

MAX_OPTIONS = 1 << 16
MAX_POINTS = (1 << 16) - 1
_AT_REST = np.dtype("<u2")

NOT_STATED = "not_stated"
LABELS: Mapping[str, tuple[str, ...]] = {
    "sector": ("public", "private", "civil_society", NOT_STATED),
    "sex": ("female", "male", NOT_STATED),
    "age": ("under_30", "30_plus", NOT_STATED),
}


class BallotKind(StrEnum):
    """What a voter writes: docs/record-format.md §5. ``rules["ballot"]`` holds the value."""

    APPROVAL = "approval"
    CHOOSE = "choose"
    KNAPSACK = "knapsack"
    RANKED = "ranked"
    SCORE = "score"
    CUMULATIVE = "cumulative"
    YESNO = "yesno"

    @property
    def has_points(self) -> bool:
        """Each named option gets points; yes is 1 and no is 0."""
        return self in (BallotKind.SCORE, BallotKind.CUMULATIVE, BallotKind.YESNO)

    @property
    def is_ranked(self) -> bool:
        return self is BallotKind.RANKED


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


def pack_ranking(positions: Sequence[int]) -> bytes:
    """The bytes of a ranking, the most preferred option first; BallotError when one is named twice."""
    pack(positions)
    return np.array(positions, dtype=_AT_REST).tobytes()


def pack_points(points: Mapping[int, int]) -> bytes:
    """The bytes of a ballot with points, from position to points; BallotError for what does not fit into uint16."""
    pack(points)
    if not all(0 <= given <= MAX_POINTS for given in points.values()):
        raise BallotError(f"points out of range: {sorted(points.items())}")
    return np.array(sorted(points.items()), dtype=_AT_REST).tobytes()


def unpack_points(packed: bytes) -> tuple[tuple[int, int], ...]:
    """(position, points) of one ballot with points at rest."""
    if len(packed) % (2 * _AT_REST.itemsize):
        raise BallotError(f"a ballot of {len(packed)} bytes is not a list of pairs of uint16")
    return tuple((int(at), int(given)) for at, given in np.frombuffer(packed, dtype=_AT_REST).reshape(-1, 2))


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
    ``points``: of each choice, where the ballots have points. ``weights``: how often each ballot counts (whole, at
    least 1), where not once: equal ballots put together, organisations with weights, sectors balanced.
    """

    offsets: Offsets
    choices: Choices
    dimensions: tuple[Dimension, ...] = ()
    points: Choices | None = None
    weights: Weights | None = None

    def __post_init__(self) -> None:
        if not len(self.offsets) or self.offsets[0] != 0 or self.offsets[-1] != len(self.choices):
            raise BallotError("offsets do not span the choices")
        for dimension in self.dimensions:
            if len(dimension.codes) != len(self):
                raise BallotError(f"{dimension.name}: {len(dimension.codes)} codes for {len(self)} ballots")
        if self.points is not None and len(self.points) != len(self.choices):
            raise BallotError(f"{len(self.points)} points for {len(self.choices)} choices")
        if self.weights is not None and (len(self.weights) != len(self) or (self.weights < 1).any()):
            raise BallotError(f"{len(self.weights)} weights for {len(self)} ballots, each at least 1")

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @classmethod
    def from_packed(
        cls, packed: Sequence[bytes], dimensions: tuple[Dimension, ...] = (), *, has_points: bool = False
    ) -> BallotSet:
        """Many ballots at rest in one go: one join, no loop over choices."""
        sizes = np.fromiter(map(len, packed), dtype=np.int64, count=len(packed))
        return cls.from_joined(b"".join(packed), sizes, dimensions, has_points=has_points)

    @classmethod
    def from_joined(
        cls, joined: bytes, sizes: Offsets, dimensions: tuple[Dimension, ...] = (), *, has_points: bool = False
    ) -> BallotSet:
        """Ballots at rest one after the other; ``sizes``: the bytes of each."""
        size = _AT_REST.itemsize * (2 if has_points else 1)
        if (sizes % size).any():
            raise BallotError(f"ballot {int(np.argmax(sizes % size))} is not a list of uint16")
        read = np.frombuffer(joined, dtype=_AT_REST).astype(np.uint16, copy=False)
        if not has_points:
            return cls(spans(sizes // size), read, dimensions)
        return cls(spans(sizes // size), read[::2].copy(), dimensions, points=read[1::2].copy())

    def to_packed(self) -> list[bytes]:
        """The ballots at rest, in order: the opposite of ``from_packed``."""
        columns = self.choices if self.points is None else np.column_stack((self.choices, self.points))
        joined = columns.astype(_AT_REST, copy=False).tobytes()
        ends = (self.offsets * _AT_REST.itemsize * (1 if self.points is None else 2)).tolist()
        return [joined[start:end] for start, end in pairwise(ends)]

    def weighted(self, weights: Weights) -> BallotSet:
        """The same ballots, each counting so often."""
        return replace(self, weights=weights.astype(np.int64))

    @property
    def own_weights(self) -> Weights:
        """How often each ballot counts, spelled out."""
        return np.ones(len(self), dtype=np.int64) if self.weights is None else self.weights

    @property
    def cast(self) -> int:
        """Number of ballots, each as often as it counts."""
        return len(self) if self.weights is None else sum(self.weights.tolist())

    def grouped(self) -> BallotSet:
        """Equal ballots put together: the weights say how many. Without dimensions.

        The shorter ones come first, those of a length in the order of their choices (and points).
        """
        columns = self.choices if self.points is None else np.column_stack((self.choices, self.points)).ravel()
        width = 1 if self.points is None else 2
        lengths = self.lengths
        parts = [self._equal_of(columns, width, length) for length in np.unique(lengths).tolist()]
        rows = [part for part, _ in parts]
        joined = np.concatenate([np.zeros(0, dtype=np.uint16), *(part.ravel() for part in rows)])
        counted = np.concatenate([np.zeros(0, dtype=np.int64), *(weights for _, weights in parts)])
        offsets = spans(np.concatenate([np.zeros(0, dtype=np.int64), *map(_widths, rows)]) // width)
        points = None if self.points is None else joined[1::2].copy()
        return BallotSet(offsets, joined[::width].copy(), (), points, counted)

    def _equal_of(self, columns: Choices, width: int, length: int) -> tuple[Choices, Weights]:
        """The different ballots of one length, a row each, and how often each counts."""
        ballots = np.flatnonzero(self.lengths == length)
        own = None if self.weights is None else self.weights[ballots]
        starts = self.offsets[ballots] * width
        return _distinct([columns[starts + at] for at in range(length * width)], own, len(ballots))

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
        if len(self.choices) and (highest := int(self.choices.max())) >= options:
            raise BallotError(f"a ballot names option {highest}, there are {options}")
        if self.weights is None:
            return np.bincount(self.choices, minlength=options).astype(np.int64, copy=False)
        return np.array(totals(self.choices, options, np.repeat(self.weights, self.lengths)), dtype=np.int64)

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


_EXACT = 1 << 53
"""Below it every whole number is a float."""


def totals(
    places: npt.NDArray[np.unsignedinteger[Any] | np.signedinteger[Any]],
    size: int,
    weights: Numbers | None = None,
    factors: Numbers | None = None,
) -> list[int]:
    """The exact sums of ``weights`` times ``factors`` (1 where absent, none negative) for each place below ``size``."""
    if not len(places):
        return [0] * size
    if weights is None and factors is None:
        return _whole(np.bincount(places, minlength=size))
    one = np.ones(1, dtype=np.int64)
    amounts, others = (one if part is None else part for part in (weights, factors))
    if int(amounts.max()) * int(others.max()) * len(places) >= _EXACT:
        return _in_parts(places, size, amounts, others)
    product = np.broadcast_to(amounts * others, places.shape)
    return _whole(np.bincount(places, weights=product, minlength=size))


def _whole(sums: npt.NDArray[Any]) -> list[int]:
    return [int(each) for each in sums]


def _in_parts(places: npt.NDArray[Any], size: int, weights: Numbers, factors: Numbers) -> list[int]:
    """Sums too large for a float: by parts of sixteen bits, whose products and sums int64 holds."""
    found = [0] * size
    for low in range(0, 64, 16):
        for high in range(0, 64, 16):
            product = ((weights >> low) & 0xFFFF) * ((factors >> high) & 0xFFFF)
            if not product.any():
                continue
            part = np.zeros(size, dtype=np.int64)
            np.add.at(part, places, np.broadcast_to(product, places.shape))
            found = [old + (new << (low + high)) for old, new in zip(found, _whole(part), strict=True)]
    return found


def _distinct(symbols: list[Choices], own: Weights | None, ballots: int) -> tuple[Choices, Weights]:
    """Equal rows put together; ``symbols`` are the columns. Rows are compared as numbers of as few bits as can be."""
    used = np.flatnonzero(np.bincount(np.concatenate(symbols)) if symbols else np.zeros(0, dtype=np.int64))
    bits = max(1, int(len(used) - 1).bit_length()) if len(used) else 1
    code = np.zeros(int(used[-1]) + 1 if len(used) else 1, dtype=np.uint64)
    code[used] = np.arange(len(used), dtype=np.uint64)
    each = 64 // bits
    words = [_word([code[column] for column in symbols[at : at + each]], bits) for at in range(0, len(symbols), each)]
    kept, weights = _runs(words, own, ballots)
    columns = [_unword(words[at // each][kept], at, each, bits, len(symbols)) for at in range(len(symbols))]
    letters = used.astype(np.uint16)
    rows = np.column_stack([letters[column] for column in columns]) if columns else np.zeros((1, 0), dtype=np.uint16)
    return rows, weights


def _word(codes: list[npt.NDArray[np.uint64]], bits: int) -> npt.NDArray[np.uint64]:
    """Columns side by side in one number, the first the most significant."""
    word = codes[0].copy()
    for column in codes[1:]:
        word <<= np.uint64(bits)
        word |= column
    return word


def _unword(word: npt.NDArray[np.uint64], at: int, each: int, bits: int, columns: int) -> npt.NDArray[np.uint64]:
    """The column at this place, back from the number that it is part of."""
    inside = min(each, columns - at // each * each)
    shift = (inside - 1 - at % each) * bits
    return (word >> np.uint64(shift)) & np.uint64((1 << bits) - 1)


def _runs(words: list[npt.NDArray[np.uint64]], own: Weights | None, ballots: int) -> tuple[Numbers, Weights]:
    """One place of each different row, in ascending order, and the weight of all that are equal to it."""
    if not words:
        return np.zeros(1, dtype=np.int64), np.array([ballots if own is None else own.sum()], dtype=np.int64)
    order = np.argsort(words[0]) if len(words) == 1 else np.lexsort(words[::-1])
    changes = np.zeros(ballots, dtype=np.bool_)
    changes[0] = True
    for word in words:
        sorted_word = word[order]
        changes[1:] |= sorted_word[1:] != sorted_word[:-1]
    starts = np.flatnonzero(changes)
    if own is None:
        return order[starts], np.diff(np.append(starts, ballots))
    return order[starts], np.add.reduceat(own[order], starts)


def _widths(rows: Choices) -> Numbers:
    return np.full(rows.shape[0], rows.shape[1], dtype=np.int64)
