"""Two versions side by side in the words of the reader: no codes, and people and money too."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.plan.builders import BASICS, SETTINGS, change, change_plan
from tests.plan.test_staying_true import MONEY, PEOPLE, provide
from tests.plan.test_whole import city, consult, initiatives, now, plan_in
from ucc_participate.kernel.i18n import LANGUAGE_COOKIE
from ucc_participate.plan import operations, queries
from ucc_participate.plan.lineage import names_of
from ucc_participate.plan.models import (
    Beginnings,
    Budget,
    Effects,
    IndicatorKind,
    IndicatorText,
    InitiativeKind,
    Particulars,
    Schedule,
    Together,
)
from ucc_participate.plan.versions import content_of, differences, refs_in

__all__ = ["city", "now"]
COURSES = IndicatorText(
    IndicatorKind.OUTPUT, {"en": "Courses held"}, {"en": "courses"}, Decimal(0), Decimal("12.5"), responsible="Culture"
)
EFFECT = {"expected": "negative", "text": {"en": "Noise"}, "trade_off": {"en": "Closed at night"}}
PARTS = (
    replace(BASICS, kind=InitiativeKind.POLICY, objectives=("OBJ-3",), areas=("AREA-4", "AREA-6")),
    Effects({"social": EFFECT}),
    Schedule("The culture office", date(2028, 1, 1), date(2028, 12, 1), (({"en": "Hire two"}, date(2028, 3, 1)),)),
    Budget({1407: 2_500_000}),
    Together(names=("The guild of weavers",)),
    Particulars({"AREA-4": {"mode": "in_person", "minutes": "In the archive"}}),
)


@pytest.fixture
def changed(perform, read, city):
    """A version that people commented on, and a plan that is another in every part since."""
    process, leila, later = city
    consult(perform, city)
    made = initiatives(read, process)[0]
    for told in PARTS:
        change(perform, process, made, operations.revise_initiative, told, actor=leila, now=later)
    change(perform, process, made, operations.add_indicator, COURSES, actor=leila, now=later)
    kept = Beginnings({made.sources[0].proposal.public_id: "The evenings"})
    change(perform, process, made, operations.revise_initiative, kept, actor=leila, now=later)
    settings = replace(SETTINGS, limits={"local": 4}, begins_on=date(2027, 11, 1))
    change_plan(perform, process, operations.revise_plan, settings, actor=leila, now=later)
    provide(perform, city)
    provide(perform, city, PEOPLE)
    return made


def compared(read, city, locale="en") -> Any:
    def look(session: Any) -> Any:
        plan = plan_in(session, city[0])
        old = queries.get_version(session, plan, 1).content
        new = content_of(plan, queries.initiatives_of(session, plan), queries.resources_of(session, plan.process))
        return differences(old, new, locale=locale, names=names_of(session, refs_in(old, new)))

    return read(look)


def test_each_field_is_said_in_words(app, read, city, changed):
    with app.test_request_context("/?lang=en"):
        found = compared(read, city)
        one = next(each for each in found.initiatives if each.public_id == changed.public_id)
        told = {str(each.label): (each.old, each.new) for each in one.changes}
        provided = [(str(each.label), each.old, each.new) for each in found.provided]
        plan = {str(each.label): each.new for each in found.plan}
    assert told["Kind"] == ("Project", "Policy")
    assert told["Begins"] == ("", "1 January 2028")
    assert told["Step by step"][1] == "1 March 2028: Hire two"
    assert "A bad effect that is accepted · Noise · Closed at night" in told["What becomes of it"][1]
    assert told["Cost by year"][1].startswith("1407: ")
    assert "2,500,000" in told["Cost by year"][1]
    assert told["With whom"][1] == "The guild of weavers"
    assert told["Indicators"][1] == "Output: Courses held · 0 → 12.5 courses · Every year · Culture"
    assert told["Proposals"][1] == "No. 1: Evening workshops number 1 · The evenings"
    assert "How people meet: In person" in told["What its areas ask for"][1]
    assert plan["Initiatives that the form takes"] == "In the city: 4"
    assert provided == [
        ("Money: Council", "", provided[0][2]),
        ("Full-time equivalents: Council", "", "1406: 2 · Expected"),
    ]
    assert "900" in provided[0][2]
    everything = " ".join([*map(str, told.values()), *plan.values()])
    assert not [code for code in ("OBJ-", "AREA-", "proposal/", "inventory/", "in_person") if code in everything]


def test_money_alone_is_a_difference(perform, read, city):
    consult(perform, city)
    assert compared(read, city).is_empty
    provide(perform, city, MONEY)
    assert not compared(read, city).is_empty


def test_the_page_says_it_in_persian(client, perform, city, changed):
    consult_again(perform, city)
    client.set_cookie(LANGUAGE_COOKIE, "fa")
    page = client.get(f"/p/{city[0].public_id}/plan/versions").text
    assert "OBJ-" not in page
    assert "proposal/" not in page
    assert "۲٬۵۰۰٬۰۰۰" in page


def consult_again(perform, city):
    process, leila, later = city

    def work(session: Any, plan: Any, **by: Any) -> Any:
        plan.comments_until = by["now"]
        operations.end_round(session, plan, **by)
        return operations.consult_plan(session, plan, until=by["now"].replace(year=by["now"].year + 1), **by)

    return change_plan(perform, process, work, actor=leila, now=later)
