"""What waits for moderators, oldest first, and how much of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from ...processes.models import Process
from ..models import Appeal, Case, Decision, Flag, Reason, Waiting

PAGE = 25


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the queue. ``reasons``: how many open flags name each; ``decisions``: what was decided before."""

    case: Case
    reasons: dict[Reason, int]
    decisions: list[Decision]
    appeal: Appeal | None


def waiting(
    session: Session,
    process: Process,
    *,
    shown: Waiting | None = None,
    bursts: bool = False,
    after: Case | None = None,
    limit: int = PAGE,
) -> list[Case]:
    """What waits, oldest first, by key: what comes behind ``after``. Bursts of flags stand apart."""
    query = select(Case).where(
        Case.process_id == process.id, Case.waiting_since.is_not(None), Case.is_burst.is_(bursts)
    )
    if shown is not None:
        query = query.where(Case.waits_for == shown)
    if after is not None:
        query = query.where(tuple_(Case.waiting_since, Case.id) > (after.waiting_since, after.id))
    return list(session.scalars(query.order_by(Case.waiting_since, Case.id).limit(limit)))


@dataclass(frozen=True, slots=True)
class Counts:
    """How much waits, by what it waits for; ``in_bursts``: contributions that one network flagged in a burst."""

    by_reason: dict[Waiting, int]
    in_bursts: int

    @property
    def total(self) -> int:
        return sum(self.by_reason.values())


def count_waiting(session: Session, process: Process) -> Counts:
    query = select(Case.waits_for, Case.is_burst, func.count()).where(
        Case.process_id == process.id, Case.waiting_since.is_not(None)
    )
    found: dict[Waiting, int] = dict.fromkeys(Waiting, 0)
    bursts = 0
    for waits_for, is_burst, number in session.execute(query.group_by(Case.waits_for, Case.is_burst)):
        if is_burst:
            bursts += number
        elif waits_for is not None:
            found[waits_for] += number
    return Counts(found, bursts)


def lines_of(session: Session, cases: Sequence[Case]) -> list[Line]:
    """What the queue says of these cases, in three queries whatever their number."""
    ids = [case.id for case in cases]
    counted = select(Flag.case_id, Flag.reason, func.count()).where(Flag.case_id.in_(ids), Flag.is_decided.is_(False))
    reasons: dict[int, dict[Reason, int]] = {}
    for case_id, reason, number in session.execute(counted.group_by(Flag.case_id, Flag.reason)):
        reasons.setdefault(case_id, {})[reason] = number
    decided: dict[int, list[Decision]] = {}
    for decision in session.scalars(select(Decision).where(Decision.case_id.in_(ids)).order_by(Decision.id.desc())):
        decided.setdefault(decision.case_id, []).append(decision)
    query = select(Appeal, Decision.case_id).join(Decision, Decision.id == Appeal.decision_id)
    rows = session.execute(query.where(Decision.case_id.in_(ids), Appeal.outcome.is_(None)))
    appeals = {case_id: found for found, case_id in rows}
    return [Line(case, reasons.get(case.id, {}), decided.get(case.id, []), appeals.get(case.id)) for case in cases]
