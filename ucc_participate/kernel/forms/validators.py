"""Checks of one field. Those of WTForms that need nothing from us are passed on with our sentences (see wording)."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import ngettext
from wtforms import validators as stock
from wtforms.validators import StopValidation, ValidationError

from ..i18n import fill
from ..text import TooLong, clean_line, word_count

_EMAIL = re.compile(r"[^\s@\"(),:;<>\[\\\]]+@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]*[^\W_]")
_LONGEST_EMAIL = 254


def was_given(field: Any) -> bool:
    """Did the person give anything at all? Blank text and files without a name are nothing."""
    if field.raw_data is None:
        return field.data not in (None, "", [], {}, False)
    return any(clean_line(typed) if isinstance(typed, str) else bool(typed) for typed in field.raw_data)


class Required:
    """Something must be given. What was given and cannot be read has its own message already, not "fill this in"."""

    def __init__(self, message: Any = None) -> None:
        self.message = message
        self.field_flags = {"required": True}

    def __call__(self, _form: Any, field: Any) -> None:
        if was_given(field):
            return
        field.errors[:] = []
        own = self.message or getattr(field, "missing_message", None)
        raise StopValidation(str(own) if own is not None else field.gettext("This field is required."))


class Optional:
    """Nothing may be given, and then nothing else is checked."""

    def __init__(self) -> None:
        self.field_flags = {"optional": True}

    def __call__(self, _form: Any, field: Any) -> None:
        if not was_given(field):
            field.errors[:] = []
            raise StopValidation


class Length(stock.Length):
    """Characters of the cleaned text. Sets no ``maxlength``: browsers would silently cut what is pasted."""

    def __init__(self, min: int = -1, max: int = -1, message: Any = None) -> None:  # noqa: A002  # WTForms' own names
        super().__init__(min=min, max=max, message=message)
        self.field_flags = {}

    def __call__(self, form: Any, field: Any) -> None:
        length = len(field.data or "")
        if self.message is None and self.max != -1 and length > self.max:
            raise ValidationError(str(TooLong(length, self.max).reason))
        super().__call__(form, field)


class _Range:
    """From ``min`` to ``max``, both included; either may be absent, or a function. Nothing given is fine."""

    at_least: str
    at_most: str
    between: str

    def __init__(self, min: Any = None, max: Any = None, message: Any = None) -> None:  # noqa: A002  # as in WTForms
        self.min, self.max, self.message = min, max, message
        self.field_flags: dict[str, Any] = {}

    def __call__(self, _form: Any, field: Any) -> None:
        least, most = _resolved(self.min), _resolved(self.max)
        if field.data is None or not (_is_below(field.data, least) or _is_below(most, field.data)):
            return
        stock_message = self.at_most if least is None else self.at_least if most is None else self.between
        message = field.gettext(stock_message) if self.message is None else str(self.message)
        raise ValidationError(fill(message, {"min": least, "max": most}))


class NumberRange(_Range):
    at_least = "Number must be at least %(min)s."
    at_most = "Number must be at most %(max)s."
    between = "Number must be between %(min)s and %(max)s."


class DateRange(_Range):
    """For days and for moments; bounds are of the field's own type."""

    at_least = "Date must be at least %(min)s."
    at_most = "Date must be at most %(max)s."
    between = "Date must be between %(min)s and %(max)s."


class WordLimit:
    """At most so many words."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.field_flags: dict[str, Any] = {}

    def __call__(self, _form: Any, field: Any) -> None:
        count = word_count(field.data or "")
        if count > self.most:
            raise ValidationError(
                ngettext(
                    "Shorten this to %(num)s word. It has %(count)s.",
                    "Shorten this to %(num)s words. It has %(count)s.",
                    self.most,
                    count=count,
                )
            )


class EmailAddress:
    """Looks like an address to which mail can be sent; only sending proves it."""

    def __init__(self) -> None:
        self.field_flags: dict[str, Any] = {}

    def __call__(self, _form: Any, field: Any) -> None:
        address = field.data or ""
        if not address:
            return
        local = address.partition("@")[0]
        dotted = local.startswith(".") or local.endswith(".") or ".." in address
        if dotted or len(address) > _LONGEST_EMAIL or not _EMAIL.fullmatch(address):
            raise ValidationError(field.gettext("Invalid email address."))


class WebAddress(stock.URL):
    """A web address, http or https; nothing given is fine."""

    def __call__(self, form: Any, field: Any) -> None:  # type: ignore[override]  # it is no longer a Regexp
        if field.data:
            super().__call__(form, field)


def _resolved(bound: Any) -> Any:
    return bound() if callable(bound) else bound


def _is_below(value: Any, other: Any) -> bool:
    return value is not None and other is not None and bool(value < other)
