"""How entries of this room are noted, files are kept beside them, and what is typed is checked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ..audit.log import record
from ..documents.attaching import attach
from ..documents.uploads import StoredUpload
from ..kernel.errors import Invalid
from ..kernel.events import AuditEvent
from ..kernel.identity import Actor, Role
from ..kernel.reasons import required_reason
from ..kernel.text import clean_line
from .models import LINE_LENGTH, NOTE_LENGTH, Commitment, Conference, Designation, Reading

Subject = Commitment | Conference | Designation | Reading
EVIDENCE = "evidence"


def note(
    session: Session,
    event: AuditEvent,
    subject: Subject,
    *,
    actor: Actor,
    now: datetime,
    more: dict[str, Any] | None = None,
) -> None:
    """``more``: what the entry says beside the state."""
    session.flush()
    role = Role.COORDINATOR if actor.has(Role.COORDINATOR) and not actor.is_system else None
    payload = subject.public_payload() | (more or {})
    facts: dict[str, Any] = {"subject": subject.ref, "process": subject.process.ref, "payload": payload}
    record(session, event, actor=actor, now=now, role=role, **facts)


def keep_file(session: Session, subject: Subject, stored: StoredUpload, *, actor: Actor, now: datetime) -> str:
    """A public document beside the subject; its SHA-256, which the entry names."""
    title = clean_line(stored.name, max_length=160) or stored.stored_name
    made = attach(session, subject.ref, stored, kind=EVIDENCE, title=title, actor=actor, now=now, is_public=True)
    return made.sha256


def checked_line(text: str, *, field: str, least: int = 3) -> str:
    cleaned = clean_line(text, max_length=LINE_LENGTH)
    if len(cleaned) < least:
        raise Invalid(_l("Say how this is known: a source, an address, a document."), field=field)
    return cleaned


def checked_note(text: str, *, field: str) -> str:
    return required_reason(text, NOTE_LENGTH, field=field)


def require_past(day: date, today: date, *, field: str) -> None:
    if day > today:
        raise Invalid(_l("This day has not come yet."), field=field)
