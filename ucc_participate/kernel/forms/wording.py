"""What forms say when input is wrong: our own sentences in place of those that WTForms brings along."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from ..i18n import fill

CHOOSE_ONE = _l("Choose one of the options.")
WRONG_DATE = _l("This is not a date. Write day, month and year, for example %(example)s.")
FORM_TOO_OLD = _l("This form was open for too long. Please send it again.")

SENTENCES: Final[Mapping[str, Any]] = {
    "This field is required.": _l("Fill this in."),
    "This field cannot be edited.": _l("This cannot be changed here."),
    "This field is disabled and cannot have a value.": _l("This cannot be filled in now."),
    "Invalid input.": _l("This does not have the form that is expected here."),
    "Not a valid choice.": CHOOSE_ONE,
    "Invalid Choice: could not coerce.": CHOOSE_ONE,
    "Invalid choice(s): one or more data inputs could not be coerced.": CHOOSE_ONE,
    "Invalid value, must be one of: %(values)s.": _l("Choose one of these: %(values)s."),
    "Invalid value, can't be any of: %(values)s.": _l("This cannot be any of these: %(values)s."),
    "Not a valid integer value.": _l("Write a whole number, in digits only."),
    "Not a valid decimal value.": _l("Write a number, in digits only."),
    "Not a valid float value.": _l("Write a number, in digits only."),
    "Number must be at least %(min)s.": _l("Write a number that is at least %(min)s."),
    "Number must be at most %(max)s.": _l("Write a number that is at most %(max)s."),
    "Number must be between %(min)s and %(max)s.": _l("Write a number from %(min)s to %(max)s."),
    "Date must be at least %(min)s.": _l("The date must be %(min)s or later."),
    "Date must be at most %(max)s.": _l("The date must be %(max)s or earlier."),
    "Date must be between %(min)s and %(max)s.": _l("The date must lie between %(min)s and %(max)s."),
    "Not a valid date value.": _l("This is not a date."),
    "Not a valid datetime value.": _l("This is not a date with a time."),
    "Not a valid time value.": _l("Write the time as hours and minutes, for example 18:30."),
    "Not a valid week value.": _l("This is not a week."),
    "Field must be between %(min)d and %(max)d characters long.": _l("Write from %(min)s to %(max)s characters."),
    "Field must be equal to %(other_name)s.": _l("This must be the same as “%(other_label)s”."),
    "Invalid email address.": _l("Write an e-mail address such as name@example.org."),
    "Invalid URL.": _l("Write a web address that begins with https:// or http://."),
    "Invalid IP address.": _l("This is not an IP address."),
    "Invalid Mac address.": _l("This is not a MAC address."),
    "Invalid UUID.": _l("This is not a UUID."),
    "CSRF failed.": FORM_TOO_OLD,
    "CSRF token expired.": FORM_TOO_OLD,
    "CSRF token missing.": FORM_TOO_OLD,
    "Invalid CSRF Token.": FORM_TOO_OLD,
}


def _too_short(count: int) -> str:
    return str(ngettext("Write at least %(num)s character.", "Write at least %(num)s characters.", count))


def _wrong_length(count: int) -> str:
    return str(ngettext("Write exactly %(num)s character.", "Write exactly %(num)s characters.", count))


def _wrong_choices(count: int) -> str:
    return str(ngettext("One choice is not on the list.", "%(num)s choices are not on the list.", count))


COUNTED: Final[Mapping[str, Callable[[int], str]]] = {
    "Field must be at least %(min)d character long.": _too_short,
    "Field must be exactly %(max)d character long.": _wrong_length,
    "'%(value)s' is not a valid choice for this field.": _wrong_choices,
}


class Unfilled(str):
    """A translated sentence whose variables come later, through ``%``, and are written for the reader."""

    __slots__ = ()

    def __mod__(self, variables: Any) -> str:
        return fill(str(self), variables) if isinstance(variables, Mapping) else str(self) % variables


class Wording:
    """Stands where WTForms expects translations: takes its English sentences, gives ours in the reader's language."""

    def gettext(self, string: str) -> str:
        sentence = SENTENCES.get(string)
        return Unfilled(sentence) if sentence is not None else string

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        sentence = COUNTED.get(singular)
        if sentence is None:
            return singular if n == 1 else plural
        return Unfilled(sentence(n))
