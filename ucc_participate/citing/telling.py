"""What a paragraph rests on, in one line of plain words, for paper (``ucc.cited_words``, submission/shaping.py)."""

from __future__ import annotations

from collections.abc import Collection
from textwrap import shorten

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ..dossier.models import Dossier
from ..kernel.i18n import in_language, listed, number, reader
from . import queries, wording
from .showing import address_of
from .sources import Cited, Kind

MOST = 90
"""Letters of a title that a line has."""


def tell(session: Session, dossier: Dossier, refs: Collection[str]) -> dict[str, tuple[str, str]]:
    """Words and address by ref, in the language in force; what is not there any more is left out."""
    found = queries.find_cited(session, dossier, refs)
    return {ref: (line(cited), address_of(cited) or "") for ref, cited in found.items()}


def line(cited: Cited) -> str:
    """What it is, how it is called, and who shaped it. Between title and names stands a word of the reader's language:
    both may run the other way."""
    words, title, hands = str(wording.KINDS[cited.kind]), _title(cited), _hands(cited)
    if title:
        words = _("%(kind)s “%(title)s”", kind=words, title=title)
    if hands:
        words = _("%(what)s, by %(who)s", what=words, who=listed(hands))
    return f"{words} ({wording.STATES[cited.state]})" if cited.state else words


def _title(cited: Cited) -> str:
    if cited.kind is Kind.ENTRY:
        return str(wording.entry_title(cited))
    written = cited.title if isinstance(cited.title, str) else in_language(cited.title, reader().locale)
    return shorten(str(written), MOST, placeholder="…")


def _hands(cited: Cited) -> list[str]:
    return [
        wording.hand_name(hand) + (f" × {number(times, locale=reader().locale)}" if times > 1 else "")
        for hand, times in wording.grouped(cited.hands)
    ]
