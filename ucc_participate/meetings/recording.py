"""The log's entries of meetings: state entries of the meeting, and acts of people under names of this one meeting."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from ..audit.log import pseudonym, record
from ..kernel.events import AuditEvent
from ..kernel.identity import Actor, Role
from .events import MeetingEvent
from .models import Meeting


def record_state(session: Session, event: MeetingEvent, meeting: Meeting, *, actor: Actor, now: datetime) -> None:
    """The whole public state of the meeting; needs ``process`` loaded."""
    payload = meeting.public_payload()
    record(session, event, actor=actor, subject=meeting.ref, process=meeting.process.ref, payload=payload, now=now)


def record_part(
    session: Session,
    event: AuditEvent,
    meeting: Meeting,
    part: str,
    *,
    actor: Actor,
    now: datetime,
    payload: dict[str, Any] | None = None,
    role: Role | None = None,
    by_random_name: bool = False,
) -> None:
    """An entry about a part of the meeting (``minutes/1``). ``by_random_name``: the actor is called by a name that
    stands for the person in this meeting alone, so that who comes to a women's session cannot be followed elsewhere."""
    record(
        session,
        event,
        actor=actor,
        subject=f"{meeting.ref}/{part}" if part else meeting.ref,
        process=meeting.process.ref,
        payload=payload,
        now=now,
        role=role,
        scope=meeting.ref if by_random_name else None,
    )


def name_within(session: Session, meeting: Meeting, actor: Actor) -> str:
    """How the log calls this person in this meeting."""
    return pseudonym(session.connection(), actor, meeting.ref)
