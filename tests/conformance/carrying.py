"""What an office does with the product, from two data sets to a plan: used by test_plan_to_application.py."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from ucc_participate.inventory import operations as inventory
from ucc_participate.inventory.models import ItemKind, ItemText
from ucc_participate.kernel.identity import Actor
from ucc_participate.partners import operations as partners
from ucc_participate.partners.models import CityText, PartnerState
from ucc_participate.plan import operations, queries
from ucc_participate.plan.models import (
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
    Together,
    Written,
)
from ucc_participate.plan.terms import plan_terms
from ucc_participate.plan.years import Calendar, budget_years
from ucc_participate.processes.models import Process
from ucc_participate.processes.queries import process_to_change
from ucc_participate.resources import operations as resources
from ucc_participate.resources.models import BodyText, Certainty, MemberText, ResourceKind, ResourceText
from ucc_participate.vocabularies.uccn import CreativeField, Sector

TEXTS: dict[str, Any] = tomllib.loads(
    (Path(__file__).parent / "texts" / "plan_to_application.toml").read_text(encoding="utf-8")
)
BEGINS = date(2027, 10, 31)
SETTINGS = PlanSettings(
    begins_on=BEGINS,
    calendar=Calendar.GREGORIAN,
    currency="PLN",
    vision=TEXTS["process"]["vision"],
    limits={"local": 3, "international": 3},
)
MONEY = {2027: 420_000, 2028: 1_250_000, 2029: 1_200_000, 2030: 900_000, 2031: 420_000}
SOURCES = {"fa": "گزارش سالانهٔ اداره", "en": "Yearly report of the office"}


@dataclass
class Office:
    """A coordinator at work in one process: by operations, and in the browser."""

    app: Flask
    run: Callable[[Callable[[Any], Any]], Any]
    clock: Any
    process: Process
    actor: Actor
    desk: FlaskClient
    items: dict[str, str] = field(default_factory=dict)
    cities: dict[str, str] = field(default_factory=dict)

    @property
    def staff(self) -> str:
        return f"/staff/processes/{self.process.public_id}"

    def act(self, operation: Any, *args: Any, **facts: Any) -> Any:
        """``operation(session, process, …)``."""

        def work(session: Any) -> Any:
            here = process_to_change(session, self.process.public_id, actor=self.actor)
            return operation(session, here, *args, actor=self.actor, now=self.clock.now(), **facts)

        return self.run(work)

    def plan(self, operation: Any, *args: Any, **facts: Any) -> Any:
        """``operation(session, plan, …)``."""

        def work(session: Any, process: Process, **by: Any) -> Any:
            return operation(session, queries.plan_to_change(session, process), *args, **by, **facts)

        return self.act(work)

    def post(self, address: str, expected: int = 303, /, **data: Any) -> Any:
        answer = self.desk.post(f"{self.staff}/{address}", data=data)
        assert answer.status_code == expected, said_on(answer.text)
        return answer

    def flask(self, *arguments: str) -> list[str]:
        told = self.app.test_cli_runner().invoke(args=list(arguments))
        assert told.exit_code == 0, told.output
        return told.output.strip().split("\n")


def said_on(page: str) -> str:
    """The words of a page, for a failure to be understood."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())[:3000]


def list_items(office: Office) -> None:
    for told in TEXTS["item"]:
        item = ItemText(ItemKind(told["kind"]), told["title"], told["text"], told.get("evidence", ""))
        office.items[told["key"]] = office.act(inventory.add_item, item).public_id


def find_partners(office: Office) -> None:
    """Two member cities; what each answered is invented."""
    known = [
        ("Katowice", CreativeField.MUSIC, 2015, PartnerState.AGREED),
        ("Kraków", CreativeField.LITERATURE, 2013, PartnerState.CONTACTED),
    ]
    for name, creative_field, since, status in known:
        told = CityText(
            name, "PL", creative_field, since, ("people", "training"), "It has answered the letter.", status=status
        )
        office.cities[name] = office.act(partners.record_city, told).public_id


def provide(office: Office) -> None:
    """Money of every year, people, and who manages it."""
    for year, amount in MONEY.items():
        certainty = Certainty.SECURED if year <= 2028 else Certainty.EXPECTED
        line = ResourceText(
            ResourceKind.MONEY, year, {"en": "City budget", "fa": "بودجهٔ شهر"}, Decimal(amount), certainty, "Line 921"
        )
        office.act(_record, line)
    people = {"en": "Office of culture", "fa": "ادارهٔ فرهنگ"}
    office.act(
        _record, ResourceText(ResourceKind.PEOPLE, 2028, people, Decimal("4.5"), Certainty.SECURED, "Staff plan")
    )
    office.act(_set_body)


def _record(session: Any, process: Process, line: ResourceText, **by: Any) -> None:
    terms = plan_terms(session, process)
    assert terms is not None
    resources.record_resource(session, process, line, terms=terms, **by)


def _set_body(session: Any, process: Process, *, actor: Actor, now: datetime) -> None:
    told = BodyText(
        {"fa": "کارگروه راهبری", "en": "Steering group"},
        {"fa": "دربارهٔ ترتیب و پول ابتکارها تصمیم می‌گیرد.", "en": "Decides on order and money."},
        6,
    )
    body = resources.set_body(session, process, told, actor=actor, now=now)
    seats = [("Head of culture", Sector.PUBLIC, "female"), ("Concert venues", Sector.PRIVATE, "male")]
    for name, sector, sex in [*seats, ("Parents of music pupils", Sector.CIVIL_SOCIETY, "female")]:
        seat = MemberText({"en": name}, sector, sex=sex)
        resources.add_member(session, body, seat, today=now.date(), actor=actor, now=now)


def write_initiative(office: Office, told: dict[str, Any], sources: dict[str, str]) -> Initiative:
    """One initiative with all its parts. ``sources``: adopted proposals, with what of each was taken."""

    def work(session: Any, plan: Any, **by: Any) -> Initiative:
        made = operations.add_initiative(session, plan, _basics(told), Beginnings(sources), **by)
        for kind in (IndicatorKind.OUTPUT, IndicatorKind.IMPACT):
            operations.add_indicator(session, made, _indicator(told, kind), **by)
        for part in _parts(office, told, made):
            operations.revise_initiative(session, made, part, **by)
        return made

    made: Initiative = office.plan(work)
    return made


def _basics(told: dict[str, Any]) -> Basics:
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


def _parts(office: Office, told: dict[str, Any], made: Initiative) -> list[Written]:
    output = made.indicators[0].public_id
    costs = dict(zip(budget_years(BEGINS, Calendar.GREGORIAN), told["costs"], strict=True))
    first, last = (month(at) for at in told["months"])
    effects = {level: _effect(*said, indicator=output) for level, said in told["effects"].items()}
    return [
        Benefit(tuple(told["beneficiaries"]), told["access"], told["enters"], tuple(told["sdgs"])),
        Foundations(tuple(office.items[key] for key in told["items"])),
        Effects(effects),
        Schedule(told["owner"], first, last, tuple((_both(step), month(step["at"])) for step in told["steps"])),
        Budget({year: amount for year, amount in costs.items() if amount}),
        Together(
            cities=tuple(office.cities[name] for name in told.get("cities", ())),
            names=tuple(told["partners"]),
            partner_search=told.get("partner_search", {}),
        ),
        Particulars(told["particulars"]),
    ]


def _effect(expected: str, fa: str, en: str, *trade_off: str, indicator: str) -> dict[str, Any]:
    why = dict(zip(("fa", "en"), trade_off, strict=False))
    return {
        "expected": expected,
        "text": {"fa": fa, "en": en},
        "indicator": indicator if expected == "positive" else None,
        "trade_off": why,
    }


def _both(said: dict[str, Any]) -> dict[str, str]:
    return {"fa": said["fa"], "en": said["en"]}


def month(at: int) -> date:
    """The first day of a month, counted from the designation's."""
    over = BEGINS.month - 1 + at
    return date(BEGINS.year + over // 12, over % 12 + 1, 1)


def _indicator(told: dict[str, Any], kind: IndicatorKind) -> IndicatorText:
    said = told[kind.value]
    return IndicatorText(
        kind=kind,
        title=_both(said),
        unit={"fa": said["unit_fa"], "en": said["unit_en"]},
        baseline=Decimal(said["baseline"]),
        target=Decimal(said["target"]),
        data_source=SOURCES,
        responsible=told["owner"],
    )
