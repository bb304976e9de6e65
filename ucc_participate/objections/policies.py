"""Who may see what an evaluator would object to: the city's staff, and the evaluators themselves."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from ..kernel.decision import ALLOWED, Decision, Denied
from ..kernel.identity import Actor, Role
from ..processes.models import Process
from ..processes.policies import can_view as can_view_process


def can_read_objections(actor: Actor, process: Process, *, now: datetime) -> Decision:
    view = can_view_process(actor, process, now=now)
    if not view:
        return view
    if actor.is_staff or actor.has(Role.EVALUATOR):
        return ALLOWED
    return Denied(_l("This page is for the city’s staff and for evaluators."))
