"""What the public reads of an appraisal: its summary, and the jury's figures where the process says so."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from ..audit.log import record
from ..kernel.clock import utc_text
from ..kernel.identity import Actor
from . import jury, queries
from .events import AppraisalEvent
from .models import FEWEST_PUBLISHED, Appraisal, Proposal


def publish_appraisal(session: Session, proposal: Proposal, *, actor: Actor, now: datetime) -> None:
    """Publish the summary with the answer. Part of the operation that answers; ``process`` must be loaded.

    Nothing happens without a summary or scores to publish, and when the same is public already.
    """
    figures, excluded = _figures(session, proposal)
    appraisal = queries.appraisal_to_change(session, proposal)
    if appraisal is None and figures:
        appraisal = Appraisal(proposal_id=proposal.id, summary="", updated_at=now, updated_by=actor.key)
        session.add(appraisal)
    if appraisal is None or (not appraisal.summary and not figures):
        return
    said = {
        "summary": appraisal.summary or None,
        "feasibility": appraisal.feasibility.value if appraisal.feasibility else None,
        "cost": appraisal.cost,
        "currency": proposal.currency,
        "figures": figures,
        "excluded": excluded,
    }
    before = {name: value for name, value in (appraisal.published or {}).items() if name != "published_at"}
    if before == said:
        return
    payload: dict[str, Any] = {**said, "published_at": utc_text(now)}
    appraisal.published, appraisal.published_at = payload, now
    facts: dict[str, Any] = {"subject": f"{proposal.ref}/appraisal", "process": proposal.process.ref}
    record(session, AppraisalEvent.PUBLISHED, actor=actor, now=now, payload=payload, **facts)


def _figures(session: Session, proposal: Proposal) -> tuple[list[dict[str, Any]], int]:
    """The jury's figures, if the process publishes them and enough people scored; and how many stood aside."""
    if not queries.answering_rules(session, proposal.process).publishes_scores:
        return [], 0
    tasks = queries.tasks_of(session, proposal)
    excluded = sum(task.excluded_at is not None for task in tasks)
    criteria = queries.criteria_of(session, proposal.process, retired=True)
    found = jury.spreads(criteria, queries.scores_on(session, proposal))
    return [each.public_payload() for each in found if each.scores >= FEWEST_PUBLISHED], excluded
