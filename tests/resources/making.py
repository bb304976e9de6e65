"""A plan and lines of resources for tests."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tests.stakeholders.making import CITY
from ucc_participate.plan import operations as plan_operations
from ucc_participate.plan.models import PlanSettings
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


def begin_plan(perform: Any, process: Any, *, now: datetime, calendar: Calendar = Calendar.JALALI) -> None:
    """A plan from the last day of October 2026, in rial: of the Persian years 1405 to 1409."""
    told = PlanSettings(date(2026, 10, 31), calendar, "IRR")

    def work(session: Any) -> None:
        here = process_to_change(session, process.public_id, actor=CITY)
        plan_operations.begin_plan(session, here, told, actor=CITY, now=now)

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
