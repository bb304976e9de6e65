"""Reading the action plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from ..kernel.decision import require
from ..kernel.errors import NotFound
from ..kernel.identity import Actor
from ..processes.models import Process
from . import policies
from .models import (
    Initiative,
    InitiativePartner,
    InitiativeSource,
    InitiativeState,
    InitiativeUse,
    Plan,
)

WHOLE = (
    selectinload(Initiative.sources).joinedload(InitiativeSource.proposal),
    selectinload(Initiative.uses).joinedload(InitiativeUse.item),
    selectinload(Initiative.partners).joinedload(InitiativePartner.organisation),
    selectinload(Initiative.partners).joinedload(InitiativePartner.city),
    selectinload(Initiative.costs),
    selectinload(Initiative.indicators),
)
"""Everything that ``Initiative.public_payload`` needs: five queries, however many initiatives."""


def plan_of(session: Session, process: Process) -> Plan | None:
    """The plan of a process, whoever asks, with ``process`` loaded; None before it was begun."""
    return session.scalar(_plans(process))


def get_plan(session: Session, process: Process, *, actor: Actor, now: datetime) -> Plan:
    """Raises NotFound when there is none, or none that the actor may know of."""
    plan = plan_of(session, process)
    if plan is None:
        raise NotFound()
    require(policies.can_view_plan(actor, plan, now=now))
    return plan


def plan_to_change(session: Session, process: Process) -> Plan:
    """As plan_of, locked until the unit of work ends. Raises NotFound."""
    plan = session.scalar(_plans(process).with_for_update(of=Plan))
    if plan is None:
        raise NotFound()
    return plan


def initiatives_of(session: Session, plan: Plan, *, with_dropped: bool = False) -> Sequence[Initiative]:
    """In the order of the plan, with every part loaded."""
    query = select(Initiative).where(Initiative.plan_id == plan.id).order_by(Initiative.place, Initiative.number)
    if not with_dropped:
        query = query.where(Initiative.status == InitiativeState.PLANNED)
    return list(session.scalars(query.options(joinedload(Initiative.plan).joinedload(Plan.process), *WHOLE)))


def titles_of(session: Session, plan: Plan) -> dict[str, dict[str, str]]:
    """By public id, in the order of the plan; without those that were dropped."""
    query = select(Initiative.public_id, Initiative.title).where(Initiative.plan_id == plan.id)
    query = query.where(Initiative.status == InitiativeState.PLANNED).order_by(Initiative.place, Initiative.number)
    return {row[0]: row[1] for row in session.execute(query)}


def _plans(process: Process) -> Select[Plan]:
    return select(Plan).where(Plan.process_id == process.id).options(joinedload(Plan.process))
