"""What a paragraph rests on in one line of words, for papers and for the page of what is handed in."""

from __future__ import annotations

from collections.abc import Collection

from flask import url_for
from sqlalchemy.orm import Session

from ..dossier.models import Dossier
from ..kernel.i18n import in_language, listed, number, reader
from ..kernel.text import strip_bidi
from . import queries, wording
from .facts import FACTS
from .models import FixedFact
from .saying import _
from .showing import address_of
from .sources import Cited, Hand, Kind

TITLE_LENGTH = 120


def cited_words(session: Session, dossier: Dossier, refs: Collection[str]) -> dict[str, tuple[str, str]]:
    """By ref, words and address, in the language in force (``ucc.cited_words``). What is not there is left out.

    A fact is told with its number as it was fixed, and leads to its entries: the page of facts is the desk's. Of what
    stands in a plan that is not public a frozen dossier, which everybody reads, tells the kind alone.
    """
    found = queries.find_cited(session, dossier, refs)
    shown = {ref: cited for ref, cited in found.items() if cited.is_open or not dossier.is_frozen}
    told = {ref: (str(wording.KINDS[cited.kind]), "") for ref, cited in found.items() if ref not in shown}
    told |= {ref: (in_one_line(cited), _open_address(cited)) for ref, cited in shown.items()}
    if any(cited.kind is Kind.FACT for cited in found.values()):
        for fact in queries.facts_fixed(session, dossier).values():
            if fact.ref in told:
                told[fact.ref] = _fixed(told[fact.ref][0], fact)
    return told


def _open_address(cited: Cited) -> str:
    """Where everybody may go."""
    return "" if cited.kind is Kind.FACT else address_of(cited) or ""


def _fixed(words: str, fact: FixedFact) -> tuple[str, str]:
    known = {"what": words, "size": number(fact.size, locale=reader().locale)}
    sentence = FACTS[fact.code].write(fact.value)
    told = _("%(what)s, counted with the log at %(size)s entries: %(sentence)s", sentence=_isolated(sentence), **known)
    return told, url_for("audit.index", subject=fact.ref)


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
