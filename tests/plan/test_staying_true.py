"""What an earlier step promised must still be true when the plan is frozen: money, years, adopted proposals, cities."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.plan.builders import BASICS, SETTINGS, add, change, change_plan, change_process
from tests.plan.test_whole import city, initiatives, now, standing_now
from tests.proposals.making import REASON as ANSWER
from tests.proposals.making import change as change_proposal
from ucc_participate.kernel.errors import Invalid
from ucc_participate.partners.models import CityText, PartnerState
from ucc_participate.partners.operations import record_city, revise_city
from ucc_participate.partners.queries import city_to_change
from ucc_participate.plan import operations
from ucc_participate.plan.models import Beginnings, Budget, Level, Together
from ucc_participate.plan.terms import plan_terms
from ucc_participate.plan.years import Calendar
from ucc_participate.proposals.models import Outcome
from ucc_participate.proposals.operations import correct_answer
from ucc_participate.resources.models import Certainty, ResourceKind, ResourceText
from ucc_participate.resources.operations import record_resource, void_resource
from ucc_participate.resources.queries import resource_to_change

__all__ = ["city", "now"]
MONEY = ResourceText(ResourceKind.MONEY, 1406, {"en": "Council"}, Decimal(900), Certainty.EXPECTED)
PEOPLE = replace(MONEY, kind=ResourceKind.PEOPLE, amount=Decimal(2))


def provide(perform, city, told=MONEY):
    process, leila, later = city

    def work(session: Any, found: Any, **by: Any) -> Any:
        terms = plan_terms(session, found)
        assert terms is not None
        return record_resource(session, found, told, terms=terms, **by)

    return change_process(perform, process, work, actor=leila, now=later)


def settle(perform, city, **changes):
    process, leila, later = city
    told = replace(SETTINGS, **changes)
    return change_plan(perform, process, operations.revise_plan, told, actor=leila, now=later)


def codes(read, city):
    return {each.code for each in standing_now(read, city[0], city[2])}


def test_another_currency_or_calendar_does_not_turn_money_into_other_money(perform, city):
    process, leila, later = city
    line = provide(perform, city)
    for changes, field in (({"currency": "EUR"}, "currency"), ({"calendar": Calendar.GREGORIAN}, "calendar")):
        with pytest.raises(Invalid) as refused:
            settle(perform, city, **changes)
        assert refused.value.field == field

    def void(session: Any, found: Any, **by: Any) -> None:
        void_resource(session, resource_to_change(session, found, line.public_id), reason="It was a mistake.", **by)

    change_process(perform, process, void, actor=leila, now=later)
    settle(perform, city, currency="EUR", calendar=Calendar.GREGORIAN)


def test_people_count_in_no_currency_and_in_years(perform, city):
    provide(perform, city, PEOPLE)
    settle(perform, city, currency="EUR")
    with pytest.raises(Invalid):
        settle(perform, city, currency="EUR", calendar=Calendar.GREGORIAN)


def test_money_of_a_year_that_the_plan_has_left_pays_for_nothing(perform, read, city):
    process, leila, later = city
    made = initiatives(read, process)[0]
    change(perform, process, made, operations.revise_initiative, Budget({1408: 800}), actor=leila, now=later)
    provide(perform, city)
    assert "money.short" not in codes(read, city)
    settle(perform, city, begins_on=date(2028, 10, 1))
    assert {"money.short", "money.outside.1406"} <= codes(read, city)


def test_a_proposal_that_is_adopted_no_more_carries_no_initiative(perform, read, city):
    process, leila, later = city
    made = initiatives(read, process)[0]
    proposal = made.sources[0].proposal
    facts = {"outcome": Outcome.NOT_ADOPTED, "reason": ANSWER, "address": "https://city.example"}
    proposal.process = process
    change_proposal(perform, proposal, correct_answer, actor=leila, now=later, **facts)
    assert f"source.{proposal.public_id}" in codes(read, city)
    kept = Beginnings({made.sources[1].proposal.public_id: ""})
    change(perform, process, made, operations.revise_initiative, kept, actor=leila, now=later)
    assert f"source.{proposal.public_id}" not in codes(read, city)


def test_a_city_outside_the_network_is_no_member_city(perform, read, city):
    process, leila, later = city
    abroad = replace(BASICS, level=Level.INTERNATIONAL)
    made = add(perform, process, actor=leila, now=later, basics=abroad)

    def lacks_a_city() -> bool:
        found = standing_now(read, process, later)
        return ("missing.together.city", made.public_id) in {(each.code, each.initiative) for each in found}

    cities = (
        ("Herat", None, PartnerState.SOUGHT, True),
        ("Isfahan", 2015, PartnerState.ENDED, True),
        ("Fabriano", 2013, PartnerState.SOUGHT, False),
    )
    for name, since, status, lacks in cities:
        told = CityText(name, "IT", since=since)
        known = change_process(perform, process, record_city, told, actor=leila, now=later)
        linked = Together(cities=(known.public_id,))
        change(perform, process, made, operations.revise_initiative, linked, actor=leila, now=later)
        change_process(perform, process, go_to(known, replace(told, status=status)), actor=leila, now=later)
        assert lacks_a_city() is lacks


def go_to(city, told):
    def work(session: Any, process: Any, **by: Any) -> None:
        revise_city(session, city_to_change(session, process, city.public_id), told, seen=1, **by)

    return work
