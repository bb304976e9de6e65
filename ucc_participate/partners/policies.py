"""Who may do what with partner cities: coordinators write, everybody reads, the contact is for the city's staff."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from ..kernel.decision import ALLOWED, Decision, Denied, first_refusal
from ..kernel.identity import Actor, Role
from ..processes import policies as processes
from ..processes.models import Process
from .models import PartnerCity

COORDINATORS_ONLY = _l("Only a coordinator of the city writes down partner cities.")


def can_read_desk(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """The city's staff, and evaluators."""
    return first_refusal(
        [processes.can_view(actor, process, now=now), processes.can_read_desk(actor, Process, now=now)]
    )


def can_partner(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """Write down partner cities: at any time, they outlive the process."""
    coordinates = ALLOWED if actor.has(Role.COORDINATOR) or actor.is_system else Denied(COORDINATORS_ONLY)
    return first_refusal([processes.can_view(actor, process, now=now), coordinates])


def can_edit(actor: Actor, city: PartnerCity, *, now: datetime) -> Decision:
    """Needs ``process`` loaded."""
    return can_partner(actor, city.process, now=now)


def can_see_contact(actor: Actor, city: PartnerCity, *, now: datetime) -> Decision:
    return ALLOWED if actor.is_staff else Denied(_l("Only the city’s staff see whom it talks to."))
