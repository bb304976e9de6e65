"""Who gives and takes: coordinators; what is published is for everybody."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from ..kernel.decision import ALLOWED, Decision, Denied, first_refusal
from ..kernel.errors import Conflict, NotFound
from ..kernel.identity import Actor, Role
from ..processes import policies as processes
from ..processes.models import Process
from .models import Exchange, Practice, PracticeState

COORDINATORS_ONLY = _l("Only a coordinator of the city gives to other cities and takes from them.")


def can_share(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """Write sheets, note exchanges, take in files: at any time, years after the process has closed too."""
    coordinates = ALLOWED if actor.has(Role.COORDINATOR) or actor.is_system else Denied(COORDINATORS_ONLY)
    return first_refusal([processes.can_view(actor, process, now=now), coordinates])


def can_view_practice(actor: Actor, practice: Practice, *, now: datetime) -> Decision:
    """Drafts are for the staff and for evaluators. Needs ``process`` loaded."""
    if practice.status is not PracticeState.PUBLISHED and not (actor.is_staff or actor.has(Role.EVALUATOR)):
        return Denied(None, NotFound)
    return processes.can_view(actor, practice.process, now=now)


def can_edit_practice(actor: Actor, practice: Practice, *, now: datetime) -> Decision:
    return can_share(actor, practice.process, now=now)


def can_correct_exchange(actor: Actor, exchange: Exchange, *, now: datetime) -> Decision:
    """Once taken back it stays so; another one can be noted. Needs ``process`` loaded."""
    void = Denied(_l("This exchange was taken back. Note it anew if it took place."), Conflict)
    return first_refusal([can_share(actor, exchange.process, now=now), void if exchange.is_void else ALLOWED])
