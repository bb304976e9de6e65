"""Which needs and assets the plan builds on, for their own pages (``ucc.inventory_uses``)."""

from __future__ import annotations

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..inventory.models import InventoryItem
from ..processes.models import Process
from .models import Initiative, InitiativeState, InitiativeUse, Plan


def of_items(session: Session, process: Process, items: list[InventoryItem]) -> dict[str, tuple[int, str, str]]:
    """By public id: how many initiatives of a public plan name the item, and where these stand. One query."""
    if not items:
        return {}
    query = (
        select(InventoryItem.public_id, func.count())
        .join(InitiativeUse, InitiativeUse.item_id == InventoryItem.id)
        .join(Initiative, Initiative.id == InitiativeUse.initiative_id)
        .join(Plan, Plan.id == Initiative.plan_id)
        .where(InventoryItem.id.in_([item.id for item in items]), Plan.published_at.is_not(None))
        .where(Initiative.status == InitiativeState.PLANNED)
        .group_by(InventoryItem.public_id)
    )
    address = url_for("plan.show", process_id=process.public_id)
    return {public_id: (count, address, "initiatives") for public_id, count in session.execute(query)}
