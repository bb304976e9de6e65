"""Letters of invitation on the city's paper: one PDF for a whole batch, a page with a QR code for each.

Words come ready in the language of each letter; letters.typ only sets them. Typst needs a third of a megabyte for each
letter: it sets AT_ONCE of them at a time in a program of its own (typesetting.py), and its memory goes when that ends.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import segno
from flask_babel import gettext as _

from ..kernel.i18n import LOCALES, dates, in_language, site_timezone, text_direction, writing_for
from ..processes.models import Process
from .operations import Slip

AT_ONCE = 500
TYPESETTING_SECONDS = 600
"""For so many letters."""


class TypesettingError(RuntimeError):
    """Typst could not set the letters; the text is what it said."""


def letters(
    process: Process,
    slips: Sequence[Slip],
    *,
    city: Callable[[str], str],
    address: Callable[[str], str],
    short_address: str,
    contact: str,
    today: date,
    expires_on: date,
    at_once: int = AT_ONCE,
) -> bytes:
    """The PDF. ``city``: its name by language; ``address``: of a code; ``short_address``: where a code is typed;
    ``contact``: how to reach the city without the internet, or nothing.

    Raises TypesettingError.
    """
    texts = {
        locale: _texts(process, locale, city(locale), short_address, today, expires_on)
        | {"contact": contact, "contact_direction": direction_of(contact, text_direction(locale))}
        for locale in LOCALES
    }
    pages = [
        {
            "locale": slip.locale,
            "name": slip.name,
            "contact": slip.contact,
            "code": slip.code,
            "modules": _modules(address(slip.code)),
        }
        for slip in slips
    ]
    with tempfile.TemporaryDirectory() as folder:
        parts = []
        for start in range(0, len(pages), at_once):
            data = json.dumps({"texts": texts, "letters": pages[start : start + at_once]}, ensure_ascii=False)
            parts.append(Path(folder) / f"{start}.pdf")
            parts[-1].write_bytes(_typesetting(data=data.encode("utf-8")))
        return parts[0].read_bytes() if len(parts) == 1 else _typesetting(*map(str, parts))


def direction_of(text: str, otherwise: str) -> str:
    """The way in which the first letter of a text runs."""
    ways = {"L": "ltr", "R": "rtl", "AL": "rtl"}
    return next((ways[kind] for letter in text if (kind := unicodedata.bidirectional(letter)) in ways), otherwise)


def _typesetting(*paths: str, data: bytes = b"") -> bytes:
    """What the program writes: letters set from data, or the files joined."""
    command = [sys.executable, "-m", "ucc_participate.outreach.typesetting", *paths]
    made = subprocess.run(  # noqa: S603  # our own program, files that we have just written
        command, input=data, capture_output=True, timeout=TYPESETTING_SECONDS, check=False
    )
    if made.returncode:
        raise TypesettingError(made.stderr.decode("utf-8", "replace")[-2000:])
    return made.stdout


def _modules(address: str) -> str:
    """The QR code as rows of 0 and 1, one row after the other, without its quiet zone."""
    rows = segno.make(address, error="m", boost_error=False).matrix
    return "".join("1" if module else "0" for row in rows for module in row)


def _texts(process: Process, locale: str, city: str, short_address: str, today: date, until: date) -> dict[str, Any]:
    """Everything that is the same in all letters of a language."""
    with writing_for(locale):
        title, tz = in_language(process.title, locale).text, site_timezone()
        return {
            "direction": text_direction(locale),
            "city": city,
            "heading": _("Invitation"),
            "day": dates.day(today, locale=locale, tz=tz),
            "title": title,
            "purpose": in_language(process.purpose, locale).text,
            "to": _("To"),
            "opening": _("The city prepares “%(title)s”, and asks you to take part.", title=title),
            "asked_heading": _("What we ask of you"),
            "asked": [
                _("Read what it is about, what can still change, and when."),
                _("Say whether you take part, or why not, or whom else we should invite."),
                _("Name somebody who speaks for you. That person opens an account, proposes and votes for you."),
            ],
            "how": _("Scan this code with a telephone, or open this address and type your code:"),
            "short_address": short_address,
            "code": _("Your code"),
            "until": _("The code is good until %(day)s.", day=until),
            "keep": _("Who holds this letter can answer for you. Please do not pass it on."),
            "no_internet": _("Without the internet: call us, or come by. We write down what you say."),
            "responsible": process.responsible or "",
        }
