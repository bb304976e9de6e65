"""How forms, dossiers and their texts are called on screen."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_babel.speaklater import LazyString

from ..kernel.i18n import digits, reader
from ..vocabularies.uccn import CREATIVE_FIELDS
from .blockers import passed_over
from .models import AnswerState, DossierState, Purpose
from .sections import SectionKind

__all__ = [
    "CREATIVE_FIELDS",
    "DOSSIER_STATES",
    "EVIDENCE",
    "KINDS",
    "LANGUAGES",
    "MEMBERS",
    "PURPOSES",
    "STATES",
    "STATE_KINDS",
    "number_of",
    "passed_over",
]


def number_of(section: str) -> LazyString:
    """The number of a section in the digits of whoever reads it."""
    return LazyString(lambda: digits(section, locale=reader().locale))


PURPOSES: dict[str, Any] = {
    Purpose.APPLICATION: _l("Application"),
    Purpose.REPORT: _l("Monitoring report"),
}
STATES: dict[str, Any] = {
    "empty": lazy_pgettext("text", "Empty"),
    AnswerState.DRAFT: _l("Draft"),
    AnswerState.IN_REVIEW: _l("In review"),
    AnswerState.FINAL: _l("Final"),
    AnswerState.FROZEN: _l("Frozen"),
}
STATE_KINDS = {
    "empty": "quiet",
    AnswerState.DRAFT: "open",
    AnswerState.IN_REVIEW: "",
    AnswerState.FINAL: "good",
    AnswerState.FROZEN: "good",
}
LANGUAGES: dict[str, Any] = {"fa": _l("Persian"), "en": _l("English"), "fr": _l("French")}
DOSSIER_STATES: dict[str, Any] = {
    DossierState.DRAFT: _l("Being written"),
    DossierState.FROZEN: _l("Frozen"),
}
KINDS: dict[str, Any] = {
    SectionKind.TEXT: _l("Text"),
    SectionKind.HEADING: _l("Heading"),
    SectionKind.CONTACT: _l("How somebody is reached"),
    SectionKind.CHOICE: _l("One choice"),
    SectionKind.URLS: _l("Addresses of websites"),
    SectionKind.SIGNATURE: _l("Signature"),
    SectionKind.INITIATIVES: _l("Initiatives"),
    SectionKind.ATTACHMENT: _l("Attachment"),
}
EVIDENCE: dict[str, Any] = {
    "F": _l("found in the source"),
    "R": _l("recalled, not certain"),
    "G": _l("guessed"),
}
MEMBERS: dict[str, Any] = {
    "title": _l("title"),
    "asks": _l("what it asks"),
    "kind": _l("kind"),
    "draft": _l("draft from facts"),
    "words": _l("limit of words"),
    "items": _l("limit of number"),
    "rules": _l("rules"),
    "evidence": _l("how sure"),
    "source": _l("source"),
    "options": _l("choices"),
}
