"""Fields of several inputs: a day in the reader's calendar, a moment, a text in three languages.

Each input is a field of its own (``field.day``, ``field.month``, …; all of them in ``field.parts``) for macros to
render; errors belong to the whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timezone
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import Field
from wtforms.utils import unset_value
from wtforms.validators import ValidationError

from ..i18n import (
    LANGUAGE_NAMES,
    LOCALES,
    calendar_parts,
    date_from_parts,
    days_in_month,
    digits,
    latin_digits,
    month_names,
    reader,
    text_direction,
    zone,
)
from ..text import clean_line
from .fields import LINE_LENGTH, TEXT_LENGTH, Parsed, SelectField, StringField, TextAreaField

_YEARS = {"jalali": (1200, 1600), "gregorian": (1800, 2200)}
_TIME = re.compile(r"([01]?\d|2[0-3])(?:[:.h]([0-5]\d)|h)?", re.ASCII)


class CompoundWidget:
    """The parts one after another, each with its label: plain, for where no macro renders them."""

    def __call__(self, field: CompoundField, **kwargs: Any) -> Markup:
        inputs = (Markup("<span>{} {}</span>").format(part.label(), part(**kwargs)) for part in field.parts.values())
        return Markup('<span id="{}">{}</span>').format(field.id, Markup(" ").join(inputs))


class CompoundField(Parsed, Field):
    """A value made of several inputs. Subclasses say which, and how they become the value and back."""

    widget = CompoundWidget()
    process_errors: list[str]
    _form: Any
    _translations: Any

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.wrong: set[str] = set()
        self.parts: dict[str, Any] = {name: self._bound(name, part) for name, part in self.make_parts().items()}
        for name, part in self.parts.items():
            setattr(self, name, part)

    def make_parts(self) -> Mapping[str, Any]:
        """Unbound fields by name, in the order of the page."""
        raise NotImplementedError

    def combine(self) -> Any:
        """The value of what was typed, None for nothing. Raises ValueError with a message."""
        raise NotImplementedError

    def split(self, value: Any) -> Mapping[str, Any]:
        """The value of each part."""
        raise NotImplementedError

    @property
    def anchor(self) -> str:
        """Id of the input to jump to from the error summary."""
        name = next((name for name in self.parts if name in self.wrong), next(iter(self.parts)))
        return str(self.parts[name].id)

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        self.process_errors = []
        if data is unset_value:
            data = self.default() if callable(self.default) else self.default
        self.object_data = self.data = data
        if formdata is not None and any(part.name in formdata for part in self.parts.values()):
            self._take(formdata)
            return
        self.raw_data = None if formdata is None else []
        pieces = {} if data is None else self.split(data)
        for name, part in self.parts.items():
            part.process(None, pieces.get(name))

    def typed(self, name: str) -> str:
        """What was typed into a part, digits Latin."""
        raw = self.parts[name].raw_data
        return latin_digits(clean_line(raw[0])) if raw else ""

    def _take(self, formdata: Any) -> None:
        for part in self.parts.values():
            part.process(formdata)
        self.raw_data = [typed for part in self.parts.values() for typed in part.raw_data]
        self.data = None
        try:
            self.data = self.combine()
        except ValueError as problem:
            self.process_errors.append(problem.args[0])

    def _bound(self, name: str, part: Any) -> Any:
        return part.bind(form=self._form, name=f"{self.name}-{name}", translations=self._translations, _meta=self.meta)


class DayField(CompoundField):
    """A date in the reader's calendar; ``data`` is a ``datetime.date`` or None.

    The month's value carries its calendar (``jalali-7``), so that a form filled in before the reader changed the
    calendar is still read rightly. A bare ``7`` is taken in the reader's calendar.
    """

    missing_message = _l("Give the day, the month and the year.")
    day: StringField
    month: SelectField
    year: StringField

    def make_parts(self) -> Mapping[str, Any]:
        self.calendar = reader().calendar
        numeric = {"inputmode": "numeric", "autocomplete": "off"}
        return {
            "day": StringField(_l("Day"), max_length=20, render_kw={**numeric, "size": "2"}),
            "month": SelectField(_l("Month"), choices=_months(self.calendar), blank=_l("Month"), validate_choice=False),
            "year": StringField(_l("Year"), max_length=20, render_kw={**numeric, "size": "4"}),
        }

    def combine(self) -> Any:
        typed = {name: self.typed(name) for name in ("day", "month", "year")}
        if not any(typed.values()):
            return None
        self._use_typed_calendar(typed)
        self._refuse_gaps(typed)
        return self._date(int(typed["year"]), int(typed["month"]), int(typed["day"]))

    def split(self, value: date) -> Mapping[str, Any]:
        year, month, day = calendar_parts(value, self.calendar)
        locale = reader().locale
        return {
            "day": digits(day, locale=locale),
            "month": f"{self.calendar}-{month}",
            "year": digits(year, locale=locale),
        }

    def _use_typed_calendar(self, typed: dict[str, str]) -> None:
        calendar, dash, month = typed["month"].rpartition("-")
        if dash and calendar in _YEARS:
            self.calendar, typed["month"] = calendar, month
        month_part = self.parts["month"]
        month_part.offer(_months(self.calendar))
        month_part.data = f"{self.calendar}-{typed['month']}" if typed["month"] else None

    def _refuse_gaps(self, typed: Mapping[str, str]) -> None:
        self.wrong = {name for name, text in typed.items() if not text}
        if self.wrong:
            raise ValueError(_("The date is not complete. Give the day, the month and the year."))
        self.wrong = {
            name for name, text in typed.items() if not (text.isascii() and text.isdigit() and len(text) <= 4)
        }
        if self.wrong:
            raise ValueError(
                _("Write the day and the year in digits, for example %(example)s.", example=self._example())
            )

    def _date(self, year: int, month: int, day: int) -> date:
        earliest, latest = _YEARS[self.calendar]
        if not earliest <= year <= latest:
            self.wrong = {"year"}
            example = digits(calendar_year(self.calendar), locale=reader().locale)
            raise ValueError(_("Write the year with four digits, for example %(example)s.", example=example))
        if not 1 <= month <= 12:
            self.wrong = {"month"}
            raise ValueError(_("Choose the month."))
        if not 1 <= day <= days_in_month(year, month, self.calendar):
            self.wrong = {"day"}
            raise ValueError(self._no_such_day(year, month, day))
        return date_from_parts(year, month, day, self.calendar)

    def _no_such_day(self, year: int, month: int, day: int) -> str:
        locale = reader().locale
        text = _(
            "%(month)s %(year)s has %(days)s days. There is no day %(day)s in it.",
            month=month_names(self.calendar, locale=locale)[month - 1],
            year=digits(year, locale=locale),
            days=days_in_month(year, month, self.calendar),
            day=day,
        )
        return str(text)

    def _example(self) -> str:
        month = month_names(self.calendar, locale=reader().locale)[6]
        return digits(f"2 {month} {calendar_year(self.calendar)}", locale=reader().locale)


class MomentField(DayField):
    """A day and a time of day in the site's zone; ``data`` is an aware datetime in UTC, or None."""

    missing_message = _l("Give the day, the month, the year and the time.")
    time: StringField

    def make_parts(self) -> Mapping[str, Any]:
        clock = StringField(
            _l("Time"), max_length=20, render_kw={"inputmode": "text", "autocomplete": "off", "size": "5"}
        )
        return {**super().make_parts(), "time": clock}

    def combine(self) -> Any:
        time = self.typed("time")
        day = super().combine()
        if day is None and not time:
            return None
        if day is None or not time:
            self.wrong = {"time"} if day else {"day", "month", "year"}
            raise ValueError(_("Give both the day and the time."))
        return self._moment(day, time)

    def split(self, value: date) -> Mapping[str, Any]:
        if not isinstance(value, datetime):
            raise TypeError("a moment is needed, not a day")
        local = value.astimezone(zone(reader().tz))
        time = digits(local.strftime("%H:%M"), locale=reader().locale)
        return {**super().split(local.date()), "time": time}

    def _moment(self, day: date, time: str) -> datetime:
        found = _TIME.fullmatch(time.replace(" ", "").lower())
        if found is None:
            self.wrong = {"time"}
            raise ValueError(self.gettext("Not a valid time value.") % {})
        site_zone = zone(reader().tz)
        local = datetime(day.year, day.month, day.day, int(found[1]), int(found[2] or 0), tzinfo=site_zone)
        moment = local.astimezone(timezone.utc)
        if moment.astimezone(site_zone).replace(tzinfo=None) != local.replace(tzinfo=None):
            self.wrong = {"time"}
            raise ValueError(_("The clocks are set forward at this time of that day. Choose an earlier or later time."))
        return moment


class LocalizedTextField(CompoundField):
    """One text in Persian, English and French; ``data`` is ``{"fa": …}`` without the blank ones.

    With ``Required()`` at least one language must be given. ``multiline`` makes text areas.
    """

    missing_message = _l("Write this in at least one language.")

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        multiline: bool = False,
        max_length: int | None = None,
        **kwargs: Any,
    ) -> None:
        self.multiline = multiline
        self.max_length = max_length or (TEXT_LENGTH if multiline else LINE_LENGTH)
        super().__init__(label, validators, **kwargs)

    def make_parts(self) -> Mapping[str, Any]:
        kind = TextAreaField if self.multiline else StringField
        return {
            locale: kind(
                LANGUAGE_NAMES[locale],
                max_length=self.max_length,
                render_kw={"lang": locale, "dir": text_direction(locale)},
            )
            for locale in LOCALES
        }

    def combine(self) -> Any:
        return {name: part.data for name, part in self.parts.items() if part.data}

    def split(self, value: Mapping[str, str]) -> Mapping[str, Any]:
        return value

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(formdata, data, extra_filters)
        self.data = self.data or {}

    def pre_validate(self, form: Any) -> None:
        """Length and the like are checked in each language; the message names it."""
        self.wrong = {name for name, part in self.parts.items() if not part.validate(form)}
        if self.wrong:
            first = next(name for name in self.parts if name in self.wrong)
            message = self.parts[first].errors[0]
            raise ValidationError(_("%(language)s: %(message)s", language=LANGUAGE_NAMES[first], message=message))


def calendar_year(calendar: str) -> int:
    """A year of our time, for examples."""
    return 1405 if calendar == "jalali" else 2026


def _months(calendar: str) -> list[tuple[str, str]]:
    names = month_names(calendar, locale=reader().locale)
    return [(f"{calendar}-{number}", name) for number, name in enumerate(names, start=1)]
