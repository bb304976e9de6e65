"""Reading what the log says of a process's record."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..audit.models import LogOpening
from ..audit.queries import visible_fields
from .events import RecordEvent


def last_figures(session: Session, process_ref: str) -> Any:
    """The figures that were published last, or None."""
    schema = f"ucc.{RecordEvent.FIGURES_PUBLISHED.value.partition('.')[0]}/1"
    row = session.scalars(
        select(LogOpening)
        .where(LogOpening.process == process_ref, LogOpening.schema == schema)
        .order_by(LogOpening.position.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else visible_fields(row).get("figures")
