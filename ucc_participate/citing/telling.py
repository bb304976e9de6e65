"""What a paragraph rests on in one line of words, for papers and for the page of what is handed in."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from ..dossier.models import Dossier
from ..kernel.i18n import in_language, listed, number, reader
from ..kernel.text import strip_bidi
from . import queries, wording
from .saying import _
from .showing import address_of
from .sources import Cited, Hand, Kind

TITLE_LENGTH = 120


def cited_words(session: Session, dossier: Dossier, refs: Collection[str]) -> dict[str, tuple[str, str]]:
    """By ref, words and address, in the language in force (``ucc.cited_words``). What is not there is left out."""
    found = queries.find_cited(session, dossier, refs)
    return {ref: (in_one_line(cited), address_of(cited) or "") for ref, cited in found.items()}


def in_one_line(cited: Cited) -> str:
    """Its kind, its title and who shaped it; what is withheld or taken back is called so and shows no title."""
    kind = wording.KINDS[cited.kind]
    title = _title(cited)
    named = _("%(kind)s “%(title)s”", kind=kind, title=_isolated(title)) if title else str(kind)
    who = [_hand(hand, times) for hand, times in wording.grouped(cited.hands)]
    if who:
        named = _("%(what)s (%(who)s)", what=named, who=listed(who))
    if cited.state:
        named = _("%(what)s, %(state)s", what=named, state=wording.STATES[cited.state])
    return named


def _title(cited: Cited) -> str:
    if cited.kind is Kind.ENTRY:
        return str(wording.entry_title(cited))
    title = str(cited.title if isinstance(cited.title, str) else in_language(cited.title, reader().locale))
    return title if len(title) <= TITLE_LENGTH else f"{title[: TITLE_LENGTH - 1].rstrip()}…"


def _hand(hand: Hand, times: int) -> str:
    name, sector = str(wording.hand_name(hand)), wording.sector_name(hand)
    if sector and hand.name:
        name = _("%(name)s, %(sector)s", name=name, sector=sector)
    name = _isolated(name)
    return f"{name} × {number(times, locale=reader().locale)}" if times > 1 else name


def _isolated(text: str) -> str:
    """Whatever is written around it keeps its side: a Latin title in a Persian line, and the other way round."""
    return f"\u2068{strip_bidi(text)}\u2069"
