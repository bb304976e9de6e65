"""What the staff found out: criteria, tasks, scores, notes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from ...accounts.models import Account
from ...accounts.queries import staff_with_roles
from ...kernel.errors import NotFound
from ...kernel.identity import STAFF_ROLES, Actor
from ...moderation.models import Standing
from ...processes.models import Process, ProcessState
from ..models import (
    AnsweringRules,
    Appraisal,
    AppraisalCriterion,
    AppraisalScore,
    AppraisalTask,
    Proposal,
    ProposalState,
)
from .dissenting import answering_rules

APPRAISALS_PAGE = 50
MINE, UNDONE, OVERDUE = "mine", "undone", "overdue"
_waits_for_all_to_see = (Proposal.status == ProposalState.SUBMITTED, Proposal.standing == Standing.SHOWN)


@dataclass(frozen=True, slots=True)
class AppraisalLine:
    """A proposal on the desk's list, with how far its tasks have come."""

    proposal: Proposal
    tasks: list[AppraisalTask]

    @property
    def done(self) -> int:
        return sum(task.done_at is not None for task in self.tasks)

    @property
    def excluded(self) -> int:
        return sum(task.excluded_at is not None for task in self.tasks)

    @property
    def waiting(self) -> int:
        return sum(task.is_waiting for task in self.tasks)

    def next_due(self) -> date | None:
        return min((task.due_on for task in self.tasks if task.is_waiting and task.due_on), default=None)


def list_appraisals(
    session: Session, process: Process, *, wanted: str | None, actor: Actor, today: date, after: int | None = None
) -> list[AppraisalLine]:
    """A page by number: all that wait for an answer, or those with a task that is one's own, undone or overdue."""
    rows = select(Proposal).where(Proposal.process_id == process.id, *_waits_for_all_to_see)
    if after is not None:
        rows = rows.where(Proposal.number > after)
    if wanted is not None:
        rows = rows.where(_task_exists(wanted, actor, today))
    found = list(session.scalars(rows.order_by(Proposal.number).limit(APPRAISALS_PAGE)))
    tasks = _tasks_of(session, [proposal.id for proposal in found])
    return [AppraisalLine(each, [task for task in tasks if task.proposal_id == each.id]) for each in found]


def _task_exists(wanted: str, actor: Actor, today: date) -> Any:
    waits = AppraisalTask.done_at.is_(None) & AppraisalTask.excluded_at.is_(None)
    narrow = {
        MINE: AppraisalTask.account_id == actor.account_id,
        UNDONE: waits,
        OVERDUE: waits & (AppraisalTask.due_on < today),
    }
    return select(AppraisalTask.id).where(AppraisalTask.proposal_id == Proposal.id, narrow[wanted]).exists()


def _tasks_of(session: Session, ids: Collection[int]) -> list[AppraisalTask]:
    rows = select(AppraisalTask).where(AppraisalTask.proposal_id.in_(ids)).options(joinedload(AppraisalTask.account))
    return list(session.scalars(rows.order_by(AppraisalTask.id)))


def tasks_of(session: Session, proposal: Proposal) -> list[AppraisalTask]:
    """With their people, in the order in which they were given."""
    return _tasks_of(session, [proposal.id])


def task_of(session: Session, proposal: Proposal, actor: Actor) -> AppraisalTask | None:
    """The actor's own task; None for whoever has none. A score twice fails at the key of the scores."""
    rows = select(AppraisalTask).where(
        AppraisalTask.proposal_id == proposal.id, AppraisalTask.account_id == actor.account_id
    )
    return session.scalar(rows)


def criteria_of(session: Session, process: Process, *, retired: bool = False) -> list[AppraisalCriterion]:
    """In the order in which they were added; ``retired``: those that are no longer asked for too."""
    rows = select(AppraisalCriterion).where(AppraisalCriterion.process_id == process.id)
    if not retired:
        rows = rows.where(AppraisalCriterion.retired_at.is_(None))
    return list(session.scalars(rows.order_by(AppraisalCriterion.id)))


def get_criterion(session: Session, process: Process, public_id: str) -> AppraisalCriterion:
    """Raises NotFound."""
    rows = select(AppraisalCriterion).where(
        AppraisalCriterion.process_id == process.id, AppraisalCriterion.public_id == public_id
    )
    found = session.scalar(rows)
    if found is None:
        raise NotFound()
    return found


def scores_on(session: Session, proposal: Proposal) -> list[tuple[int, int]]:
    """Criterion id and score, of everybody who has given theirs."""
    rows = (
        select(AppraisalScore.criterion_id, AppraisalScore.score)
        .join(AppraisalTask, AppraisalTask.id == AppraisalScore.task_id)
        .where(AppraisalTask.proposal_id == proposal.id, AppraisalTask.done_at.is_not(None))
        .where(AppraisalTask.excluded_at.is_(None))
        .order_by(AppraisalScore.criterion_id, AppraisalScore.task_id)
    )
    return [(row[0], row[1]) for row in session.execute(rows)]


def appraisal_of(session: Session, proposal: Proposal) -> Appraisal | None:
    return session.get(Appraisal, proposal.id)


def appraisal_to_change(session: Session, proposal: Proposal) -> Appraisal | None:
    """Locked until the unit of work ends."""
    return session.get(Appraisal, proposal.id, with_for_update=True)


def staff(session: Session, now: datetime) -> list[Account]:
    """Who can be given a task, by name."""
    return [account for account, roles in staff_with_roles(session, now) if not STAFF_ROLES.isdisjoint(roles)]


def count_tasks(session: Session, process: Process, actor: Actor, today: date) -> dict[str, int]:
    """How many tasks of what waits for an answer are one's own and undone, undone at all, overdue."""
    waits = AppraisalTask.done_at.is_(None) & AppraisalTask.excluded_at.is_(None)
    own = func.count().filter(AppraisalTask.account_id == actor.account_id)
    rows = (
        select(own, func.count(), func.count().filter(AppraisalTask.due_on < today))
        .select_from(AppraisalTask)
        .join(Proposal, Proposal.id == AppraisalTask.proposal_id)
        .where(Proposal.process_id == process.id, *_waits_for_all_to_see, waits)
    )
    return dict(zip((MINE, UNDONE, OVERDUE), session.execute(rows).one(), strict=True))


def tasks_given_to(session: Session, account: Account) -> list[AppraisalTask]:
    """With their proposals."""
    rows = select(AppraisalTask).where(AppraisalTask.account_id == account.id)
    return list(session.scalars(rows.options(joinedload(AppraisalTask.proposal)).order_by(AppraisalTask.id)))


def notes_past_their_time(session: Session, closed_before: datetime) -> list[Appraisal]:
    """Appraisals of processes closed so long ago, as far as anything private is left in them."""
    private = (Appraisal.notes != "") | (Appraisal.legal != "") | (Appraisal.why != "")
    rows = (
        select(Appraisal)
        .join(Proposal, Proposal.id == Appraisal.proposal_id)
        .join(Process, Process.id == Proposal.process_id)
        .where(Process.status == ProcessState.CLOSED, Process.closed_at < closed_before, private)
    )
    return list(session.scalars(rows.order_by(Appraisal.proposal_id)))


def rules_payload(session: Session, process: Process, rules: AnsweringRules | None = None) -> dict[str, Any]:
    """How a process appraises and answers, as the log keeps it."""
    rules = rules or answering_rules(session, process)
    return {
        "publishes_scores": rules.publishes_scores,
        "dissent_days": rules.dissent_days,
        "criteria": [each.public_payload() for each in criteria_of(session, process, retired=True)],
    }


def live_appraisals(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """For the drift check: rules of every process that has any, and every summary that was published."""
    processes: Select[Any] = select(Process).join(AnsweringRules, AnsweringRules.process_id == Process.id)
    for process in session.scalars(processes):
        yield f"{process.ref}/appraisal", rules_payload(session, process)
    rows = select(Appraisal.published, Proposal.public_id).join(Proposal, Proposal.id == Appraisal.proposal_id)
    for row in session.execute(rows.where(Appraisal.published_at.is_not(None))):
        yield f"proposal/{row[1]}/appraisal", row[0]
