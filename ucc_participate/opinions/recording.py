"""How operations write entries about opinion maps and their statements."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from ..audit.log import record
from ..kernel.identity import Actor, Role
from .events import OpinionMapEvent, StatementEvent
from .models import OpinionMap, Statement


def record_map(session: Session, event: OpinionMapEvent, found: OpinionMap, *, actor: Actor, now: datetime) -> None:
    """The whole public state after the event; needs ``process`` loaded."""
    process, payload = found.process.ref, found.public_payload()
    record(session, event, actor=actor, subject=found.ref, process=process, now=now, payload=payload)


def record_statement(
    session: Session,
    event: StatementEvent,
    statement: Statement,
    *,
    actor: Actor,
    now: datetime,
    role: Role | None = None,
) -> None:
    """The whole public state after the event; needs ``map`` with its process loaded."""
    process, payload = statement.map.process.ref, statement.public_payload()
    record(session, event, actor=actor, subject=statement.ref, process=process, now=now, payload=payload, role=role)
