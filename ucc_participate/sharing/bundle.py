"""The file that instances give each other: a C2SP signed note over ``<origin>/share`` and one line of canonical JSON.

``ucc-share/1`` (docs/record-format.md §10): ``practices``, ``indicators``, ``process`` (a template without dates) and
``partners``, under CC BY 4.0. It can be read without this product: the second line is JSON.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Any

from flask_babel import lazy_gettext as _l

from ..audit import canonical, notes
from ..kernel.clock import from_utc_text
from ..kernel.errors import Invalid
from ..kernel.text import strip_bidi
from ..vocabularies.uccn import AREAS, OBJECTIVES
from .models import PARTS

FORMAT = "ucc-share/1"
LICENCE = "CC-BY-4.0"
LARGEST = 900_000
MOST_PRACTICES = 200
MOST_INDICATORS = 500
MOST_TEXT = 20_000
MOST_TITLE = 300
MOST_DAYS = 3_650
LANGUAGES = ("fa", "en", "fr")
UNREADABLE = _l("This is not a file that another city has signed. Bring the file as it was downloaded.")
BAD_SIGNATURE = _l(
    "The signature of this file is wrong: somebody has changed it, or it did not come from where it says. "
    "Nothing was taken in. Get it again from the other city’s own page."
)
OTHER_KEY = _l(
    "This file is signed by another key than the one that was compared for %(origin)s. "
    "Nothing was taken in. Ask that city whether it has changed its key."
)


@dataclass(frozen=True, slots=True)
class Received:
    """A file whose signature fits the key that it names; whether that key is the city's is for a person to say."""

    origin: str
    vkey: str
    sha256: str
    city: str
    made_at: datetime
    content: dict[str, Any]


def text_of(content: dict[str, Any]) -> str:
    """The one line that is signed."""
    return canonical.dumps(content).decode("utf-8")


def open_share(data: bytes, *, vkey: str | None = None) -> Received:
    """Read a file; ``vkey``: the key that is known for its origin, None: the one that the file itself brings.

    Raises Invalid (field ``file``) naming what is wrong: not such a file, a bad signature, another key, a content that
    does not have the members of the format.
    """
    if len(data) > LARGEST:
        raise Invalid(UNREADABLE, field="file")
    content, own = _peek(data)
    origin = str(content["origin"])
    if vkey is not None and vkey != own:
        raise Invalid(OTHER_KEY % {"origin": origin}, field="file")
    _check_signature(data, own, origin)
    _check_content(content)
    return Received(
        origin, own, hashlib.sha256(data).hexdigest(), content["city"], from_utc_text(content["made_at"]), content
    )


def _peek(data: bytes) -> tuple[dict[str, Any], str]:
    """The JSON of a note and the key that it names, nothing verified yet."""
    try:
        text, _signatures = notes.split_note(data)
        first, body, rest = text.split("\n", 2)
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise Invalid(UNREADABLE, field="file") from None
    named = (
        isinstance(content, dict) and isinstance(content.get("vkey"), str) and isinstance(content.get("origin"), str)
    )
    if rest or not named or content.get("format") != FORMAT or first != f"{content['origin']}/share":
        raise Invalid(UNREADABLE, field="file")
    return content, content["vkey"]


def _check_signature(data: bytes, vkey: str, origin: str) -> None:
    try:
        key = notes.VerificationKey.parse(vkey)
        notes.open_note(data, [vkey])
    except notes.NoteError:
        raise Invalid(BAD_SIGNATURE, field="file") from None
    if key.name != origin:
        raise Invalid(BAD_SIGNATURE, field="file")


def _check_content(content: dict[str, Any]) -> None:
    """Signed is not the same as sound: every member is of its kind and of a size that a page can show."""
    try:
        from_utc_text(content["made_at"])
        is_sound = (
            _is_plain(content)
            and _is_line(content["city"])
            and content["licence"] == LICENCE
            and _are(content["practices"], _is_practice, MOST_PRACTICES)
            and _are(content["indicators"], _is_indicator, MOST_INDICATORS)
            and (content["process"] is None or _is_template(content["process"]))
        )
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        is_sound = False
    if not is_sound:
        raise Invalid(_l("The file is signed, but it does not say what such a file has to say."), field="file")


def _is_plain(value: Any) -> bool:
    """No text anywhere reorders or hides what stands beside it, and no number is none."""
    if isinstance(value, dict):
        return all(_is_plain(name) and _is_plain(each) for name, each in value.items())
    if isinstance(value, list):
        return all(map(_is_plain, value))
    if isinstance(value, float):
        return isfinite(value)
    return not isinstance(value, str) or strip_bidi(value) == value


def _are(values: Any, check: Any, most: int) -> bool:
    return isinstance(values, list) and len(values) <= most and all(check(value) for value in values)


def _is_line(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 160 and "\n" not in value


def _is_texts(value: Any) -> bool:
    return isinstance(value, dict) and all(
        language in LANGUAGES and isinstance(text, str) and len(text) <= MOST_TEXT for language, text in value.items()
    )


def _is_title(value: Any) -> bool:
    """Texts of one line each, one of them at least."""
    return (
        _is_texts(value)
        and any(text.strip() for text in value.values())
        and all(len(text) <= MOST_TITLE and "\n" not in text for text in value.values())
    )


def _is_practice(value: Any) -> bool:
    parts = value["parts"]
    return (
        _is_line(value["id"])
        and _is_title(value["title"])
        and set(value["areas"]) <= set(AREAS)
        and set(value["objectives"]) <= set(OBJECTIVES)
        and set(parts) <= set(PARTS)
        and all(_is_texts(part) for part in parts.values())
    )


def _is_indicator(value: Any) -> bool:
    return (
        value["kind"] in ("output", "impact")
        and _is_title(value["title"])
        and all(_is_texts(value[name]) for name in ("unit", "data_source"))
        and value["frequency"] in ("quarterly", "half_yearly", "yearly", "once")
    )


def _is_template(value: Any) -> bool:
    phases = value["phases"]
    return (
        _is_title(value["title"])
        and all(_is_texts(value[name]) for name in ("purpose", "scope", "open_questions", "promise"))
        and isinstance(value.get("promise_level"), str | None)
        and (value.get("min_open_days") is None or _are_days(value["min_open_days"]))
        and isinstance(phases, list)
        and 0 < len(phases) <= 10
        and all(_is_phase(phase) for phase in phases)
    )


def _is_phase(value: Any) -> bool:
    days = (value["starts_after_days"], value["lasts_days"])
    return _is_texts(value["title"]) and isinstance(value["kind"], str) and all(map(_are_days, days))


def _are_days(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MOST_DAYS
