"""What stands against freezing a plan as it is in the database at this moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from . import queries
from .blockers import Blocker, blockers
from .models import Initiative, Plan
from .money import money_of


def standing(session: Session, plan: Plan, planned: Sequence[Initiative], *, now: datetime) -> list[Blocker]:
    """What stands against freezing now."""
    money = money_of(plan, planned, queries.resources_of(session, plan.process))
    unanswered = queries.count_unanswered(session, plan, planned) if plan.is_public else 0
    return blockers(plan, planned, money, unanswered=unanswered, now=now)
