"""What the demonstration has for its plan: bodies, partner cities, ranked needs; people and money once it has one."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from flask import current_app

from ..inventory import operations as inventory
from ..partners import operations as partners
from ..partners.models import CityText, PartnerState
from ..resources import operations
from ..resources.models import BodyText, Certainty, MemberText, ResourceKind, ResourceText
from ..vocabularies.uccn import CreativeField, Sector
from .city import City, text
from .people import OFFICIALS

PROCESS, PLANNED = "candidacy", "house"
"""Where needs are ranked, and where a plan is made."""
DAYS = {PROCESS: -12, PLANNED: -238}
RANKED = -14
SMALLEST_GROUP = 5


def provide(city: City) -> None:
    """Plan the bodies, the partner cities, and what people say of the needs; no plan is needed for them."""
    told = text("resources")
    city.days.plan(city.days.moment(RANKED, minutes=1_100), partial(_rank, city))
    city.days.plan(city.days.moment(RANKED + 1, minutes=120), partial(_tell, city))
    for process, day in DAYS.items():
        for number, body in enumerate(told["body"]):
            at = city.days.moment(day, minutes=600 + number * 9)
            city.days.plan(at, partial(_set_body, city, process, body))
        for number, partner in enumerate(told["city"]):
            at = city.days.moment(day, minutes=700 + number * 9)
            city.days.plan(at, partial(_add_city, city, process, partner))


def fund(city: City, day: int) -> None:
    """Plan the lines of people and money for a day after the action plan was begun."""
    told = text("resources")
    lines = [(kind, line) for kind in ResourceKind for line in told[kind.value]]
    for number, (kind, line) in enumerate(lines):
        city.days.plan(city.days.moment(day, minutes=660 + number * 4), partial(_write_down, city, kind, line))


def _rank(city: City, at: datetime) -> None:
    """Each of the first residents names three needs, the favourites more often."""
    told = text("resources")["ranking"]
    needs = [city.inventory[key] for key in told["favourites"]]
    weights = range(2 * len(needs), len(needs), -1)
    for number in range(1, told["people"] + 1):
        chosen = sorted(set(city.chance.choices(needs, weights=weights, k=4)))
        actor = city.resident(f"r{number:03}@sepidrud.example")
        city.change(PROCESS, at, partial(_choose, needs=chosen), actor=actor)


def _choose(session: Any, process: Any, *, needs: list[str], **by: Any) -> None:
    inventory.choose_needs(session, process, needs, **by)


def _tell(city: City, at: datetime) -> None:
    city.change(PROCESS, at, partial(inventory.tell_ranking, floor=SMALLEST_GROUP))


def _set_body(city: City, process: str, told: dict[str, Any], at: datetime) -> None:
    about = BodyText(name=told["name"], duties=told["duties"], rhythm=told["rhythm"])

    def work(session: Any, here: Any, **by: Any) -> None:
        body = operations.set_body(session, here, about, **by)
        for seat in told["seats"]:
            member = MemberText(seat["function"], Sector(seat["sector"]), sex=seat["sex"])
            operations.add_member(session, body, member, today=at.date(), **by)

    city.change(process, at, work, actor=city.official(OFFICIALS["culture"]))


def _add_city(city: City, process: str, told: dict[str, Any], at: datetime) -> None:
    about = CityText(
        name=told["name"],
        country=told["country"],
        creative_field=CreativeField(told["field"]),
        since=told["since"],
        cooperation=tuple(told["cooperation"]),
        about=told["about"],
        contact=told["contact"],
        status=PartnerState(told["status"]),
    )

    def work(session: Any, here: Any, **by: Any) -> None:
        partners.record_city(session, here, about, **by)

    city.change(process, at, work, actor=city.official(OFFICIALS["culture"]))


def _write_down(city: City, kind: ResourceKind, told: dict[str, Any], at: datetime) -> None:
    plan_terms = current_app.extensions["ucc.plan_terms"]

    def work(session: Any, process: Any, **by: Any) -> None:
        terms = plan_terms(session, process)
        line = ResourceText(
            kind=kind,
            year=terms.years[told["year"]],
            source=told["source"],
            amount=Decimal(told["amount"]),
            certainty=Certainty(told["certainty"]),
            basis=told["basis"],
        )
        operations.record_resource(session, process, line, terms=terms, **by)

    city.change(PLANNED, at, work, actor=city.official(OFFICIALS["budget"]))
