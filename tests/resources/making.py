"""A plan and lines of resources for tests."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tests.stakeholders.making import CITY
from ucc_participate.audit.log import record
from ucc_participate.kernel.events import AuditEvent
from ucc_participate.plan.models import Plan
from ucc_participate.plan.terms import plan_terms
from ucc_participate.plan.years import Calendar
from ucc_participate.processes.queries import process_to_change
from ucc_participate.resources import operations, queries
from ucc_participate.resources.models import Certainty, Resource, ResourceKind, ResourceText

MONEY = ResourceText(
    kind=ResourceKind.MONEY,
    year=1406,
    source={"en": "Budget of the municipality", "fa": "بودجهٔ شهرداری"},
    amount=Decimal(40_000_000_000),
    certainty=Certainty.SECURED,
    basis="Budget line 30205",
)
PEOPLE = ResourceText(
    kind=ResourceKind.PEOPLE,
    year=1406,
    source={"en": "Culture office"},
    amount=Decimal("2.5"),
    certainty=Certainty.EXPECTED,
)


class Begun(AuditEvent):
    """Stands for the plan's own events, which are another room's."""

    PLAN = "plan.begun", "A plan was begun."


def begin_plan(perform: Any, process: Any, *, now: datetime, **changes: Any) -> None:
    """A plan of the Persian years 1405 to 1409, in rial."""
    facts: dict[str, Any] = {"calendar": Calendar.JALALI, "currency": "IRR", "begins_on": date(2026, 10, 31)}

    def work(session: Any) -> None:
        plan = Plan(public_id="plan2345abcd", process_id=process.id, created_at=now, **(facts | changes))
        session.add(plan)
        session.flush()
        record(session, Begun.PLAN, actor=CITY, subject=plan.ref, process=process.ref, payload={}, now=now)

    perform(work)


def write_down(perform: Any, process: Any, told: ResourceText, *, actor: Any, now: datetime, **more: Any) -> Resource:
    def work(session: Any) -> Resource:
        here = process_to_change(session, process.public_id, actor=CITY)
        terms = plan_terms(session, here)
        assert terms is not None
        return operations.record_resource(session, here, told, terms=terms, actor=actor, now=now, **more)

    made: Resource = perform(work)
    return made


def change(perform: Any, process: Any, resource: Any, operation: Any, *args: Any, **facts: Any) -> None:
    def work(session: Any) -> None:
        here = process_to_change(session, process.public_id, actor=CITY)
        found = queries.resource_to_change(session, here, resource.public_id)
        needs_terms = operation is operations.revise_resource
        operation(session, found, *args, **facts, **({"terms": plan_terms(session, here)} if needs_terms else {}))

    perform(work)
