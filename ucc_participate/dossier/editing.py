"""A form version as a coordinator types it: limits, titles, what is asked, sections added and taken out."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _

from ..kernel.forms import number_from
from ..kernel.i18n import LOCALES, latin_digits
from ..kernel.text import clean_line, clean_text
from .checking import LARGEST, LONGEST_ASKS, LONGEST_TITLE
from .sections import SectionKind

Typed = Mapping[str, str]


def edited(content: Mapping[str, Any], typed: Typed, *, locale: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The content with what was typed, and errors by the name of the input. What was not sent stays as it is.

    Inputs: ``words-9.1``, ``items-9.1``, ``title-9.1-fa``, ``asks-9.1-fa``, ``gone-9.1``; ``new-id`` and so on.
    """
    made: dict[str, Any] = copy.deepcopy(dict(content))
    errors: dict[str, str] = {}
    made["sections"] = [
        _section(section, typed, errors, locale) for section in made["sections"] if f"gone-{section['id']}" not in typed
    ]
    if clean_line(typed.get("new-id", "")):
        _add(made["sections"], typed, errors, locale)
    return made, errors


def _section(section: dict[str, Any], typed: Typed, errors: dict[str, str], locale: str) -> dict[str, Any]:
    known = section["id"]
    limit = dict(section.get("limit") or {"words": None, "items": None})
    for name in ("words", "items"):
        place = f"{name}-{known}"
        if place in typed:
            limit[name] = _number(typed[place], place, errors, locale)
    section["limit"] = limit
    for member, longest in (("title", LONGEST_TITLE), ("asks", LONGEST_ASKS)):
        before = section.get(member, {})
        told = dict(_texts(member, known, typed, longest))
        section[member] = before | {name: text for name, text in told.items() if text or name in before}
    return section


def _texts(member: str, known: str, typed: Typed, longest: int) -> Iterator[tuple[str, str]]:
    for language in LOCALES:
        place = f"{member}-{known}-{language}"
        if place in typed:
            yield language, clean_text(typed[place], max_length=longest)


def _number(text: str, place: str, errors: dict[str, str], locale: str) -> int | None:
    """Nothing typed: not known."""
    if not clean_line(text):
        return None
    try:
        number = number_from(text, locale=locale)
    except ValueError:
        number = None
    if number is None or number != number.to_integral_value() or not 1 <= number <= LARGEST:
        errors[place] = _("Write a whole number from 1 on, or leave it empty while it is not known.")
        return None
    return int(number)


def _add(sections: list[dict[str, Any]], typed: Typed, errors: dict[str, str], locale: str) -> None:
    """Behind the section that is named, or at the end."""
    title = {language: clean_line(typed.get(f"new-title-{language}", "")) for language in LOCALES}
    if not any(title.values()):
        errors["new-id"] = _("The new section needs a title.")
    words = _number(typed.get("new-words", ""), "new-words", errors, locale)
    made: dict[str, Any] = {
        "id": latin_digits(clean_line(typed["new-id"])).replace("٫", "."),
        "kind": typed.get("new-kind") or SectionKind.TEXT.value,
        "title": {language: text for language, text in title.items() if text},
        "asks": {},
        "draft": None,
        "limit": {"words": words, "items": None},
        "rules": [],
        "evidence": "F",
        "source": "",
    }
    places = [each["id"] for each in sections]
    after = typed.get("new-after", "")
    sections.insert(places.index(after) + 1 if after in places else len(sections), made)
