"""The public clock of answers: how many are given, what is overdue, and of which kind."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ...moderation.models import Standing
from ...processes.models import Process
from ..models import LISTED, Outcome, Proposal, ProposalKind, ProposalState
from .lists import counts_by_tag


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many proposals of a kind are on the list, and how many of them are answered."""

    kind: ProposalKind
    total: int
    answered: int

    @property
    def waiting(self) -> int:
        return self.total - self.answered


@dataclass(frozen=True, slots=True)
class Clock:
    """Where a process stands with its answers. ``days``: until the promised day, or since it when ``is_late``.

    ``total`` and ``answered`` count what is on the list; ``carried_on`` what was merged or split, which has its answer
    too: a reason, an official, and a proposal in its place that is among the others.
    """

    total: int
    answered: int
    carried_on: int
    due_at: datetime | None
    days: int | None
    is_late: bool

    @property
    def waiting(self) -> int:
        return self.total - self.answered

    @property
    def overdue(self) -> int:
        return self.waiting if self.is_late else 0


def clock_of(session: Session, process: Process, *, now: datetime) -> Clock:
    """From the stored counts; the gate of closing counts the proposals themselves."""
    carried_on = [f"outcome:{outcome}" for outcome in (Outcome.MERGED, Outcome.SPLIT)]
    found = counts_by_tag(session, process, [LISTED, f"state:{ProposalState.ANSWERED}", *carried_on])
    due = process.answers_due_at
    return Clock(
        total=found.get(LISTED, 0),
        answered=found.get(f"state:{ProposalState.ANSWERED}", 0),
        carried_on=sum(found.get(tag, 0) for tag in carried_on),
        due_at=due,
        days=None if due is None else abs(due - now).days,
        is_late=due is not None and due <= now,
    )


def counts_by_kind(session: Session, process: Process) -> list[KindCount]:
    """By kind, in the order of the vocabulary; kinds that nobody proposed are left out."""
    tags = [f"kind:{kind}" for kind in ProposalKind]
    totals = counts_by_tag(session, process, tags)
    waiting = select(Proposal.kind, func.count()).where(
        Proposal.process_id == process.id,
        Proposal.status == ProposalState.SUBMITTED,
        Proposal.standing == Standing.SHOWN,
    )
    open_ones = {row[0]: row[1] for row in session.execute(waiting.group_by(Proposal.kind))}
    found = [_of_kind(kind, totals.get(f"kind:{kind}", 0), open_ones) for kind in ProposalKind]
    return [each for each in found if each.total]


def _of_kind(kind: ProposalKind, total: int, waiting: dict[ProposalKind | None, int]) -> KindCount:
    return KindCount(kind, total, total - waiting.get(kind, 0))


def times_given(session: Session, process: Process, reasons: Collection[str]) -> dict[str, int]:
    """How often these very reasons were given in a process already."""
    rows = select(Proposal.reason, func.count()).where(Proposal.process_id == process.id, Proposal.reason.in_(reasons))
    given = rows.where(Proposal.status == ProposalState.ANSWERED).group_by(Proposal.reason)
    return {str(row[0]): row[1] for row in session.execute(given)}
