"""By when a step is done, and which office sees to it."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...audit.log import record
from ...dossier.models import Dossier
from ...kernel.decision import require
from ...kernel.errors import Invalid, NotFound
from ...kernel.identity import Actor, Role
from ...kernel.text import clean_line
from .. import policies, queries
from ..events import DeadlineEvent
from ..models import StepDay
from ..schedule import FIXED, STEPS

LONGEST = 220


def set_deadline(
    session: Session,
    dossier: Dossier,
    step: str,
    *,
    due_on: date | None,
    responsible: str,
    actor: Actor,
    now: datetime,
) -> None:
    """``due_on`` None goes back to the usual day. Raises NotFound for an unknown step, Invalid naming the field."""
    require(policies.can_set_deadline(actor, dossier, now=now))
    if step not in STEPS:
        raise NotFound()
    if step in FIXED and due_on is not None:
        raise Invalid(_l("This day is a deadline of the dossier: change it there."), field="due_on")
    if due_on is not None and dossier.national_deadline is not None and due_on > dossier.national_deadline:
        raise Invalid(_l("This would be after the deadline of the National Commission."), field="due_on")
    day = next((each for each in queries.step_days_of(session, dossier) if each.step == step), None)
    if day is None:
        day = StepDay(dossier=dossier, step=step)
        session.add(day)
    day.due_on, day.responsible = due_on, clean_line(responsible, max_length=LONGEST)
    session.flush()
    record(
        session,
        DeadlineEvent.SET,
        actor=actor,
        subject=day.ref,
        process=dossier.process.ref,
        payload=day.public_payload(),
        now=now,
        role=Role.COORDINATOR if actor.has(Role.COORDINATOR) and not actor.is_system else None,
    )
