"""The years that a budget counts in: those of the Persian or of the Gregorian calendar, as the city's treasury does."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from persiantools.jdatetime import JalaliDate

YEARS = 4
"""How long a plan runs after the designation (RULE-PLAN)."""
APART = 621
"""A Persian year begins in the Gregorian year of this number more."""
PLAUSIBLE = {"jalali": (1300, 1600), "gregorian": (1921, 2221)}


class Calendar(StrEnum):
    JALALI = "jalali"
    GREGORIAN = "gregorian"

    @property
    def other(self) -> Calendar:
        return Calendar.GREGORIAN if self is Calendar.JALALI else Calendar.JALALI


def year_of(day: date, calendar: Calendar) -> int:
    """The year of the calendar that the day falls in."""
    return JalaliDate(day).year if calendar is Calendar.JALALI else day.year


def end_of(begins_on: date) -> date:
    """The first day after the four years; 29 February ends on 1 March."""
    try:
        return begins_on.replace(year=begins_on.year + YEARS)
    except ValueError:
        return date(begins_on.year + YEARS, 3, 1)


def budget_years(begins_on: date, calendar: Calendar) -> list[int]:
    """The years that the four years after ``begins_on`` touch: four or five."""
    last = date.fromordinal(end_of(begins_on).toordinal() - 1)
    return list(range(year_of(begins_on, calendar), year_of(last, calendar) + 1))


def is_of(year: int, calendar: Calendar) -> bool:
    """Whether a number looks like a year of this calendar."""
    least, most = PLAUSIBLE[calendar]
    return least <= year <= most


def in_other(year: int, calendar: Calendar) -> int:
    """The year of the other calendar in which most of this one lies: 1405 ↔ 2026."""
    return year + APART if calendar is Calendar.JALALI else year - APART
