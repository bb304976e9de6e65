"""Appraising: criteria, tasks, notes for the staff, scores given alone, and what is published with the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...accounts.models import Account
from ...accounts.retention import note_retention
from ...audit.log import record
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid, NotFound
from ...kernel.i18n import lazy_number
from ...kernel.identity import Actor, new_public_id
from ...kernel.text import clean_text
from ...notifications.operations import queue_mail
from ...processes.models import Process, Texts
from .. import policies, queries
from ..events import AppraisalEvent
from ..models import (
    LARGEST_COST,
    LONGEST_DISSENT_DAYS,
    NOTE_LENGTH,
    REASON_LENGTH,
    WIDEST_SCALE,
    AnsweringRules,
    Appraisal,
    AppraisalCriterion,
    AppraisalScore,
    AppraisalTask,
    Feasibility,
    Proposal,
)

RETENTION = "appraisal_notes"


@dataclass(frozen=True, slots=True)
class Findings:
    """What the staff knows of a proposal. Only ``summary`` is ever published; ``cost`` is in whole units."""

    feasibility: Feasibility | None = None
    why: str = ""
    cost: int | None = None
    legal: str = ""
    notes: str = ""
    summary: str = ""


def set_answering_rules(
    session: Session, process: Process, *, publishes_scores: bool, dissent_days: int, actor: Actor, now: datetime
) -> None:
    """Whether scores are published with the answer, and how long people may file minority statements."""
    require(policies.can_set_up_appraisal(actor, process, now=now))
    if not 1 <= dissent_days <= LONGEST_DISSENT_DAYS:
        most = lazy_number(LONGEST_DISSENT_DAYS)
        raise Invalid(_l("Choose between 1 and %(most)s days.", most=most), field="dissent_days")
    rules = session.get(AnsweringRules, process.id) or AnsweringRules(process_id=process.id)
    rules.publishes_scores, rules.dissent_days = publishes_scores, dissent_days
    session.add(rules)
    _record_rules(session, process, rules, actor=actor, now=now)


def add_criterion(
    session: Session, process: Process, *, name: Texts, lowest: int, highest: int, actor: Actor, now: datetime
) -> AppraisalCriterion:
    require(policies.can_set_up_appraisal(actor, process, now=now))
    if not WIDEST_SCALE[0] <= lowest < highest <= WIDEST_SCALE[1]:
        text = _l("A scale runs from a smaller to a larger number, between 0 and %(most)s.", most=lazy_number(10))
        raise Invalid(text, field="highest")
    if not name:
        raise Invalid(_l("Write a name in at least one language."), field="name")
    criterion = AppraisalCriterion(
        public_id=new_public_id(), process_id=process.id, name=name, lowest=lowest, highest=highest, added_at=now
    )
    session.add(criterion)
    session.flush()
    _record_rules(session, process, _rules_row(session, process), actor=actor, now=now)
    return criterion


def retire_criterion(
    session: Session, process: Process, criterion: AppraisalCriterion, *, actor: Actor, now: datetime
) -> None:
    """It is no longer asked for; scores that were given for it stay."""
    require(policies.can_set_up_appraisal(actor, process, now=now))
    if criterion.retired_at is None:
        criterion.retired_at = now
        session.flush()
        _record_rules(session, process, _rules_row(session, process), actor=actor, now=now)


def assign_appraisal(
    session: Session,
    proposal: Proposal,
    account: Account,
    *,
    due_on: date | None,
    actor: Actor,
    now: datetime,
    address: str,
) -> AppraisalTask:
    """Give somebody of the staff the task, and tell them; a second time only changes the day."""
    require(policies.can_assign(actor, proposal, now=now))
    if account.id not in {each.id for each in queries.staff(session, now)}:
        raise Invalid(_l("Choose somebody of the staff."), field="person")
    known = next((task for task in queries.tasks_of(session, proposal) if task.account_id == account.id), None)
    if known is not None and known.due_on == due_on:
        return known
    task = known or AppraisalTask(
        proposal_id=proposal.id, account_id=account.id, assigned_by=actor.key, assigned_at=now
    )
    task.due_on = due_on
    session.add(task)
    _record(session, AppraisalEvent.ASSIGNED, proposal, actor=actor, now=now)
    data = {
        "name": account.display_name,
        "title": proposal.title,
        "due": due_on.isoformat() if due_on else "",
        "address": address,
    }
    to: dict[str, Any] = {"to": account.email, "owner": account.key, "locale": account.locale}
    queue_mail(session, **to, template="appraisal_assigned", data=data, now=now)
    return task


def release_appraisal(session: Session, proposal: Proposal, account_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a task back that is not done. Raises Conflict for one that is: its scores stay."""
    require(policies.can_assign(actor, proposal, now=now))
    task = next((task for task in queries.tasks_of(session, proposal) if task.account_id == account_id), None)
    if task is None:
        raise NotFound()
    if not task.is_waiting:
        raise Conflict(_l("This task is done. It stays."))
    session.delete(task)
    _record(session, AppraisalEvent.RELEASED, proposal, actor=actor, now=now)


def write_appraisal(session: Session, proposal: Proposal, findings: Findings, *, actor: Actor, now: datetime) -> None:
    """Keep what was found out. The log says that somebody wrote, and nothing of it."""
    tasks = queries.tasks_of(session, proposal)
    require(policies.can_write_appraisal(actor, proposal, tasks=tasks, now=now))
    values = _checked(findings)
    appraisal = queries.appraisal_to_change(session, proposal)
    if appraisal is None:
        appraisal = Appraisal(proposal_id=proposal.id, why="", legal="", notes="", summary="")
    if all(getattr(appraisal, name) == value for name, value in values.items()):
        return
    for name, value in values.items():
        setattr(appraisal, name, value)
    appraisal.updated_at, appraisal.updated_by = now, actor.key
    session.add(appraisal)
    _record(session, AppraisalEvent.WRITTEN, proposal, actor=actor, now=now)


def score_proposal(
    session: Session, proposal: Proposal, scores: Mapping[str, int], *, actor: Actor, now: datetime
) -> None:
    """Give one's scores, by the public id of the criterion: for every criterion, once, without having seen others'."""
    task = queries.task_of(session, proposal, actor)
    require(policies.can_score(actor, proposal, task=task, now=now))
    criteria = queries.criteria_of(session, proposal.process)
    if task is None or not criteria:
        raise Conflict(_l("There are no criteria yet."))
    for criterion in criteria:
        score = scores.get(criterion.public_id)
        if score is None or not criterion.lowest <= score <= criterion.highest:
            raise Invalid(_l("Choose from the scale."), field=f"score_{criterion.public_id}")
        session.add(AppraisalScore(task_id=task.id, criterion_id=criterion.id, score=score))
    task.done_at = now
    _record(session, AppraisalEvent.SCORED, proposal, actor=actor, now=now)


def declare_conflict(session: Session, proposal: Proposal, reason: str, *, actor: Actor, now: datetime) -> None:
    """Take no part because of a conflict of interest. The log says that somebody did, not why."""
    task = queries.task_of(session, proposal, actor)
    require(policies.can_score(actor, proposal, task=task, now=now))
    said = clean_text(reason, max_length=REASON_LENGTH[1])
    if task is None or not said:
        raise Invalid(_l("Say in a few words what the conflict is."), field="conflict")
    task.conflict, task.excluded_at = said, now
    _record(session, AppraisalEvent.EXCLUDED, proposal, actor=actor, now=now)


def purge_notes(session: Session, *, closed_before: datetime, actor: Actor, now: datetime) -> int:
    """Remove what is private in the appraisals of processes closed so long ago; what was published stays."""
    old = queries.notes_past_their_time(session, closed_before)
    for appraisal in old:
        appraisal.notes = appraisal.legal = appraisal.why = ""
    if old:
        note_retention(session, RETENTION, len(old), actor=actor, now=now)
    return len(old)


def forget_tasks(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """When a person is erased: the words of a conflict go, and tasks that wait. Part of the erasing operation."""
    for task in queries.tasks_given_to(session, account):
        if task.is_waiting:
            session.delete(task)
        elif task.conflict is not None:
            task.conflict = ""


def _checked(findings: Findings) -> dict[str, Any]:
    if findings.cost is not None and not 0 <= findings.cost <= LARGEST_COST:
        raise Invalid(_l("Write a whole amount."), field="cost")
    texts = {name: clean_text(getattr(findings, name), max_length=NOTE_LENGTH) for name in ("why", "legal", "notes")}
    summary = clean_text(findings.summary, max_length=REASON_LENGTH[1])
    return {"feasibility": findings.feasibility, "cost": findings.cost, "summary": summary, **texts}


def _rules_row(session: Session, process: Process) -> AnsweringRules:
    rules = session.get(AnsweringRules, process.id)
    if rules is None:
        rules = queries.answering_rules(session, process)
        session.add(rules)
        session.flush()
    return rules


def _record_rules(session: Session, process: Process, rules: AnsweringRules, *, actor: Actor, now: datetime) -> None:
    payload = queries.rules_payload(session, process, rules)
    subject = f"{process.ref}/appraisal"
    facts: dict[str, Any] = {"subject": subject, "process": process.ref, "payload": payload}
    record(session, AppraisalEvent.RULES_SET, actor=actor, now=now, **facts)


def _record(session: Session, event: AppraisalEvent, proposal: Proposal, *, actor: Actor, now: datetime) -> None:
    """That it was done, and nothing of it: as long as nothing is published."""
    facts: dict[str, Any] = {"subject": f"{proposal.ref}/appraisal", "process": proposal.process.ref}
    record(session, event, actor=actor, now=now, schema="ucc.appraisal_work/1", **facts)
