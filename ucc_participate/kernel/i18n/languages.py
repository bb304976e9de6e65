"""The languages of the site: their names, direction, calendar, and texts that exist in several of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

LOCALES: Final = ("fa", "en", "fr")
DEFAULT_LOCALE: Final = "fa"
CALENDARS: Final = ("jalali", "gregorian")
LANGUAGE_NAMES: Final = {"fa": "فارسی", "en": "English", "fr": "Français"}

_DIRECTIONS = {"fa": "rtl", "en": "ltr", "fr": "ltr"}
_CALENDAR_OF = {"fa": "jalali", "en": "gregorian", "fr": "gregorian"}


@dataclass(frozen=True, slots=True)
class TextIn:
    """A text and the language it is in, for ``lang`` and ``dir`` attributes. Prints as the text."""

    text: str
    locale: str

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)

    @property
    def direction(self) -> str:
        return text_direction(self.locale)


def is_locale(value: object) -> bool:
    return value in LOCALES


def is_calendar(value: object) -> bool:
    return value in CALENDARS


def text_direction(locale: str) -> str:
    """``rtl`` or ``ltr``."""
    return _DIRECTIONS[locale]


def default_calendar(locale: str) -> str:
    """The calendar of readers who have chosen none: ``jalali`` for Persian, else ``gregorian``."""
    return _CALENDAR_OF[locale]


def in_language(texts: Mapping[str, str | None] | None, locale: str) -> TextIn:
    """The text in this language, or in the first other one that has it (fa, en, fr).

    Blank texts count as absent. With nothing at all the answer is an empty text in ``locale``.
    """
    for candidate in (locale, *LOCALES):
        text = ((texts or {}).get(candidate) or "").strip()
        if text:
            return TextIn(text, candidate)
    return TextIn("", locale)
