"""Who may do what after the plan is frozen: everybody reads, coordinators enter what became of the promises."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from ..kernel.decision import ALLOWED, Decision, Denied, first_refusal
from ..kernel.errors import Conflict
from ..kernel.identity import Actor, Role
from ..processes import policies as processes
from ..processes.models import Process
from .models import Commitment, CommitmentState, Designation, Reading

COORDINATORS_ONLY = _l("Only a coordinator of the city enters what becomes of its promises.")
NOT_DESIGNATED = _l("Enter the designation first: all days of the register count from it.")


def can_read_register(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """The desk of the register: the city’s staff and evaluators."""
    return first_refusal(
        [processes.can_view(actor, process, now=now), processes.can_read_desk(actor, Process, now=now)]
    )


def can_keep_register(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """Also long after the process has closed: that is when promises are kept."""
    keeps = ALLOWED if actor.has(Role.COORDINATOR) or actor.is_system else Denied(COORDINATORS_ONLY)
    return first_refusal([processes.can_view(actor, process, now=now), keeps])


def can_move(actor: Actor, commitment: Commitment, *, now: datetime) -> Decision:
    """Say what became of a promise; needs ``process`` loaded."""
    gone = commitment.status is CommitmentState.WITHDRAWN
    withdrawn = Denied(_l("The newest version of the plan does not promise this any more."), Conflict)
    return first_refusal([can_keep_register(actor, commitment.process, now=now), withdrawn if gone else ALLOWED])


def can_read_indicators(actor: Actor, process: Process, *, now: datetime, designation: Designation | None) -> Decision:
    """Enter what an indicator shows: the years count from the designation."""
    counted = ALLOWED if designation is not None else Denied(NOT_DESIGNATED, Conflict)
    return first_refusal([can_keep_register(actor, process, now=now), counted])


def can_correct(actor: Actor, reading: Reading, *, now: datetime, is_newest: bool) -> Decision:
    """Only what stands is corrected; needs ``process`` loaded."""
    newest = Denied(_l("This reading was corrected already. Correct the one that stands in its place."), Conflict)
    return first_refusal([can_keep_register(actor, reading.process, now=now), ALLOWED if is_newest else newest])
