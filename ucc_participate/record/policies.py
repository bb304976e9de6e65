"""Who may have a record made, and of what."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from ..kernel.decision import ALLOWED, Decision, Denied
from ..kernel.errors import NotFound
from ..kernel.identity import Actor, Role
from ..processes.models import Process, ProcessState


def can_see_record(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """Everybody, once the process is published: the record is there to be checked by strangers."""
    if process.status is ProcessState.DRAFT and not actor.has(Role.COORDINATOR, Role.EVALUATOR):
        return Denied(_l("There is no such process."), NotFound)
    return ALLOWED
