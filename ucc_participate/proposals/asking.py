"""How a question of a process comes about and is noted, inside the operations of coordinators and imports."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ..audit.log import record
from ..kernel.errors import Conflict, Invalid
from ..kernel.i18n import lazy_number
from ..kernel.identity import Actor, new_public_id
from ..kernel.text import clean_line
from ..processes.models import Process
from . import queries
from .events import FieldEvent
from .models import MOST_FIELDS, MOST_OPTIONS, WITH_OPTIONS, FieldState, ProposalField, Question

LABEL_LENGTH = 160
HINT_LENGTH = 400
Texts = dict[str, str]


def make_field(session: Session, process: Process, asked: Question, *, actor: Actor, now: datetime) -> ProposalField:
    """Ask one question more, after the others; which policy allows it is the operation's to ask. Raises Invalid."""
    others = queries.fields_to_change(session, process)
    if sum(1 for other in others if other.is_asked) >= MOST_FIELDS:
        raise Conflict(_l("At most %(most)s questions: people must want to fill it in.", most=lazy_number(MOST_FIELDS)))
    made = ProposalField(
        process_id=process.id,
        code=new_public_id(),
        kind=asked.kind,
        options=[],
        place=max((other.place for other in others), default=0) + 1,
        state=FieldState.ASKED,
    )
    write(made, asked, is_used=False)
    session.add(made)
    note(session, FieldEvent.ADDED, process, made, actor=actor, now=now)
    return made


def write(found: ProposalField, asked: Question, *, is_used: bool) -> None:
    label = _texts(asked.label, LABEL_LENGTH)
    if not label:
        raise Invalid(_l("Write this in at least one language."), field="label")
    found.label, found.hint = label, _texts(asked.hint, HINT_LENGTH)
    found.is_required = asked.is_required
    found.options = _options(found, asked, is_used=is_used) if found.kind in WITH_OPTIONS else []


def _options(found: ProposalField, asked: Question, *, is_used: bool) -> list[dict[str, Any]]:
    """Choices keep their ids by their place, so that answers given before still say what was meant."""
    labels = [texts for texts in (_texts(option, LABEL_LENGTH) for option in asked.options) if texts]
    if not 2 <= len(labels) <= MOST_OPTIONS:
        raise Invalid(
            _l("Give from two to %(most)s choices, one a line.", most=lazy_number(MOST_OPTIONS)), field="options"
        )
    if is_used and len(labels) < len(found.options):
        raise Invalid(
            _l("This question has answers: change the words of a choice or add one at the end."), field="options"
        )
    return [{"id": f"c{number}", "label": texts} for number, texts in enumerate(labels, start=1)]


def _texts(texts: Texts, most: int) -> Texts:
    cleaned = {language: clean_line(text, max_length=most) for language, text in texts.items()}
    return {language: text for language, text in cleaned.items() if text}


def note(
    session: Session, event: FieldEvent, process: Process, found: ProposalField, *, actor: Actor, now: datetime
) -> None:
    session.flush()
    record(
        session,
        event,
        actor=actor,
        subject=f"{process.ref}/field/{found.code}",
        process=process.ref,
        payload=found.public_payload(),
        now=now,
    )
