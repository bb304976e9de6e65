"""Sheets on good practices: drafted, published, put right, withdrawn."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...audit.log import record
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.i18n import lazy_number
from ...kernel.identity import Actor, Role, new_public_id
from ...plan.models import Initiative
from ...processes.models import Process
from ...vocabularies.uccn import AREAS, OBJECTIVES
from .. import policies, queries
from ..cleaning import checked_reason, clean_texts
from ..events import PracticeEvent
from ..models import PART_LENGTH, PARTS, TITLE_LENGTH, Practice, PracticeState, PracticeText

NEEDED = ("summary", "done", "results")
"""Without these a sheet helps nobody."""


def draft_practice(session: Session, process: Process, told: PracticeText, *, actor: Actor, now: datetime) -> Practice:
    """Begin a sheet that the staff alone sees."""
    require(policies.can_share(actor, process, now=now))
    practice = Practice(public_id=new_public_id(), process_id=process.id, process=process, created_at=now)
    practice.status, practice.initiative = PracticeState.DRAFT, None
    _write(session, practice, told)
    session.add(practice)
    _note(session, PracticeEvent.DRAFTED, practice, actor=actor, now=now)
    return practice


def revise_practice(session: Session, practice: Practice, told: PracticeText, *, actor: Actor, now: datetime) -> None:
    """Replace the texts; one that was published stays complete. Saying the same again changes nothing."""
    require(policies.can_edit_practice(actor, practice, now=now))
    before = practice.public_payload()
    _write(session, practice, told)
    if practice.was_public:
        _require_complete(practice)
    if practice.public_payload() != before:
        event = PracticeEvent.REVISED if practice.was_public else PracticeEvent.DRAFTED
        _note(session, event, practice, actor=actor, now=now)


def publish_practice(session: Session, practice: Practice, *, actor: Actor, now: datetime) -> None:
    """Let everybody read it, and other cities take it. Raises Invalid naming the part that is missing."""
    require(policies.can_edit_practice(actor, practice, now=now))
    _require_complete(practice)
    practice.move_to(PracticeState.PUBLISHED, at=now)
    practice.reason = None
    _note(session, PracticeEvent.PUBLISHED, practice, actor=actor, now=now)


def withdraw_practice(session: Session, practice: Practice, *, reason: str, actor: Actor, now: datetime) -> None:
    """Take it from the public list; files that were given before keep it."""
    require(policies.can_edit_practice(actor, practice, now=now))
    practice.reason = checked_reason(reason)
    practice.move_to(PracticeState.WITHDRAWN, at=now)
    _note(session, PracticeEvent.WITHDRAWN, practice, actor=actor, now=now)


def _write(session: Session, practice: Practice, told: PracticeText) -> None:
    practice.title = clean_texts(told.title, most=TITLE_LENGTH[1], is_line=True)
    if not any(len(text) >= TITLE_LENGTH[0] for text in practice.title.values()):
        least = lazy_number(TITLE_LENGTH[0])
        raise Invalid(_l("Write a title of at least %(least)s characters.", least=least), field="title")
    parts = {name: clean_texts(told.parts.get(name, {}), most=PART_LENGTH) for name in PARTS}
    practice.parts = {name: texts for name, texts in parts.items() if texts}
    practice.areas = tuple(sorted(set(told.areas) & set(AREAS)))
    practice.objectives = tuple(sorted(set(told.objectives) & set(OBJECTIVES)))
    practice.initiative = _initiative(session, practice.process, told.initiative_id)
    practice.initiative_id = practice.initiative.id if practice.initiative is not None else None


def _initiative(session: Session, process: Process, known: int | None) -> Initiative | None:
    if known is None:
        return None
    found = next((each for each in queries.initiatives_by_number(session, process) if each.id == known), None)
    if found is None:
        raise Invalid(_l("Choose an initiative of this plan."), field="initiative")
    return found


def _require_complete(practice: Practice) -> None:
    missing = next((name for name in NEEDED if not practice.parts.get(name)), None)
    if missing is not None:
        raise Invalid(_l("Write this before the sheet is published: others can do nothing without it."), field=missing)


def _note(session: Session, event: PracticeEvent, practice: Practice, *, actor: Actor, now: datetime) -> None:
    session.flush()
    record(
        session,
        event,
        actor=actor,
        subject=practice.ref,
        process=practice.process.ref,
        payload=practice.public_payload() if practice.was_public else None,
        now=now,
        role=None if actor.is_system else Role.COORDINATOR,
    )
