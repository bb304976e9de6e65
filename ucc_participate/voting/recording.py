"""How operations write entries about votes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from ..audit.log import Draft, record
from ..kernel.identity import Actor
from ..processes.models import Process
from .events import VoteEvent
from .models import Vote


def record_state(
    session: Session, event: VoteEvent, vote: Vote, process: Process, *, actor: Actor, now: datetime
) -> None:
    """The whole public state after the event; needs ``options`` loaded."""
    record(session, event, actor=actor, subject=vote.ref, process=process.ref, now=now, payload=vote.public_payload())


def record_in(session: Session, event: Any, vote: Vote, *, actor: Actor, now: datetime, **more: Any) -> Draft:
    """Something within the vote, whose process is loaded; its subject is the vote unless ``more`` names one."""
    facts = {"subject": vote.ref, "process": vote.process.ref, **more}
    return record(session, event, actor=actor, now=now, **facts)
