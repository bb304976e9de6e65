"""How changes of a process enter the log."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from ...audit.log import record
from ...kernel.identity import Actor
from ..events import ProcessEvent
from ..models import Process


def record_state(session: Session, event: ProcessEvent, process: Process, *, actor: Actor, now: datetime) -> None:
    """The whole public state of the process goes with each of its entries."""
    payload = process.public_payload()
    record(session, event, actor=actor, subject=process.ref, process=process.ref, payload=payload, now=now)
