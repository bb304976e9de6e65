"""The action plans of the demonstration: of the closed process, ready to freeze, and of the one under way, a draft."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from ..inventory import operations as inventory
from ..inventory.models import ItemKind, ItemText
from ..kernel.i18n import date_from_parts
from ..kernel.identity import Actor
from ..plan import operations, queries
from ..plan.models import (
    Basics,
    Beginnings,
    Benefit,
    Budget,
    Effects,
    Foundations,
    IndicatorKind,
    IndicatorText,
    Initiative,
    InitiativeKind,
    Level,
    Particulars,
    PlanSettings,
    Schedule,
    Texts,
    Together,
    Written,
)
from ..plan.years import Calendar, budget_years
from ..processes.models import Process
from .city import City, text
from .people import OFFICIALS


@dataclass(frozen=True, slots=True)
class Told:
    """Whose plan it is, where its texts are, and the day on which it is begun."""

    process: str
    texts: str
    begun: int


CLOSED = Told("house", "initiatives", -240)
UNDER_WAY = Told("candidacy", "drafting", -8)
"""Begun with what was adopted so far; its last initiative is still being written."""
OPEN = -334
"""Day on which the needs and assets of the closed process were listed."""
SOURCES = {"fa": "گزارش سه‌ماههٔ اداره و فهرست ثبت‌نام", "en": "Quarterly report of the office and its lists of names"}


def plan_ahead(city: City) -> None:
    """Plan the closed process's lists of needs and assets, and the plans: one initiative a day."""
    for number, item in enumerate(text(CLOSED.texts)["item"]):
        city.days.plan(city.days.moment(OPEN, minutes=600 + 9 * number), partial(_list, city, item))
    for told in (CLOSED, UNDER_WAY):
        city.days.plan(city.days.moment(told.begun, minutes=540), partial(_begin, city, told))
        for number, initiative in enumerate(text(told.texts)["initiative"]):
            moment = city.days.moment(told.begun + 3 + number, minutes=600)
            city.days.plan(moment, partial(_write, city, told, initiative))


def designation(today: date) -> date:
    """The next last day of October in a year in which the Network takes cities."""
    year = today.year if today.year % 2 else today.year + 1
    return date(year, 10, 31) if date(year, 10, 31) > today else date(year + 2, 10, 31)


def _list(city: City, item: dict[str, Any], at: datetime) -> None:
    told = ItemText(ItemKind(item["kind"]), item["title"], item["text"], item.get("evidence", ""), item.get("place"))
    made = city.change(
        CLOSED.process,
        at,
        lambda s, p, **by: inventory.add_item(s, p, told, **by),
        actor=city.official(OFFICIALS["crafts"]),
    )
    city.inventory[item["key"]] = made.public_id


def _begin(city: City, whose: Told, at: datetime) -> None:
    told = text(whose.texts)["plan"]
    settings = PlanSettings(
        begins_on=designation(city.days.today),
        calendar=Calendar.JALALI,
        currency="IRR",
        vision=told["vision"],
        gap_plan=told["gap_plan"],
        limits={"local": 6, "international": 3},
    )
    actor = city.official(OFFICIALS["culture"])
    city.change(whose.process, at, lambda s, p, **by: operations.begin_plan(s, p, settings, **by), actor=actor)


def _write(city: City, whose: Told, told: dict[str, Any], at: datetime) -> None:
    """One initiative with all its parts, in one unit of work: the log has an entry for each."""

    def work(session: Session, process: Process, *, actor: Actor, now: datetime) -> None:
        plan = queries.plan_to_change(session, process)
        by: dict[str, Any] = {"actor": actor, "now": now}
        made = operations.add_initiative(session, plan, basics(told), _beginnings(city, whose, told), **by)
        for kind in (each for each in IndicatorKind if each.value in told):
            operations.add_indicator(session, made, _indicator(told, kind), **by)
        for part in _parts(city, told, made):
            operations.revise_initiative(session, made, part, **by)

    city.change(whose.process, at, work, actor=city.official(OFFICIALS["crafts"]))


def basics(told: dict[str, Any]) -> Basics:
    return Basics(
        kind=InitiativeKind(told["kind"]),
        level=Level(told["level"]),
        title=told["title"],
        summary=told["summary"],
        description=told["description"],
        objectives=tuple(told["objectives"]),
        areas=tuple(told["areas"]),
        creative_fields=tuple(told["fields"]),
    )


def _beginnings(city: City, whose: Told, told: dict[str, Any]) -> Beginnings:
    titles = [text(whose.process)["idea"][place]["title"] for place in told["from"]]
    known = [city.proposals[whose.process, title] for title in titles]
    return Beginnings(dict(zip(known, told["how"], strict=True)))


def _parts(city: City, told: dict[str, Any], made: Initiative) -> Iterator[Written]:
    """What the texts say of it; an initiative that is still being written lacks the later parts."""
    yield Benefit(tuple(told["beneficiaries"]), told["access"], told["enters"], tuple(told["sdgs"]))
    yield Foundations(tuple(city.inventory[key] for key in told["items"]))
    if "effects" in told:
        yield from _later_parts(city, told, made)


def _later_parts(city: City, told: dict[str, Any], made: Initiative) -> Iterator[Written]:
    begins, years = made.plan.begins_on, budget_years(made.plan.begins_on, made.plan.calendar)
    first, last = (_months_after(begins, months) for months in told["months"])
    output = made.indicators[0].public_id
    yield Effects(
        {level: _effect(said, output if level == "cultural" else None) for level, said in told["effects"].items()}
    )
    yield Schedule(told["owner"], first, last, tuple(_step(begins, step) for step in told["steps"]))
    yield Budget(dict(zip(years, told["costs"], strict=False)))
    yield Together(
        tuple(city.organisations[key].public_id for key in told["partners"]),
        partner_search=told.get("partner_search", {}),
    )
    yield Particulars(told["particulars"])


def _effect(said: list[str], indicator: str | None) -> dict[str, Any]:
    expected, fa, en, *trade_off = said
    return {
        "expected": expected,
        "text": {"fa": fa, "en": en},
        "indicator": indicator,
        "trade_off": dict(zip(("fa", "en"), trade_off, strict=False)),
    }


def _step(begins: date, step: dict[str, Any]) -> tuple[Texts, date]:
    return {"fa": step["fa"], "en": step["en"]}, _months_after(begins, step["at"])


def _months_after(day: date, months: int) -> date:
    """The first day of a Gregorian month, or the day itself for none."""
    if not months:
        return day
    over = day.month - 1 + months
    return date_from_parts(day.year + over // 12, over % 12 + 1, 1, "gregorian")


def _indicator(told: dict[str, Any], kind: IndicatorKind) -> IndicatorText:
    said = told[kind.value]
    return IndicatorText(
        kind=kind,
        title={"fa": said["fa"], "en": said["en"]},
        unit={"fa": said["unit_fa"], "en": said["unit_en"]},
        baseline=Decimal(said["baseline"]),
        target=Decimal(said["target"]),
        data_source=SOURCES,
        responsible=told["owner"],
    )
