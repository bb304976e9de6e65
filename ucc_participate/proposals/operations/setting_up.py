"""What a coordinator decides about the form of proposals: questions of the process's own, the city's map."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...audit.log import record
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.geography import read_districts
from ...kernel.identity import Actor, new_public_id
from ...kernel.text import clean_line
from ...processes.models import Process
from .. import policies, queries
from ..events import DistrictMapEvent, FieldEvent
from ..models import MOST_FIELDS, MOST_OPTIONS, WITH_OPTIONS, DistrictMap, FieldState, ProposalField, Question

LABEL_LENGTH = 160
HINT_LENGTH = 400
Texts = dict[str, str]


def add_field(session: Session, process: Process, asked: Question, *, actor: Actor, now: datetime) -> ProposalField:
    """Ask one question more, after the others. Raises Invalid naming the field."""
    require(policies.can_set_up(actor, process, now=now))
    return make_field(session, process, asked, actor=actor, now=now)


def make_field(session: Session, process: Process, asked: Question, *, actor: Actor, now: datetime) -> ProposalField:
    """As add_field, inside an operation that has asked its own policy."""
    others = queries.fields_to_change(session, process)
    if sum(1 for other in others if other.is_asked) >= MOST_FIELDS:
        raise Conflict(_l("At most %(most)s questions: people must want to fill it in.", most=MOST_FIELDS))
    made = ProposalField(
        process_id=process.id,
        code=new_public_id(),
        kind=asked.kind,
        options=[],
        place=max((other.place for other in others), default=0) + 1,
        state=FieldState.ASKED,
    )
    _write(made, asked, is_used=False)
    session.add(made)
    _note(session, FieldEvent.ADDED, process, made, actor=actor, now=now)
    return made


def revise_field(
    session: Session, process: Process, code: str, asked: Question, *, actor: Actor, now: datetime
) -> None:
    """Change words, choices, whether it is required; the kind stays. Choices that were answered cannot be left out."""
    require(policies.can_set_up(actor, process, now=now))
    found = queries.get_field(session, process, code)
    before = found.public_payload()
    _write(found, asked, is_used=queries.count_answers(session, process, code) > 0)
    if found.public_payload() != before:
        _note(session, FieldEvent.REVISED, process, found, actor=actor, now=now)


def move_field(session: Session, process: Process, code: str, *, by: int, actor: Actor, now: datetime) -> None:
    """Change places with the question before (``by=-1``) or after it."""
    require(policies.can_set_up(actor, process, now=now))
    fields = queries.fields_to_change(session, process)
    at = next((place for place, one in enumerate(fields) if one.code == code), None)
    if at is None or not 0 <= at + by < len(fields):
        raise Conflict()
    one, other = fields[at], fields[at + by]
    one.place, other.place = other.place, one.place
    for moved in (one, other):
        _note(session, FieldEvent.REVISED, process, moved, actor=actor, now=now)


def drop_field(session: Session, process: Process, code: str, *, actor: Actor, now: datetime) -> FieldState:
    """Remove a question that nobody answered; ask one that was answered no more. What became of it."""
    require(policies.can_set_up(actor, process, now=now))
    found = queries.get_field(session, process, code)
    is_used = queries.count_answers(session, process, code) > 0
    found.state = FieldState.RETIRED if is_used else FieldState.REMOVED
    event = FieldEvent.RETIRED if is_used else FieldEvent.REMOVED
    _note(session, event, process, found, actor=actor, now=now)
    return found.state


def resume_field(session: Session, process: Process, code: str, *, actor: Actor, now: datetime) -> None:
    """Ask a retired question again."""
    require(policies.can_set_up(actor, process, now=now))
    found = queries.get_field(session, process, code)
    if found.is_asked:
        raise Conflict()
    found.state = FieldState.ASKED
    _note(session, FieldEvent.RESUMED, process, found, actor=actor, now=now)


def add_district_map(session: Session, data: bytes, source: str, *, actor: Actor, now: datetime) -> DistrictMap:
    """Take the city's districts from GeoJSON; the newest map is used from now on. Raises Invalid."""
    require(policies.can_bring_map(actor))
    districts = read_districts(data)
    made = DistrictMap(
        public_id=new_public_id(),
        districts=[{"code": one.code, "name": one.name, "shape": one.shape} for one in districts],
        source=clean_line(source, max_length=200),
        sha256=hashlib.sha256(data).hexdigest(),
        added_at=now,
    )
    session.add(made)
    record(session, DistrictMapEvent.ADDED, actor=actor, subject=made.ref, payload=made.public_payload(), now=now)
    return made


def _write(found: ProposalField, asked: Question, *, is_used: bool) -> None:
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
        raise Invalid(_l("Give from two to %(most)s choices, one a line.", most=MOST_OPTIONS), field="options")
    if is_used and len(labels) < len(found.options):
        raise Invalid(
            _l("This question has answers: change the words of a choice or add one at the end."), field="options"
        )
    return [{"id": f"c{number}", "label": texts} for number, texts in enumerate(labels, start=1)]


def _texts(texts: Texts, most: int) -> Texts:
    cleaned = {language: clean_line(text, max_length=most) for language, text in texts.items()}
    return {language: text for language, text in cleaned.items() if text}


def _note(
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
