"""What the public reads of moderation: acts without names and without texts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ...processes.models import Process
from ..models import Act, Appeal, AppealOutcome, Block, Case, Decision, Reason


@dataclass(frozen=True, slots=True)
class ActDone:
    """One act of moderation for the figures: no name, no text."""

    at: datetime
    act: Act
    reason: Reason | None
    kind: str
    waited: float | None


def acts(session: Session, process: Process) -> list[ActDone]:
    """Everything that moderators decided in a process, oldest first; ``waited``: seconds in the queue."""
    query = select(Decision.at, Decision.act, Decision.reason, Case.kind, Decision.waited_since)
    rows = session.execute(
        query.join(Case, Case.id == Decision.case_id).where(Decision.process_id == process.id).order_by(Decision.id)
    )
    return [
        ActDone(at, act, reason, kind, (at - since).total_seconds() if since else None)
        for at, act, reason, kind, since in rows
    ]


def count_appeals(session: Session, process: Process) -> dict[AppealOutcome | None, int]:
    """How appeals ended; None: those that wait."""
    query = select(Appeal.outcome, func.count()).where(Appeal.process_id == process.id).group_by(Appeal.outcome)
    return {row[0]: row[1] for row in session.execute(query)}


def count_blocks(session: Session, process: Process, *, now: datetime) -> tuple[int, int]:
    """Blocks so far, and those that hold now."""
    holds = Block.ended_at.is_(None) & (Block.until > now)
    query = select(func.count(), func.count().filter(holds)).where(Block.process_id == process.id)
    total, holding = session.execute(query.select_from(Block)).one()
    return total, holding
