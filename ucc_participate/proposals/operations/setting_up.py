"""What a coordinator decides about the form of proposals: questions of the process's own, the city's map."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy.orm import Session

from ...audit.log import record
from ...kernel.decision import require
from ...kernel.errors import Conflict
from ...kernel.geography import read_districts
from ...kernel.identity import Actor, new_public_id
from ...kernel.text import clean_line
from ...processes.models import Process
from .. import asking, policies, queries
from ..events import DistrictMapEvent, FieldEvent
from ..models import DistrictMap, FieldState, ProposalField, Question


def add_field(session: Session, process: Process, asked: Question, *, actor: Actor, now: datetime) -> ProposalField:
    """Ask one question more, after the others. Raises Invalid naming the field."""
    require(policies.can_set_up(actor, process, now=now))
    return asking.make_field(session, process, asked, actor=actor, now=now)


def revise_field(
    session: Session, process: Process, code: str, asked: Question, *, actor: Actor, now: datetime
) -> None:
    """Change words, choices, whether it is required; the kind stays. Choices that were answered cannot be left out."""
    require(policies.can_set_up(actor, process, now=now))
    found = queries.get_field(session, process, code)
    before = found.public_payload()
    asking.write(found, asked, is_used=queries.count_answers(session, process, code) > 0)
    if found.public_payload() != before:
        asking.note(session, FieldEvent.REVISED, process, found, actor=actor, now=now)


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
        asking.note(session, FieldEvent.REVISED, process, moved, actor=actor, now=now)


def drop_field(session: Session, process: Process, code: str, *, actor: Actor, now: datetime) -> FieldState:
    """Remove a question that nobody answered; ask one that was answered no more. What became of it."""
    require(policies.can_set_up(actor, process, now=now))
    found = queries.get_field(session, process, code)
    is_used = queries.count_answers(session, process, code) > 0
    found.state = FieldState.RETIRED if is_used else FieldState.REMOVED
    event = FieldEvent.RETIRED if is_used else FieldEvent.REMOVED
    asking.note(session, event, process, found, actor=actor, now=now)
    return found.state


def resume_field(session: Session, process: Process, code: str, *, actor: Actor, now: datetime) -> None:
    """Ask a retired question again."""
    require(policies.can_set_up(actor, process, now=now))
    found = queries.get_field(session, process, code)
    if found.is_asked:
        raise Conflict()
    found.state = FieldState.ASKED
    asking.note(session, FieldEvent.RESUMED, process, found, actor=actor, now=now)


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
