"""What a file says about its voters, a column at a time: each distinct spelling is judged once."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from flask_babel import lazy_gettext as _l

from ..rules.ballots import LABELS, NOT_STATED, Codes
from .files import CHANNELS, Note
from .numbers import ABSENT

OLDEST = 120
_AGE = re.compile(r"(-?[0-9]{1,6})(?:\.0+)?")
_BAND = re.compile(r"([0-9]{1,3}) ?[-–—] ?([0-9]{1,3})")
_FROM = re.compile(r"(?:>=|≥) ?([0-9]{1,3})|([0-9]{1,3}) ?\+")
_BELOW = re.compile(r"< ?([0-9]{1,3})")
_SEXES = dict.fromkeys(("f", "k", "female", "woman"), "female") | dict.fromkeys(("m", "male", "man"), "male")

Judgement = tuple[str, Any]
"""The label of a spelling, and lazy text where there is something to remark, else None."""


class Column(dict[str, int]):
    """The spellings of one column, numbered as they come, and which one each row has."""

    def __init__(self) -> None:
        super().__init__()
        self._seen = array("I")

    def __missing__(self, spelling: str) -> int:
        self[spelling] = len(self)
        return self[spelling]

    def extend(self, spellings: Iterable[str]) -> None:
        self._seen.extend(map(self.__getitem__, spellings))

    @property
    def spellings(self) -> list[str]:
        return list(self)

    @property
    def numbers(self) -> npt.NDArray[np.uint32]:
        return np.array(self._seen, dtype=np.uint32)


def age_band(spelling: str) -> Judgement:
    """``under_30``, ``30_plus`` or not stated, for an age in years or a band such as ``18-29``."""
    if spelling in ABSENT:
        return NOT_STATED, None
    if band := _bounds(spelling):
        first, last = band
        if first <= last < 30:
            return "under_30", None
        if 30 <= first <= last:
            return "30_plus", None
        return NOT_STATED, _l("The age band %(age)s is on both sides of 30: taken as not stated.", age=spelling)
    age = _AGE.fullmatch(spelling)
    if age is None or not 0 < int(age[1]) <= OLDEST:
        return NOT_STATED, _l("“%(age)s” cannot be an age: taken as not stated.", age=spelling[:20])
    return ("under_30" if int(age[1]) < 30 else "30_plus"), None


def _bounds(spelling: str) -> tuple[int, int] | None:
    """First and last year of a band such as ``18-29``, ``65+``, ``<18``; None where it is none."""
    if band := _BAND.fullmatch(spelling):
        return int(band[1]), int(band[2])
    if since := _FROM.fullmatch(spelling):
        return int(since[1] or since[2]), OLDEST
    if until := _BELOW.fullmatch(spelling):
        return 0, int(until[1]) - 1
    return None


def sex(spelling: str) -> Judgement:
    """``female``, ``male`` or not stated; the format's third value has no row of its own in our breakdown."""
    known = _SEXES.get(spelling.lower())
    if known or spelling in ABSENT:
        return known or NOT_STATED, None
    return NOT_STATED, _l("Sex “%(sex)s” is counted as not stated.", sex=spelling[:20])


def channel(spelling: str) -> Judgement:
    """``internet``, ``paper`` or not stated."""
    if spelling.lower() in CHANNELS or spelling in ABSENT:
        return (spelling.lower() if spelling.lower() in CHANNELS else NOT_STATED), None
    return NOT_STATED, _l("Voting method “%(method)s” is not known: taken as not stated.", method=spelling[:20])


COLUMNS: dict[str, tuple[Callable[[str], Judgement], tuple[str, ...]]] = {
    "age": (age_band, LABELS["age"]),
    "sex": (sex, LABELS["sex"]),
    "voting_method": (channel, CHANNELS),
}
"""The columns that are read, with what judges a spelling and the labels in the order of their codes."""


def judged(name: str, column: Column, rows: npt.NDArray[np.int64]) -> tuple[Codes, Iterator[Note]]:
    """The code of every row, and a note for each odd spelling with the first of its rows and their number."""
    judge, labels = COLUMNS[name]
    verdicts = [judge(spelling.strip()) for spelling in column]
    codes = np.array([labels.index(label) for label, _ in verdicts], dtype=np.uint8)
    numbers = column.numbers
    times = np.bincount(numbers, minlength=len(verdicts)).tolist()
    notes = (
        Note(int(rows[np.argmax(numbers == number)]), name, remark, times[number])
        for number, (_, remark) in enumerate(verdicts)
        if remark is not None
    )
    return (codes[numbers] if len(codes) else np.zeros(0, dtype=np.uint8)), notes
