"""Who may do what with the action plan: coordinators write it, staff and evaluators read it, all once it is public."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from ..kernel.decision import ALLOWED, Decision, Denied, first_refusal
from ..kernel.errors import Conflict, NotFound
from ..kernel.identity import Actor, Role
from ..processes import policies as processes
from ..processes.models import Process, ProcessState
from .models import Plan, PlanState

COORDINATORS_ONLY = _l("Only a coordinator of the city writes the action plan.")
FROZEN = _l("This plan is frozen as it was submitted. Begin a new version to change it.")


def can_view_plan(actor: Actor, plan: Plan, *, now: datetime) -> Decision:
    """Needs ``process`` loaded."""
    if not plan.is_public and not (actor.is_staff or actor.is_system or actor.has(Role.EVALUATOR)):
        return Denied(None, NotFound)
    return processes.can_view(actor, plan.process, now=now)


def can_begin_plan(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """At any time: a plan may be sketched before the process opens and is finished after it has closed."""
    coordinates = ALLOWED if actor.has(Role.COORDINATOR) or actor.is_system else Denied(COORDINATORS_ONLY)
    return first_refusal([processes.can_view(actor, process, now=now), coordinates])


def can_edit_plan(actor: Actor, plan: Plan, *, now: datetime) -> Decision:
    """Needs ``process`` loaded."""
    open_ = Denied(FROZEN, Conflict) if plan.is_frozen else ALLOWED
    return first_refusal([can_begin_plan(actor, plan.process, now=now), open_])


UNKNOWN = _l("Publish the process first. Until then nobody could read its plan.")
NOT_PUBLIC = _l("The comment round begins from a draft.")


def can_freeze_plan(actor: Actor, plan: Plan, *, now: datetime) -> Decision:
    """As it is to be submitted; what stands in the way is ``blockers.blockers``."""
    return first_refusal([can_edit_plan(actor, plan, now=now), _is_known(plan.process)])


def can_consult_plan(actor: Actor, plan: Plan, *, now: datetime) -> Decision:
    """Lay a draft open for comments."""
    is_draft = ALLOWED if plan.status is PlanState.DRAFT else Denied(NOT_PUBLIC, Conflict)
    return first_refusal([can_edit_plan(actor, plan, now=now), is_draft, _is_known(plan.process)])


def _is_known(process: Process) -> Decision:
    """What is made public must be readable: nobody sees the plan of a process that nobody knows of."""
    return ALLOWED if process.status is not ProcessState.DRAFT else Denied(UNKNOWN, Conflict)


def can_unfreeze_plan(actor: Actor, plan: Plan, *, now: datetime) -> Decision:
    """Take a frozen plan up again; the frozen version stays."""
    frozen = ALLOWED if plan.is_frozen else Denied(_l("This plan is not frozen."), Conflict)
    return first_refusal([can_begin_plan(actor, plan.process, now=now), frozen])
