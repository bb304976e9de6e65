"""What the rooms below ask of the plan: years, currency and initiatives (``ucc.plan_terms``)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from ..processes.models import Process
from ..resources.terms import PlanTerms
from . import queries
from .years import in_other


def plan_terms(session: Session, process: Process) -> PlanTerms | None:
    """None before the plan was begun."""
    plan = queries.plan_of(session, process)
    if plan is None:
        return None
    titles = queries.titles_of(session, plan)
    years = tuple(plan.years)
    return PlanTerms(plan.currency, years, {in_other(year, plan.calendar): year for year in years}, titles)
