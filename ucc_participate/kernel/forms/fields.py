"""Fields with one input, and groups of choices. What is typed is cleaned; digits may be Persian, Arabic or Latin."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import widgets
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import StopValidation, ValidationError

from .. import clock
from ..errors import Invalid
from ..files import Kind, UploadRefused, check_upload
from ..i18n import JALALI_YEARS_AFTER, birth_year_of, digits, latin_digits, reader
from ..tables import XLSX_TYPE, read_table
from ..text import clean_line, clean_text
from .validators import EmailAddress, Length, WebAddress

Vocabulary = Mapping[Any, Any] | Iterable[tuple[Any, ...]] | Callable[[], Any]

LINE_LENGTH = 200
TEXT_LENGTH = 10_000
_LARGEST = 2**53 - 1  # what the log can hold (docs/record-format.md)
_GROUPED = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,30}(?:\.\d{1,30})?", re.ASCII)
_DECIMAL_POINT = {"fa": "٫", "en": ".", "fr": ","}


class StringField(wtforms.StringField):
    """One line of text, cleaned; ``data`` is never None. At most ``max_length`` characters."""

    def __init__(
        self, label: Any = None, validators: Any = None, *, max_length: int = LINE_LENGTH, **kwargs: Any
    ) -> None:
        kwargs.setdefault("filters", (clean_line,))
        super().__init__(label, [*(validators or ()), Length(max=max_length)], **kwargs)
        self.max_length = max_length


class TextAreaField(wtforms.TextAreaField):
    """Several lines of text, cleaned; ``data`` is never None. At most ``max_length`` characters."""

    def __init__(
        self, label: Any = None, validators: Any = None, *, max_length: int = TEXT_LENGTH, **kwargs: Any
    ) -> None:
        kwargs.setdefault("filters", (clean_text,))
        super().__init__(label, [*(validators or ()), Length(max=max_length)], **kwargs)
        self.max_length = max_length


class EmailField(StringField):
    """An e-mail address, written left to right, kept in small letters."""

    widget = widgets.EmailInput()

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("filters", (_address,))
        kwargs.setdefault("render_kw", {"dir": "ltr", "autocomplete": "email", "spellcheck": "false"})
        super().__init__(label, [*(validators or ()), EmailAddress()], max_length=254, **kwargs)


class TypedCodeField(StringField):
    """A code from paper, in Latin letters and digits: typed from left to right, never corrected by a telephone."""

    def __init__(self, label: Any = None, validators: Any = None, *, max_length: int = 40, **kwargs: Any) -> None:
        typed = {"dir": "ltr", "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        kwargs.setdefault("render_kw", typed)
        super().__init__(label, validators, max_length=max_length, **kwargs)


class WebAddressField(StringField):
    """An http or https address; ``example.org`` alone gets ``https://`` in front."""

    widget = widgets.URLInput()

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("filters", (web_address_of,))
        kwargs.setdefault("render_kw", {"dir": "ltr", "autocomplete": "url", "spellcheck": "false"})
        super().__init__(label, [*(validators or ()), WebAddress()], max_length=2000, **kwargs)


class PasswordField(wtforms.PasswordField):
    """Taken exactly as typed."""


class HiddenField(wtforms.HiddenField):
    """Carried along, not typed. No page of ours writes a null character, and PostgreSQL takes none."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata([value for value in valuelist if "\0" not in value])


class BooleanField(wtforms.BooleanField):
    """One box to tick."""

    missing_message = _l("Tick this box to go on.")


class Parsed:
    """For fields whose input may be unreadable: then only that is said, no further check runs."""

    process_errors: Any

    def pre_validate(self, form: Any) -> None:
        if self.process_errors:
            raise StopValidation
        super().pre_validate(form)  # type: ignore[misc]


class IntegerField(Parsed, wtforms.IntegerField):
    """A whole number in any of our digits, grouped or not; nothing typed is None."""

    widget = widgets.TextInput()

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("render_kw", {"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(label, validators, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        value = _parsed(self, valuelist, "Not a valid integer value.")
        if value is not None and (value != value.to_integral_value() or abs(value) > _LARGEST):
            self.data = None
            raise ValueError(self.gettext("Not a valid integer value."))
        self.data = None if value is None else int(value)

    def _value(self) -> str:
        return _shown(self, None if self.data is None else str(self.data))


class BirthYearField(IntegerField):
    """A year of birth up to this one, Jalali or Gregorian as people write it; ``data`` is Gregorian."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = clean_line(valuelist[0]) if valuelist else ""
        self.data = birth_year_of(typed) if typed else None
        if typed and (self.data is None or self.data > clock.now().year):
            self.data = None
            raise ValueError(_year_wanted())


class DecimalField(Parsed, wtforms.DecimalField):
    """A number in any of our digits, with a point or a comma before its decimals; nothing typed is None."""

    widget = widgets.TextInput()

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("render_kw", {"inputmode": "decimal", "autocomplete": "off"})
        kwargs.setdefault("places", None)
        super().__init__(label, validators, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = _parsed(self, valuelist, "Not a valid decimal value.")

    def _value(self) -> str:
        point = _DECIMAL_POINT[reader().locale]
        return _shown(self, None if self.data is None else _plain(self.data).replace(".", point))


def _plain(value: Any) -> str:
    """Without an exponent, and without decimals that say nothing: a column with six of them gives 3.000000 for 3."""
    written = f"{value:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


class _ChoiceField(wtforms.SelectField):
    """Choices from a vocabulary: ``{id: label}``, ``(id, label)`` or ``(id, label, hint)``, or a function giving one.

    Each option of an iterated field has ``.hint`` (None where there is none).
    """

    hints: dict[str, Any]

    def __init__(self, label: Any = None, validators: Any = None, *, choices: Vocabulary = (), **kwargs: Any) -> None:
        kwargs.setdefault("coerce", str)
        super().__init__(label, validators, **kwargs)
        self.offer(choices)

    def offer(self, choices: Vocabulary) -> None:
        """Replace the choices, as a form does that reads them from the database."""
        found = choices() if callable(choices) else choices
        entries = [tuple(entry) for entry in (found.items() if isinstance(found, Mapping) else found)]
        self.hints = {str(entry[0]): entry[2] for entry in entries if len(entry) == 3}
        self.choices = [SelectChoice(str(entry[0]), entry[1]) for entry in entries]

    def __iter__(self) -> Iterator[Any]:
        option: Any
        for option in super().__iter__():
            option.hint = self.hints.get(str(option.choice.value))
            yield option


class SelectField(_ChoiceField):
    """One of a long list; ``blank`` is the first line while nothing is chosen. Nothing chosen is None."""

    missing_message = _l("Choose one.")

    def __init__(self, label: Any = None, validators: Any = None, *, choices: Vocabulary = (), **kwargs: Any) -> None:
        self.blank = kwargs.pop("blank", _l("Choose…"))
        super().__init__(label, validators, choices=choices, **kwargs)
        self.coerce = _blank_is_none(self.coerce)

    def offer(self, choices: Vocabulary) -> None:
        super().offer(choices)
        if self.blank is not None:
            offered: Any = self.choices
            self.choices = [SelectChoice("", self.blank), *offered]

    def pre_validate(self, form: Any) -> None:
        if self.data is not None:
            super().pre_validate(form)


class RadioField(_ChoiceField, wtforms.RadioField):
    """One of a few, as a group of radio buttons. Nothing chosen is None."""

    missing_message = _l("Choose one.")

    def pre_validate(self, form: Any) -> None:
        if self.data is not None:
            super().pre_validate(form)


class CheckboxesField(_ChoiceField, wtforms.SelectMultipleField):
    """Any of a list, as a group of boxes, at least ``fewest`` and at most ``most`` of them. ``data`` is a list."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()
    missing_message = _l("Choose at least one.")

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        choices: Vocabulary = (),
        fewest: int = 0,
        most: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, choices=choices, **kwargs)
        self.fewest, self.most = fewest, most

    def __iter__(self) -> Iterator[Any]:
        for option in super().__iter__():
            option.flags.required = False  # a browser would ask for every box
            yield option

    def process_data(self, value: Any) -> None:
        super().process_data(value or ())

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(list(dict.fromkeys(valuelist)))

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        count = len(self.data or ())
        if self.most is not None and count > self.most:
            raise ValidationError(
                ngettext(
                    "Choose at most %(num)s.", "Choose at most %(num)s. You chose %(count)s.", self.most, count=count
                )
            )
        if 0 < count < self.fewest:
            raise ValidationError(ngettext("Choose at least %(num)s.", "Choose at least %(num)s.", self.fewest))


class UploadField(Parsed, wtforms.FileField):
    """A file, checked by its content; ``data`` is an ``Upload`` or None."""

    missing_message = _l("Choose a file.")

    def __init__(
        self, label: Any = None, validators: Any = None, *, kinds: Sequence[Kind], max_bytes: int, **kwargs: Any
    ) -> None:
        kwargs.setdefault("render_kw", {"accept": ",".join(kind.mime_type for kind in kinds)})
        super().__init__(label, validators, **kwargs)
        self.kinds, self.max_bytes = kinds, max_bytes

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        given = next((item for item in valuelist if getattr(item, "filename", None)), None)
        if given is None:
            self.raw_data = []
            return
        try:
            self.data = check_upload(given.stream, name=given.filename, kinds=self.kinds, max_bytes=self.max_bytes)
        except UploadRefused as refusal:
            raise ValueError(str(refusal.reason)) from None


class TableField(Parsed, wtforms.FileField):
    """A table as CSV or XLSX; ``data`` is a ``Table`` or None."""

    missing_message = _l("Choose a file.")

    def __init__(
        self, label: Any = None, validators: Any = None, *, max_bytes: int = 20_000_000, **kwargs: Any
    ) -> None:
        kwargs.setdefault("render_kw", {"accept": f".csv,text/csv,.xlsx,{XLSX_TYPE}"})
        super().__init__(label, validators, **kwargs)
        self.max_bytes = max_bytes

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        given = next((item for item in valuelist if getattr(item, "filename", None)), None)
        if given is None:
            self.raw_data = []
            return
        try:
            self.data = read_table(given.stream, name=given.filename, max_bytes=self.max_bytes)
        except Invalid as refusal:
            raise ValueError(str(refusal.reason)) from None


def number_from(typed: str, *, locale: str) -> Decimal:
    """The number that a person typed. A lone comma is a decimal comma. Raises ValueError."""
    text = latin_digits(clean_line(typed)).replace(" ", "").replace("\u2212", "-")
    text = text.replace("٬", "").replace("٫", ".").replace("،", ",")
    if locale != "fr" and _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    text = text.replace(",", ".")
    if not _NUMBER.fullmatch(text):
        raise ValueError("not a number")
    return Decimal(text)


def _parsed(field: Any, valuelist: list[Any], complaint: str) -> Decimal | None:
    if not valuelist or not clean_line(valuelist[0]):
        return None
    try:
        return number_from(valuelist[0], locale=reader().locale)
    except ValueError:
        field.data = None
        raise ValueError(field.gettext(complaint)) from None


def _year_wanted() -> str:
    """Years are no amounts: they stand without separators, in the reader's calendar."""
    is_jalali, now = reader().calendar == "jalali", clock.now().year
    years = (1300, now - JALALI_YEARS_AFTER, 1365) if is_jalali else (1900, now, 1986)
    first, last, example = (digits(year, locale=reader().locale) for year in years)
    words = _("Write the year of birth, from %(first)s to %(last)s, such as %(example)s.")
    return str(words) % {"first": first, "last": last, "example": example}


def _shown(field: Any, value: str | None) -> str:
    """What stands in the input: what was typed, or the value in the reader's digits."""
    if field.raw_data:
        return str(field.raw_data[0])
    return "" if value is None else digits(value, locale=reader().locale)


def _address(typed: str | None) -> str:
    return latin_digits(clean_line(typed)).lower()


def web_address_of(typed: str | None) -> str:
    """What people mean who leave ``https://`` out."""
    address = clean_line(typed)
    return f"https://{address}" if address and ":" not in address and "." in address else address


def _blank_is_none(coerce: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value in ("", None) else coerce(value)
