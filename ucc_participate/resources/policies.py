"""Who may do what with people, money and bodies: coordinators write, staff and evaluators read."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from ..kernel.decision import ALLOWED, Decision, Denied, first_refusal
from ..kernel.errors import Conflict
from ..kernel.identity import Actor, Role
from ..processes import policies as processes
from ..processes.models import Process
from .models import Body, Resource

COORDINATORS_ONLY = _l("Only a coordinator of the city writes down people, money and bodies.")


def can_read(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """The desk of resources: the city's staff, and evaluators."""
    return first_refusal(
        [processes.can_view(actor, process, now=now), processes.can_read_desk(actor, Process, now=now)]
    )


def can_provide(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """Write down people, money and bodies: at any time, they live on after the process has closed (rule L4)."""
    coordinates = ALLOWED if actor.has(Role.COORDINATOR) or actor.is_system else Denied(COORDINATORS_ONLY)
    return first_refusal([processes.can_view(actor, process, now=now), coordinates])


def can_edit(actor: Actor, resource: Resource, *, now: datetime) -> Decision:
    """Needs ``process`` loaded."""
    void = Denied(_l("This line does not count any more. Write it down anew if it does."), Conflict)
    return first_refusal(
        [can_provide(actor, resource.process, now=now), void if resource.is_void else ALLOWED],
    )


def can_edit_body(actor: Actor, body: Body, *, now: datetime) -> Decision:
    """Needs ``process`` loaded. What has ended can still be corrected."""
    return can_provide(actor, body.process, now=now)


def can_see_names(actor: Actor, body: Body, *, now: datetime) -> Decision:
    """Who sits in a body is for the city's staff; evaluators see functions."""
    return ALLOWED if actor.is_staff else Denied(_l("Only the city’s staff see the names."))
