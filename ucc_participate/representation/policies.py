"""Who may enter population tables, say which one counts, publish figures and read the coordinator's page."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from ..kernel.decision import ALLOWED, Decision, Denied, first_refusal
from ..kernel.errors import Conflict
from ..kernel.identity import Actor, Role
from ..processes.models import Process
from ..processes.policies import can_view as can_view_process
from .models import Population


def can_add_population(actor: Actor, _populations: type[Population], *, now: datetime) -> Decision:
    if actor.has(Role.COORDINATOR):
        return ALLOWED
    return Denied(_l("Only coordinators of the city enter the population."))


def can_read_populations(actor: Actor, _populations: type[Population], *, now: datetime) -> Decision:
    return ALLOWED if actor.is_staff else Denied(_l("This page is for the city’s staff."))


def can_choose_population(actor: Actor, process: Process, *, now: datetime, has_one: bool = False) -> Decision:
    """Until the process opens; afterwards only where it has none at all. ``has_one``: it is measured against one."""
    role: Decision = ALLOWED if actor.has(Role.COORDINATOR) else Denied(_l("Only coordinators of the city do this."))
    settled = Denied(_l("The process is open. The table that it is measured against stays."), Conflict)
    is_settled = process.opened_at is not None and has_one
    return first_refusal([can_view_process(actor, process, now=now), role, settled if is_settled else ALLOWED])


def can_read_gaps(actor: Actor, process: Process, *, now: datetime) -> Decision:
    view = can_view_process(actor, process, now=now)
    if not view:
        return view
    return ALLOWED if actor.is_staff else Denied(_l("This page is for the city’s staff."))


def can_publish_figures(actor: Actor, process: Process, *, now: datetime) -> Decision:
    if actor.has(Role.COORDINATOR):
        return ALLOWED
    return Denied(_l("Only a coordinator publishes figures."))
