"""Who shaped a paragraph: words and address of what it cites, asked of whoever knows (``ucc.cited_words``)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ..dossier.models import Dossier
from .content import HandedIn

CITED = "ucc.cited_words"
"""``app.extensions``: a list of functions (session, dossier, refs) → {ref: (words, address or "")}, in the language in
force; what none of them knows is named by its kind and led to its entries in the log."""
NOUNS = {
    "proposal": _l("a proposal"),
    "meeting": _l("a meeting"),
    "vote": _l("a vote"),
    "inventory": _l("a need or an asset"),
    "initiative": _l("an initiative"),
    "indicator": _l("an indicator"),
    "comment": _l("a comment"),
    "fact": _l("a figure from the log"),
    "entry": _l("an entry of the log"),
}
Told = Mapping[str, tuple[str, str]]
Ask = Callable[[Session, Dossier, Collection[str]], Told]


@dataclass(frozen=True, slots=True)
class Shaped:
    words: str
    url: str


def shaped(session: Session, handed_in: HandedIn) -> dict[str, Shaped]:
    """By ref, of everything that any paragraph cites. Needs a request context."""
    refs = {
        ref
        for field in handed_in.fields
        for text in field.texts.values()
        for paragraph in text.paragraphs
        for ref in paragraph.cites
    }
    found: dict[str, tuple[str, str]] = {}
    if refs:
        for ask in current_app.extensions[CITED]:
            found |= ask(session, handed_in.dossier, refs)
    return {ref: Shaped(*found[ref]) if ref in found else _by_kind(ref) for ref in sorted(refs)}


def _by_kind(ref: str) -> Shaped:
    noun, _slash, known = ref.partition("/")
    words = _("%(what)s (%(ref)s)", what=NOUNS.get(noun, noun), ref=known)
    return Shaped(words, url_for("audit.index", subject=ref) if noun != "entry" else url_for("audit.index"))
