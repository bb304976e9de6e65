"""The formatting functions as Jinja filters: language, calendar and zone come from the reader.

Absent values (None) print as a dash, so that a table need not ask. ``lazy_*`` are for messages made before the reader
is known, as in a policy's refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any, Final

from flask import Flask
from flask_babel.speaklater import LazyString
from jinja2 import pass_context
from markupsafe import Markup

from ..text import markdown
from . import dates, numerals
from .languages import TextIn, in_language
from .numerals import Number
from .readers import reader, site_language

ABSENT: Final = "–"


def _day(value: date | None, weekday: bool = False) -> str:
    if value is None:
        return ABSENT
    now = reader()
    return dates.day(value, locale=now.locale, calendar=now.calendar, tz=now.tz, weekday=weekday)


def _moment(value: datetime | None) -> str:
    if value is None:
        return ABSENT
    now = reader()
    return dates.moment(value, locale=now.locale, calendar=now.calendar, tz=now.tz)


def _last_minute(end: datetime) -> datetime:
    return dates.last_minute(end, reader().tz)


def _month_year(value: date | None) -> str:
    if value is None:
        return ABSENT
    now = reader()
    return dates.month_year(value, locale=now.locale, calendar=now.calendar, tz=now.tz)


def _year(value: int) -> str:
    now = reader()
    return dates.year(value, locale=now.locale, calendar=now.calendar)


def _period(start: date | None, end: date | None) -> str:
    now = reader()
    return dates.period(start, end, locale=now.locale, calendar=now.calendar, tz=now.tz) or ABSENT


def _remaining(delta: timedelta | None) -> str:
    return ABSENT if delta is None else dates.remaining(delta, locale=reader().locale)


def _number(value: Number | None, decimals: int | None = None) -> str:
    return ABSENT if value is None else numerals.number(value, locale=reader().locale, decimals=decimals)


def _percent(ratio: Number | None, decimals: int = 0) -> str:
    return ABSENT if ratio is None else numerals.percent(ratio, locale=reader().locale, decimals=decimals)


def _money(amount: Number | None, currency: str | None = None) -> str:
    """Without a currency, the site's own (setting UCC_CURRENCY)."""
    if amount is None:
        return ABSENT
    return numerals.money(amount, currency or site_language().currency, locale=reader().locale)


def _code_digits(text: str) -> str:
    return numerals.code_digits(text, locale=reader().locale)


def _digits(text: object) -> str:
    return ABSENT if text is None else numerals.digits(text, locale=reader().locale)


def listed(parts: Iterable[object]) -> str:
    """Several things in one line, with the comma of the reader's language; a semicolon where one has a comma itself."""
    texts = [str(part) for part in parts]
    comma, semicolon = ("، ", "؛ ") if reader().locale == "fa" else (", ", "; ")
    return (semicolon if any(comma in text for text in texts) else comma).join(texts)


def _in_language(texts: Any, locale: str | None = None) -> TextIn:
    return in_language(texts, locale or reader().locale)


def _markdown(typed: str | None) -> Markup:
    return markdown(typed or "")


FILTERS: Final[dict[str, Callable[..., Any]]] = {
    "day": _day,
    "moment": _moment,
    "last_minute": _last_minute,
    "month_year": _month_year,
    "year": _year,
    "period": _period,
    "remaining": _remaining,
    "number": _number,
    "percent": _percent,
    "money": _money,
    "code_digits": _code_digits,
    "digits": _digits,
    "in_language": _in_language,
    "listed": listed,
    "markdown": _markdown,
}


def register_filters(app: Flask) -> None:
    """Add the filters; ``period`` and ``money`` are functions of templates as well."""
    app.jinja_env.filters.update({name: _at_each_rendering(write) for name, write in FILTERS.items()})
    app.jinja_env.globals.update(period=_period, money=_money, in_language=_in_language)


def _at_each_rendering(write: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that asks for the context: Jinja would write a literal (``21|number``) once, for its first reader."""

    @pass_context
    def asked(_context: Any, *values: Any, **facts: Any) -> Any:
        return write(*values, **facts)

    return asked


def lazy_day(value: date) -> LazyString:
    return LazyString(_day, value)


def lazy_moment(value: datetime) -> LazyString:
    return LazyString(_moment, value)


def lazy_end(end: datetime) -> LazyString:
    """The last minute of what ends at this moment."""
    return LazyString(lambda: _moment(_last_minute(end)))


def lazy_number(value: Number) -> LazyString:
    return LazyString(_number, value)


def lazy_digits(value: object) -> LazyString:
    """Years and other figures that are no amounts: without separators."""
    return LazyString(_digits, value)


def lazy_money_in_words(amount: Number, currency: str) -> LazyString:
    return LazyString(lambda: numerals.money_in_words(amount, currency, locale=reader().locale))


def lazy_money(amount: Number, currency: str | None = None) -> LazyString:
    return LazyString(_money, amount, currency)
