"""What the clock has counted: how often statements were answered, and what is shown of a map that is still open."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from ...kernel.decision import require
from ...kernel.identity import Actor
from .. import policies, queries
from ..models import OpinionAnalysis, OpinionMap, Statement, StatementCount


def recount_answers(session: Session, opinion_map: OpinionMap, *, actor: Actor, now: datetime) -> None:
    """Hold the counts by which the next statement is chosen to the answers. The log speaks of none of this."""
    counted = queries.answers_counted(session, opinion_map)
    statements = Statement.__table__.select().with_only_columns(Statement.id).where(Statement.map_id == opinion_map.id)
    session.execute(delete(StatementCount).where(StatementCount.statement_id.in_(statements)))
    if counted:
        session.execute(insert(StatementCount), [{"statement_id": at, "answers": number} for at, number in counted])


def analyse_map(
    session: Session,
    opinion_map: OpinionMap,
    result: dict[str, Any],
    *,
    actor: Actor,
    now: datetime,
    taken_at: datetime,
) -> None:
    """Keep what was found in the answers as they were at ``taken_at``; show what was found the time before.

    Called when at least FLOOR people have answered since then: between two results that are shown, and between the
    last of them and the one at the end, there always are so many. Their difference tells of nobody.
    """
    require(policies.can_announce(actor, opinion_map.process, now=now))
    kept = queries.analysis_of(session, opinion_map)
    if kept is None:
        session.add(OpinionAnalysis(map_id=opinion_map.id, waiting=result, waiting_at=taken_at))
        return
    kept.shown, kept.shown_at = kept.waiting, kept.waiting_at
    kept.waiting, kept.waiting_at = result, taken_at
