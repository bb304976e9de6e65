"""The points of votes: a column of lists of whole numbers beside the column of projects."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from flask_babel import lazy_gettext as _l

from ..rules.ballots import MAX_POINTS
from .files import PabulibError, Rejected
from .numbers import ABSENT

Integers = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]

_NOT_WHOLE = -1
_BELOW_ZERO = -2
_TOO_MANY = -3
_SPELLED = re.compile(r"(-?)([0-9]{1,12})(?:\.0{1,6})?")
_MISMATCH = _l("This vote has not as many points as projects.")
_BROKEN = _l("Points must be whole numbers.")


class _Spelled(dict[str, int]):
    """A spelling of points → the points, or why they are none."""

    def __missing__(self, text: str) -> int:
        self[text] = _parsed(text.strip())
        return self[text]


def _parsed(text: str) -> int:
    match = _SPELLED.fullmatch(text)
    if match is None:
        return _NOT_WHOLE
    number = int(match[2])
    if match[1] and number:
        return _BELOW_ZERO
    return number if number <= MAX_POINTS else _TOO_MANY


class PointsReader:
    """Reads the points of votes. ``may_lack``: a vote without any is no fault (its points are 0)."""

    def __init__(self, *, may_lack: bool) -> None:
        self.rejected: list[Rejected] = []
        self._spelled = _Spelled()
        self._may_lack = may_lack

    def read(self, lines: Integers, cells: Sequence[str], lengths: Integers) -> tuple[Integers, Truths]:
        """The points of all choices, and which votes have a whole number for each; the others are reported.

        PabulibError for points that no ballot of ours can hold: without them the city's count would be another one.
        """
        if not cells:
            return np.zeros(0, dtype=np.int64), np.ones(0, dtype=np.bool_)
        given = np.fromiter((cell.count(",") for cell in cells), dtype=np.int64, count=len(cells)) + 1
        if (given == lengths).all():
            spelled = ",".join(cells).split(",")
            points = np.fromiter(map(self._spelled.__getitem__, spelled), dtype=np.int64, count=len(spelled))
            if not len(points) or points.min() >= 0:
                return points, np.ones(len(cells), dtype=np.bool_)
        return self._one_by_one(lines, cells, lengths.tolist())

    def _one_by_one(self, lines: Integers, cells: Sequence[str], lengths: list[int]) -> tuple[Integers, Truths]:
        good = np.ones(len(cells), dtype=np.bool_)
        found: list[int] = []
        for at, (cell, length) in enumerate(zip(cells, lengths, strict=True)):
            points = self._of_vote(int(lines[at]), cell, length)
            good[at] = points is not None
            found += [0] * length if points is None else points
        return np.array(found, dtype=np.int64), good

    def _of_vote(self, line: int, cell: str, length: int) -> list[int] | None:
        texts = [] if cell.strip() in ABSENT else [text for text in cell.split(",") if text.strip()]
        if not texts and self._may_lack:
            return [0] * length
        points = [self._spelled[text] for text in texts]
        for fault, reason in _REFUSED.items():
            if fault in points:
                raise PabulibError(line, "points", reason)
        if len(points) == length and _NOT_WHOLE not in points:
            return points
        reason = _MISMATCH if len(points) != length else _BROKEN
        self.rejected.append(Rejected(line, "points", reason))
        return None


_REFUSED = {
    _BELOW_ZERO: _l("Points below zero cannot be counted here."),
    _TOO_MANY: _l("More than 65,535 points for one project cannot be counted here."),
}
