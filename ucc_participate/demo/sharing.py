"""What the city gives to others: sheets on good practices, exchanges with the cities of its directory."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from ..kernel.identity import Actor
from ..processes.models import Process
from ..processes.timetable import first_day
from ..sharing import operations, queries
from ..sharing.models import Direction, ExchangeFacts, ExchangeKind, PracticeText
from .city import City, text
from .people import OFFICIALS

PROCESS = "house"


def give_and_take(city: City) -> None:
    """Plan the sheets and the exchanges; the directory of partner cities must be there by then."""
    for practice in text("sharing")["practice"]:
        at = city.days.moment(practice["day"], minutes=615)
        city.days.plan(at, partial(_write, city, practice))
    for exchange in text("sharing")["exchange"]:
        city.days.plan(city.days.moment(exchange["day"], minutes=660), partial(_note, city, exchange))


def _write(city: City, told: dict[str, Any], at: datetime) -> None:
    sheet = PracticeText(
        title=told["title"],
        parts=told["parts"],
        areas=tuple(told["areas"]),
        objectives=tuple(told["objectives"]),
    )

    def work(session: Any, process: Process, *, actor: Actor, now: datetime) -> str:
        return operations.draft_practice(session, process, sheet, actor=actor, now=now).public_id

    official = city.official(OFFICIALS["crafts"])
    public_id = city.change(PROCESS, at, work, actor=official)
    city.days.plan(at + timedelta(days=1), partial(_publish, city, public_id))


def _publish(city: City, public_id: str, at: datetime) -> None:
    def work(session: Any, process: Process, *, actor: Actor, now: datetime) -> None:
        practice = queries.practice_to_change(session, process, public_id)
        operations.publish_practice(session, practice, actor=actor, now=now)

    city.change(PROCESS, at, work, actor=city.official(OFFICIALS["culture"]))


def _note(city: City, told: dict[str, Any], at: datetime) -> None:
    def work(session: Any, process: Process, *, actor: Actor, now: datetime) -> None:
        cities = queries.cities_of(session, process)
        facts = ExchangeFacts(
            city_id=cities[told["city"] % len(cities)].id,
            kind=ExchangeKind(told["kind"]),
            direction=Direction(told["direction"]),
            held_on=first_day(now),
            what=told["what"],
            result=told["result"],
            people=told["people"],
        )
        operations.record_exchange(session, process, facts, actor=actor, now=now)

    city.change(PROCESS, at, work, actor=city.official(OFFICIALS["crafts"]))
