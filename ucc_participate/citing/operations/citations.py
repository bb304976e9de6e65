"""Saying on what a paragraph rests, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...dossier import queries as dossiers
from ...dossier.models import Answer, Citation, Dossier
from ...dossier.recording import named, note
from ...kernel.decision import require
from ...kernel.errors import Invalid, NotFound
from ...kernel.identity import Actor
from ...kernel.text import clean_line
from .. import policies, queries
from ..events import CitingEvent
from ..models import NOTE_LENGTH

MOST = 40
"""Citations of one paragraph: more say nothing about it."""


def cite(
    session: Session,
    dossier: Dossier,
    section: str,
    language: str,
    paragraph: str,
    subjects: Sequence[str],
    *,
    actor: Actor,
    now: datetime,
    because: str = "",
) -> list[Citation]:
    """Add things that a paragraph rests on; what it cites already stays once. ``because``: what was taken from them.

    Raises Invalid for what is not there, is withheld, or is of another process. The dossier is locked by whoever calls.
    """
    answer = _answer(session, dossier, section, language)
    require(policies.can_cite(actor, answer, now=now))
    own = _of_paragraph(answer, paragraph)
    new = [ref for ref in dict.fromkeys(subjects) if ref not in {each.subject for each in own}]
    _check(session, dossier, new, len(own))
    told, by = clean_line(because, max_length=NOTE_LENGTH), named(session, actor)
    made = [Citation(paragraph=paragraph, subject=ref, note=told, added_by=by, added_at=now) for ref in new]
    answer.citations.extend(made)
    if made:
        note(session, CitingEvent.CITED, answer, actor=actor, now=now)
    return made


def uncite(
    session: Session,
    dossier: Dossier,
    section: str,
    language: str,
    paragraph: str,
    subject: str,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Raises NotFound when the paragraph does not cite it."""
    answer = _answer(session, dossier, section, language)
    require(policies.can_cite(actor, answer, now=now))
    found = next((each for each in _of_paragraph(answer, paragraph) if each.subject == subject), None)
    if found is None:
        raise NotFound()
    answer.citations.remove(found)
    note(session, CitingEvent.UNCITED, answer, actor=actor, now=now)


def _answer(session: Session, dossier: Dossier, section: str, language: str) -> Answer:
    answer = dossiers.find_answer(session, dossier, section, language)
    if answer is None:
        raise NotFound()
    return answer


def _of_paragraph(answer: Answer, paragraph: str) -> list[Citation]:
    """Raises Invalid for a paragraph that the text does not have any more."""
    if paragraph not in {part["key"] for part in answer.paragraphs}:
        raise Invalid(_l("This paragraph is not in the text any more. Look at the text as it is now."))
    return [each for each in answer.citations if each.paragraph == paragraph]


def _check(session: Session, dossier: Dossier, new: Sequence[str], already: int) -> None:
    if already + len(new) > MOST:
        raise Invalid(_l("A paragraph that rests on everything rests on nothing: choose what shaped it most."))
    found = queries.find_cited(session, dossier, new)
    if any(ref not in found or found[ref].state for ref in new):
        raise Invalid(_l("Not everything of this can be cited: it is not public, or it belongs to another process."))
