"""How operations write entries about boxes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from ..audit.log import record
from ..kernel.identity import Actor
from .events import BoxEvent
from .models import BallotBox


def record_box(session: Session, event: BoxEvent, box: BallotBox, actor: Actor, now: datetime) -> None:
    """The state of a box; needs its place with the vote and its process."""
    facts: dict[str, Any] = {"subject": box.ref, "process": box.place.vote.process.ref}
    record(session, event, actor=actor, now=now, payload=box.public_payload(), **facts)
