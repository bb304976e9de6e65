"""Words and numbers as `.pb` files write them: sections, nothing, days, whole numbers, money."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l

from ...audit.canonical import MAX_INTEGER
from .files import PabulibError

SECTIONS = ("META", "PROJECTS", "VOTES")
ABSENT = frozenset({"", "None", "none", "nan", "NaN"})
_MONEY = re.compile(r"([0-9]{1,16})(?:[.,]([0-9]{1,9}))?")
_WHOLE = re.compile(r"[0-9]{1,15}(?:[.,]0+)?")
_DAY = re.compile(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})")
_SCALES = (1, 100, 100, 1000)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in major units as it was written: ``308151.26`` is whole 308151, decimals ``26``."""

    whole: str
    decimals: str
    row: int
    column: str

    def in_minor(self, scale: int) -> int:
        """The amount as a whole number of minor units, ``scale`` to the major one."""
        places = len(str(scale)) - 1
        amount = int(self.whole + self.decimals.ljust(places, "0"))
        if amount > MAX_INTEGER:
            raise PabulibError(self.row, self.column, _l("This number is too large."))
        return amount


def money(text: str, row: int, column: str) -> Money:
    """An amount that is not negative; PabulibError for anything else."""
    match = _MONEY.fullmatch(text)
    if match is None:
        raise PabulibError(row, column, _l("“%(text)s” is not a number.", text=text[:80]))
    return Money(match[1], (match[2] or "").rstrip("0"), row, column)


def whole(text: str, row: int, column: str) -> int:
    """A whole number that is not negative; PabulibError for anything else."""
    if _WHOLE.fullmatch(text) is None:
        raise PabulibError(row, column, _l("“%(text)s” is not a whole number.", text=text[:80]))
    return int(re.split("[.,]", text)[0])


def require_day(text: str, row: int, column: str) -> None:
    """PabulibError unless the text is a day such as ``31.01.2024``, or a year alone."""
    match = _DAY.fullmatch(text) or _DAY.fullmatch(f"01.01.{text}")
    try:
        day, month, year = map(int, match.groups() if match else ())
        date(year, month, day)
    except ValueError as error:
        reason = _l("“%(text)s” is neither a day such as 31.01.2024 nor a year.", text=text[:80])
        raise PabulibError(row, column, reason) from error


def common_scale(amounts: Iterable[Money]) -> int:
    """How many minor units make a major one, so that every amount is a whole number of them: 1, 100 or 1000."""
    longest = max(amounts, key=lambda amount: len(amount.decimals))
    if len(longest.decimals) >= len(_SCALES):
        raise PabulibError(longest.row, longest.column, _l("This amount of money has more than three decimals."))
    return _SCALES[len(longest.decimals)]
