"""Who may appraise a proposal, and who may see what the others found."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from ...kernel.decision import ALLOWED, Decision, Denied, first_refusal
from ...kernel.errors import Conflict
from ...kernel.identity import Actor, Role
from ...processes.models import Process, ProcessState
from ...processes.policies import can_view as can_view_process
from ..models import AppraisalTask, Proposal, ProposalState

STAFF_ONLY = _l("What the staff writes down about proposals is for the staff.")
COORDINATORS_ONLY = _l("Only a coordinator of the city does this.")


def can_set_up_appraisal(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """Criteria, and whether scores are published: until the process is closed."""
    return first_refusal([can_view_process(actor, process, now=now), _is_coordinator(actor), _is_running(process)])


def can_assign(actor: Actor, proposal: Proposal, *, now: datetime) -> Decision:
    """Give somebody of the staff the task; needs ``process``."""
    return first_refusal([_is_coordinator(actor), _is_running(proposal.process), _waits(proposal)])


def can_see_notes(actor: Actor, proposal: Proposal, *, now: datetime) -> Decision:
    """Notes, legal remarks, cost: the staff, and nobody else. Evaluators of the process read what is published."""
    return ALLOWED if actor.is_staff or actor.is_system else Denied(STAFF_ONLY)


def can_write_appraisal(actor: Actor, proposal: Proposal, *, tasks: list[AppraisalTask], now: datetime) -> Decision:
    """A coordinator, or whoever has the task and no conflict; until the proposal is answered."""
    has_task = any(_is_of(actor, task) and task.excluded_at is None for task in tasks)
    allowed = actor.has(Role.COORDINATOR) or (actor.is_staff and has_task)
    role: Decision = ALLOWED if allowed else Denied(_l("This proposal was given to others."))
    return first_refusal(
        [can_see_notes(actor, proposal, now=now), role, _is_running(proposal.process), _waits(proposal)]
    )


def can_score(actor: Actor, proposal: Proposal, *, task: AppraisalTask | None, now: datetime) -> Decision:
    """Whoever has the task, once, alone: what is given stays."""
    if task is None or not _is_of(actor, task) or not actor.is_staff:
        return Denied(_l("This proposal was given to others."))
    if task.excluded_at is not None:
        return Denied(_l("You have declared a conflict of interest."), Conflict)
    if task.done_at is not None:
        return Denied(_l("You have scored this proposal. A score stays as it was given."), Conflict)
    return first_refusal([_is_running(proposal.process), _waits(proposal)])


def can_see_scores(actor: Actor, proposal: Proposal, *, task: AppraisalTask | None, now: datetime) -> Decision:
    """What the others gave: the staff, but nobody who has still to give their own."""
    waits = Denied(_l("You see what others gave as soon as you have given your own scores."), Conflict)
    own = task is not None and _is_of(actor, task) and task.is_waiting
    return first_refusal([can_see_notes(actor, proposal, now=now), waits if own else ALLOWED])


def _is_of(actor: Actor, task: AppraisalTask) -> bool:
    return actor.account_id is not None and actor.account_id == task.account_id


def _is_coordinator(actor: Actor) -> Decision:
    return ALLOWED if actor.has(Role.COORDINATOR) else Denied(COORDINATORS_ONLY)


def _is_running(process: Process) -> Decision:
    if process.status is ProcessState.CLOSED:
        return Denied(_l("This process is closed. Its record is complete."), Conflict)
    return ALLOWED


def _waits(proposal: Proposal) -> Decision:
    if proposal.status is not ProposalState.SUBMITTED:
        return Denied(_l("Only what waits for an answer is appraised."), Conflict)
    return ALLOWED
