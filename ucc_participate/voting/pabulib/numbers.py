"""Words and numbers as `.pb` files write them: sections, nothing, days, whole numbers, money."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from flask_babel import lazy_gettext as _l

from ...audit.canonical import MAX_INTEGER
from .files import PabulibError

SECTIONS = ("META", "PROJECTS", "VOTES")
ABSENT = frozenset({"", "None", "none", "nan", "NaN", "NULL", "null"})
MOST_DECIMALS = 3
_PLAIN = re.compile(r"([0-9]{1,16})(?:[.,]([0-9]{1,18}))?")
_GROUPED = re.compile(r"([0-9]{1,3}(?:([ \u00a0\u2009\u202f'’.,])[0-9]{3})(?:\2[0-9]{3}){0,4})(?:([.,])([0-9]{1,18}))?")
_EXPONENT = re.compile(r"[0-9](?:\.[0-9]{1,16})?[eE]\+?[0-9]{1,2}")
_ONE_OR_A_THOUSAND = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3}|\.[0-9]{2}0)")
_WHOLE = re.compile(r"([0-9]{1,15}|[0-9]{1,3}(?:[ \u00a0\u2009\u202f'’][0-9]{3}){1,4})(?:[.,]0{1,2})?")
_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_ISO_DAY = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?:[T ][0-9:.]{5,15}Z?)?")
_YEAR = re.compile(r"[0-9]{4}")
_SCALES = (1, 100, 100, 1000)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in major units as it was written: ``308151.26`` is whole 308151, decimals ``26``.

    ``is_rounded``: the file has more decimals than money has.
    """

    whole: str
    decimals: str
    row: int
    column: str
    is_rounded: bool = False

    def __str__(self) -> str:
        """As the format writes it: no thousands apart, a decimal point."""
        return f"{int(self.whole)}.{self.decimals}" if self.decimals else str(int(self.whole))

    def in_minor(self, scale: int) -> int:
        """The amount as a whole number of minor units, ``scale`` to the major one."""
        places = len(str(scale)) - 1
        amount = int(self.whole + self.decimals.ljust(places, "0"))
        if amount > MAX_INTEGER:
            raise PabulibError(self.row, self.column, _l("This number is too large."))
        return amount


def money(text: str, row: int, column: str) -> Money:
    """An amount that is not negative, rounded to three decimals; PabulibError for anything else.

    Thousands may be apart (``1 000``, ``1.000.000,50``, ``1'000``) and a float may have an exponent. ``1,000`` and
    ``1.000`` are refused: in one country they are one, in another one a thousand.
    """
    if _ONE_OR_A_THOUSAND.fullmatch(text):
        reason = _l("“%(text)s” may be read in two ways. Write it without a separator of thousands.", text=text)
        raise PabulibError(row, column, reason)
    digits = _digits(text)
    if digits is None:
        raise PabulibError(row, column, _l("“%(text)s” is not a number.", text=text[:80]))
    whole, decimals = digits
    if len(decimals) <= MOST_DECIMALS:
        return Money(whole, decimals, row, column)
    rounded = Decimal(f"{whole}.{decimals}").quantize(Decimal(10) ** -MOST_DECIMALS, ROUND_HALF_UP)
    whole, _, decimals = f"{rounded:f}".partition(".")
    return Money(whole, decimals.rstrip("0"), row, column, is_rounded=True)


def _digits(text: str) -> tuple[str, str] | None:
    """The digits before and after the decimal mark, the latter without zeros at their end."""
    if match := _PLAIN.fullmatch(text):
        return match[1], (match[2] or "").rstrip("0")
    if (match := _GROUPED.fullmatch(text)) and match[2] != match[3]:
        return re.sub("[^0-9]", "", match[1]), (match[4] or "").rstrip("0")
    if _EXPONENT.fullmatch(text) and (amount := Decimal(text)) < 10**16:
        whole, _, decimals = f"{amount:f}".partition(".")
        return whole, decimals.rstrip("0")
    return None


def whole(text: str, row: int, column: str) -> int:
    """A whole number that is not negative; PabulibError for anything else."""
    match = _WHOLE.fullmatch(text)
    if match is None:
        raise PabulibError(row, column, _l("“%(text)s” is not a whole number.", text=text[:80]))
    return int(re.sub("[^0-9]", "", match[1]))


def day(text: str, row: int, column: str) -> str:
    """The day as ``31.01.2024``, or a year alone as it is; PabulibError for anything else."""
    try:
        if _YEAR.fullmatch(text):
            return f"{date(int(text), 1, 1):%Y}"
        if match := _ISO_DAY.fullmatch(text):
            return f"{date(int(match[1]), int(match[3]), int(match[4])):%d.%m.%Y}"
        if match := _DAY.fullmatch(text):
            return f"{date(int(match[3]), int(match[2]), int(match[1])):%d.%m.%Y}"
        raise ValueError(text)
    except ValueError as error:
        reason = _l("“%(text)s” is neither a day such as 31.01.2024 nor a year.", text=text[:80])
        raise PabulibError(row, column, reason) from error


def common_scale(amounts: Iterable[Money]) -> int:
    """How many minor units make a major one, so that every amount is a whole number of them: 1, 100 or 1000."""
    return _SCALES[max(len(amount.decimals) for amount in amounts)]
