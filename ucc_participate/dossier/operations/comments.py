"""What the staff says to each other about a text."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...kernel.decision import require
from ...kernel.errors import Invalid, NotFound
from ...kernel.identity import Actor, new_public_id
from ...kernel.text import clean_text
from .. import policies, queries
from ..content import LONGEST_COMMENT
from ..events import AnswerEvent
from ..models import Answer, AnswerComment, Dossier
from ..recording import named, note


def comment_on(
    session: Session, dossier: Dossier, section_id: str, language: str, text: str, *, actor: Actor, now: datetime
) -> AnswerComment:
    """On a text that is there. Raises Invalid when nothing is said."""
    require(policies.can_comment(actor, dossier, now=now))
    answer = _answer(session, dossier, section_id, language)
    cleaned = clean_text(text, max_length=LONGEST_COMMENT)
    if not cleaned:
        raise Invalid(_l("Write what you want to say about the text."), field="comment")
    made = AnswerComment(public_id=new_public_id(), answer=answer, text=cleaned, by=named(session, actor), made_at=now)
    session.add(made)
    note(session, AnswerEvent.COMMENTED, answer, actor=actor, now=now)
    return made


def settle_comment(
    session: Session, dossier: Dossier, section_id: str, language: str, public_id: str, *, actor: Actor, now: datetime
) -> None:
    """It is dealt with; it stays to be read. Twice changes nothing."""
    require(policies.can_comment(actor, dossier, now=now))
    answer = _answer(session, dossier, section_id, language)
    comment = queries.comment_to_settle(session, answer, public_id)
    if comment.settled_at is None:
        comment.settled_at, comment.settled_by = now, named(session, actor)
        note(session, AnswerEvent.SETTLED, answer, actor=actor, now=now)


def _answer(session: Session, dossier: Dossier, section_id: str, language: str) -> Answer:
    found = queries.find_answer(session, dossier, section_id, language)
    if found is None:
        raise NotFound()
    return found
