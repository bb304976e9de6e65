"""Days and moments in two calendars and three languages.

Stored dates are Gregorian and stored moments are aware; the calendar is only how they are shown. Everything here is
pure: language, calendar and zone are arguments. persiantools does Jalali (equal to ICU from 1900 to 2149).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import get_day_names, get_month_names
from persiantools.jdatetime import MONTH_NAMES_EN, JalaliDate

from .languages import default_calendar
from .numerals import digits, latin_digits, number

DEFAULT_ZONE: Final = "Asia/Tehran"

_JALALI_MONTHS = {
    "fa": ("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"),
    "en": tuple(map(str, MONTH_NAMES_EN[1:])),
    "fr": tuple(str(name).lower().replace("sh", "ch") for name in MONTH_NAMES_EN[1:]),
}
_CLOCK = {"fa": "{day}، ساعت {time}", "en": "{day}, {time}", "fr": "{day} à {time}"}
_SPAN = {"fa": "{a} تا {b}", "en": "{a} – {b}", "fr": "du {a} au {b}"}
_SHORT_SPAN = {"fa": "{a} تا {b}", "en": "{a}–{b}", "fr": "du {a} au {b}"}
_FROM = {"fa": "از {a}", "en": "from {a}", "fr": "à partir du {a}"}
_UNTIL = {"fa": "تا {b}", "en": "until {b}", "fr": "jusqu’au {b}"}
_HOURS = {"fa": "{day}، ساعت {a} تا {b}", "en": "{day}, {a}–{b}", "fr": "{day}, de {a} à {b}"}
_AND = {"fa": " و ", "en": " and ", "fr": " et "}
_UNDER_A_MINUTE = {"fa": "کمتر از یک دقیقه", "en": "less than a minute", "fr": "moins d’une minute"}
_UNITS = {
    "fa": (("روز", "روز"), ("ساعت", "ساعت"), ("دقیقه", "دقیقه")),
    "en": (("day", "days"), ("hour", "hours"), ("minute", "minutes")),
    "fr": (("jour", "jours"), ("heure", "heures"), ("minute", "minutes")),
}


def day(value: date, *, locale: str, calendar: str | None = None, tz: str = DEFAULT_ZONE, weekday: bool = False) -> str:
    """``۲ مهر ۱۴۰۴``, ``24 September 2025``. A moment is shown by the day it has in ``tz``."""
    return _day(_local_day(value, tz), locale, calendar or default_calendar(locale), weekday)


def moment(value: datetime, *, locale: str, calendar: str | None = None, tz: str = DEFAULT_ZONE) -> str:
    """Day and time of an aware moment in ``tz``: ``۲ مهر ۱۴۰۴، ساعت ۱۸:۳۰``."""
    return _moment(value, locale, calendar or default_calendar(locale), tz)


def clock_time(value: datetime, *, locale: str) -> str:
    """The hour and minute that ``value`` shows in its own zone: ``18:30``, in French ``18 h 30``."""
    pattern = "%H\u00a0h\u00a0%M" if locale == "fr" else "%H:%M"
    return digits(value.strftime(pattern), locale=locale)


def month_year(value: date, *, locale: str, calendar: str | None = None, tz: str = DEFAULT_ZONE) -> str:
    """``مهر ۱۴۰۴``, ``September 2025``."""
    year, month, _day_of_month = calendar_parts(_local_day(value, tz), calendar or default_calendar(locale))
    return f"{_month(month, locale, calendar or default_calendar(locale))} {digits(year, locale=locale)}"


def period(
    start: date | None, end: date | None, *, locale: str, calendar: str | None = None, tz: str = DEFAULT_ZONE
) -> str:
    """From one day to another, saying month and year once where they are shared. Either end may be open.

    Two days: both are included. Two moments: the end is excluded, so one at midnight belongs to the day before;
    moments of one and the same day are shown with their hours.
    """
    calendar = calendar or default_calendar(locale)
    if start is None or end is None:
        return _open_period(start, end, locale, calendar, tz)
    if isinstance(start, datetime) and isinstance(end, datetime) and _local_day(start, tz) == _local_day(end, tz):
        return _hours(_local(start, tz), _local(end, tz), locale, calendar)
    return _span(_local_day(start, tz), _last_day(end, tz), locale, calendar)


def remaining(delta: timedelta, *, locale: str) -> str:
    """Time left in one or two units, rounded down so that nobody comes too late: ``2 days and 5 hours``."""
    minutes = int(delta.total_seconds() // 60)
    if minutes < 1:
        return _UNDER_A_MINUTE[locale]
    counts = (minutes // 1440, minutes // 60 % 24, minutes % 60)
    first = next(place for place, count in enumerate(counts) if count)
    wanted = counts[first : first + 1] if counts[0] >= 3 else counts[first : first + 2]
    units = [_count(count, first + place, locale) for place, count in enumerate(wanted) if count]
    return _AND[locale].join(units)


def month_names(calendar: str, *, locale: str) -> list[str]:
    """The twelve months of a year, in order."""
    if calendar == "jalali":
        return list(_JALALI_MONTHS[locale])
    standing_alone = get_month_names("wide", context="stand-alone", locale=locale)
    return [str(standing_alone[month]) for month in range(1, 13)]


def calendar_parts(value: date, calendar: str) -> tuple[int, int, int]:
    """Year, month and day of a date in a calendar."""
    if calendar == "gregorian":
        return value.year, value.month, value.day
    jalali = JalaliDate.to_jalali(value.year, value.month, value.day)
    return jalali.year, jalali.month, jalali.day


def date_from_parts(year: int, month: int, day_of_month: int, calendar: str) -> date:
    """The date that these numbers name in a calendar. Raises ValueError when there is none, such as 31 Mehr."""
    if calendar == "gregorian":
        return date(year, month, day_of_month)
    return JalaliDate(year, month, day_of_month).to_gregorian()


def days_in_month(year: int, month: int, calendar: str) -> int:
    if calendar == "jalali":
        return JalaliDate.days_in_month(month, year)
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - timedelta(days=1)).day


@lru_cache(maxsize=64)
def zone(name: str) -> tzinfo:
    return ZoneInfo(name)


def _local(value: datetime, tz: str) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a moment without a zone cannot be shown")
    return value.astimezone(zone(tz))


def _local_day(value: date, tz: str) -> date:
    return _local(value, tz).date() if isinstance(value, datetime) else value


def last_minute(end: datetime, tz: str = DEFAULT_ZONE) -> datetime:
    """When something that ends at this moment is said to end: 23:59 for what ends at midnight, which people take for
    the end of the day that then begins."""
    local = _local(end, tz)
    return end - timedelta(minutes=1) if (local.hour, local.minute) == (0, 0) else end


def _last_day(end: date, tz: str) -> date:
    """The last day that belongs to a period: moments exclude their end."""
    return _local_day(end - timedelta(microseconds=1), tz) if isinstance(end, datetime) else end


@lru_cache(maxsize=8192)
def _day(value: date, locale: str, calendar: str, weekday: bool) -> str:
    year, month, day_of_month = calendar_parts(value, calendar)
    name = _month(month, locale, calendar)
    written = digits(f"{_ordinal(day_of_month, locale)} {name} {year}", locale=locale)
    return _with_weekday(value, written, locale) if weekday else written


@lru_cache(maxsize=8192)
def _moment(value: datetime, locale: str, calendar: str, tz: str) -> str:
    local = _local(value, tz)
    return _CLOCK[locale].format(day=_day(local.date(), locale, calendar, False), time=clock_time(local, locale=locale))


def _with_weekday(value: date, written: str, locale: str) -> str:
    name = get_day_names("wide", locale=locale)[value.weekday()]
    return f"{name} {written}"


def _ordinal(day_of_month: int, locale: str) -> str:
    return "1er" if locale == "fr" and day_of_month == 1 else str(day_of_month)


@lru_cache(maxsize=128)
def _month(month: int, locale: str, calendar: str) -> str:
    if calendar == "jalali":
        return _JALALI_MONTHS[locale][month - 1]
    return str(get_month_names("wide", context="format", locale=locale)[month])


def _open_period(start: date | None, end: date | None, locale: str, calendar: str, tz: str) -> str:
    if start is not None:
        return _FROM[locale].format(a=_day(_local_day(start, tz), locale, calendar, False))
    if end is not None:
        return _UNTIL[locale].format(b=_day(_last_day(end, tz), locale, calendar, False))
    return ""


def _hours(start: datetime, end: datetime, locale: str, calendar: str) -> str:
    return _HOURS[locale].format(
        day=_day(start.date(), locale, calendar, False),
        a=clock_time(start, locale=locale),
        b=clock_time(end, locale=locale),
    )


def _span(start: date, end: date, locale: str, calendar: str) -> str:
    whole = _day(end, locale, calendar, False)
    if start >= end:
        return _day(start, locale, calendar, False)
    year, month, day_of_month = calendar_parts(start, calendar)
    end_year, end_month, _end_day = calendar_parts(end, calendar)
    beginning = digits(_ordinal(day_of_month, locale), locale=locale)
    if (year, month) == (end_year, end_month):
        return _SHORT_SPAN[locale].format(a=beginning, b=whole)
    if year == end_year:
        return _SPAN[locale].format(a=f"{beginning} {_month(month, locale, calendar)}", b=whole)
    return _SPAN[locale].format(a=_day(start, locale, calendar, False), b=whole)


def _count(count: int, unit: int, locale: str) -> str:
    return f"{number(count, locale=locale)} {_UNITS[locale][unit][count != 1]}"


JALALI_YEARS_AFTER: Final = 621
"""A Jalali year begins in the Gregorian year that is so much later."""
_SPAN_OF_YEARS = "{a}–{b}"
_BIRTH_YEARS = (range(1300, 1451), range(1900, 2101))


def gregorian_year(year: int) -> int:
    """A year as people write it, Jalali where it is under 1700; a Jalali year counts as the one it begins in."""
    return year if year >= 1700 else year + JALALI_YEARS_AFTER


def year(value: int, *, locale: str, calendar: str | None = None) -> str:
    """A Gregorian year in the calendar, as the two Jalali years that share it: ``۱۴۰۴–۱۴۰۵``, ``2026``."""
    if (calendar or default_calendar(locale)) == "gregorian":
        return digits(value, locale=locale)
    return digits(_SPAN_OF_YEARS.format(a=value - JALALI_YEARS_AFTER - 1, b=value - JALALI_YEARS_AFTER), locale=locale)


def birth_year_of(typed: str) -> int | None:
    """The Gregorian year of birth that somebody wrote, in any digits and either calendar; None when it is none."""
    text = latin_digits(typed.strip())
    if not text.isdigit() or not any(int(text) in years for years in _BIRTH_YEARS):
        return None
    return gregorian_year(int(text))
