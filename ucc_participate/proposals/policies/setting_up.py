"""Who decides what a proposal says in a process, who brings the city's map, who adds files."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from ...kernel.decision import ALLOWED, Decision, Denied, first_refusal
from ...kernel.errors import Conflict
from ...kernel.identity import Actor, Role
from ...processes import policies as processes
from ...processes.models import Process, ProcessState
from ..models import Proposal
from .writing import can_edit


def can_set_up(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """A coordinator, until the process is closed; every change stands in the log."""
    closed = Denied(_l("This process is closed. Its record is complete."), Conflict)
    return first_refusal(
        [
            processes.can_view(actor, process, now=now),
            can_bring_map(actor),
            closed if process.status is ProcessState.CLOSED else ALLOWED,
        ]
    )


def can_bring_map(actor: Actor) -> Decision:
    """The districts are the city's own, for every process."""
    return ALLOWED if actor.has(Role.COORDINATOR) else Denied(_l("Only a coordinator of the city may do this."))


def can_attach(actor: Actor, proposal: Proposal, *, now: datetime) -> Decision:
    """Whoever may edit the text may add files to it and take them away."""
    return can_edit(actor, proposal, now=now)
