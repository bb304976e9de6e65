"""How changes of the plan are noted: empty entries before it is public, whole states from then on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from ..audit.log import record
from ..kernel.identity import Actor, Role
from .events import InitiativeEvent, PlanEvent
from .models import Initiative, Plan


def note_plan(session: Session, event: PlanEvent, plan: Plan, *, actor: Actor, now: datetime, **more: Any) -> None:
    """An entry about the plan; needs ``process`` loaded. ``more`` stands beside the state."""
    session.flush()
    payload = plan.public_payload() | more if plan.is_public else None
    record(
        session, event, actor=actor, subject=plan.ref, process=plan.process.ref, payload=payload, now=now,
        role=role_of(actor),
    )  # fmt: skip


def note_initiative(
    session: Session, event: InitiativeEvent, initiative: Initiative, *, actor: Actor, now: datetime
) -> None:
    """An entry about an initiative; needs every part and the plan with its process loaded."""
    session.flush()
    plan = initiative.plan
    payload = initiative.public_payload() if plan.is_public else None
    record(
        session, event, actor=actor, subject=initiative.ref, process=plan.process.ref, payload=payload, now=now,
        role=role_of(actor),
    )  # fmt: skip


def tell_all(session: Session, initiatives: Iterable[Initiative], *, actor: Actor, now: datetime) -> None:
    """At publication: the whole state of each, dropped ones too, for their entries have been empty so far."""
    for initiative in initiatives:
        note_initiative(session, InitiativeEvent.REVISED, initiative, actor=actor, now=now)


def role_of(actor: Actor) -> Role | None:
    """In which office somebody acts."""
    return Role.COORDINATOR if actor.has(Role.COORDINATOR) and not actor.is_system else None
