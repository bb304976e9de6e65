"""The dossier and the plan as PDF (PDF/UA-1, PDF/A-3a by the compiler's own checks)."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import segno
from flask_babel import gettext as _

from ..kernel.clock import utc_text
from ..kernel.i18n import moment, number, text_direction
from ..kernel.text import strip_bidi
from .blocks import Block
from .content import HandedIn, title_in

NUMBERING = {"fa": "۱", "en": "1", "fr": "1"}
SECONDS = 300


class TypesettingError(RuntimeError):
    """The PDF could not be made; the text is the compiler's."""


def make(handed_in: HandedIn, blocks: Iterable[Block], *, title: str, subtitle: str, language: str) -> bytes:
    """To be called while writing for ``language``. Raises TypesettingError."""
    made = subprocess.run(
        [sys.executable, "-m", "ucc_participate.submission.typesetting"],
        input=json.dumps(data(handed_in, list(blocks), title, subtitle, language), ensure_ascii=False).encode("utf-8"),
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    if made.returncode:
        raise TypesettingError(made.stderr.decode("utf-8", "replace")[-2000:])
    return made.stdout


def data(handed_in: HandedIn, blocks: Sequence[Block], title: str, subtitle: str, language: str) -> dict[str, Any]:
    """Everything that paper.typ sets."""
    seal, at = handed_in.seal, handed_in.seal.moment
    return {
        "locale": language,
        "direction": text_direction(language),
        "numbering": NUMBERING[language],
        "moment": utc_text(at),
        "day": [at.year, at.month, at.day],
        "title": strip_bidi(title),
        "subtitle": strip_bidi(subtitle),
        "city": title_in(handed_in.city, language),
        "facts": _facts(handed_in, language),
        "words": _words(),
        "url": seal.url,
        "citation": seal.citation,
        "qr": qr(seal.url),
        "blocks": [block.as_data() for block in blocks],
    }


def _facts(handed_in: HandedIn, language: str) -> list[list[str]]:
    dossier, seal = handed_in.dossier, handed_in.seal
    state = _("not frozen yet") if dossier.frozen_at is None else moment(dossier.frozen_at, locale=language)
    size = number(seal.size, locale=language)
    as_of = _("%(moment)s, %(size)s entries", moment=moment(seal.moment, locale=language), size=size)
    return [[_("Frozen"), state], [_("The log as of"), as_of]]


def _words() -> dict[str, str]:
    return {
        "record": _("Participation record"),
        "record_words": _("How it came about, with its audit trail, lies here for everybody to check:"),
        "contents": _("Contents"),
    }


def qr(text: str) -> str:
    """An SVG that stands alone."""
    buffer = io.BytesIO()
    segno.make(text, error="m").save(buffer, kind="svg", xmldecl=False, dark="#20292d", border=0)
    return buffer.getvalue().decode("utf-8")
