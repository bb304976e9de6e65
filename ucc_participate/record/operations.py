"""What the record changes: it fixes the figures on who took part in the log before it is built."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from ..audit.log import record
from ..kernel.decision import require
from ..kernel.identity import Actor
from ..processes.models import Process
from . import policies
from .events import RecordEvent


def publish_figures(
    session: Session, process: Process, *, figures: dict[str, Any], actor: Actor, now: datetime
) -> None:
    """Put the presence figures of a process into the log; the record's tables and PDF take them from there."""
    require(policies.can_publish_figures(actor, process, now=now))
    record(
        session,
        RecordEvent.FIGURES_PUBLISHED,
        actor=actor,
        subject=process.ref,
        process=process.ref,
        now=now,
        payload={"figures": figures},
    )
