"""The opinion maps of the demonstration: one that is closed and shows what all accept, one that is open now."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from ..kernel.db import db, perform
from ..kernel.identity import Actor
from ..opinions import finding, operations, queries
from ..opinions.models import Answer, MapPlan, OpinionMap, Showing
from ..opinions.operations import Voice
from ..processes.models import Process
from ..stakeholders.models import Organisation
from .city import OFFICE, City, text
from .people import RESIDENT, resident_addresses

SIGNS = {"+": Answer.AGREE, "-": Answer.DISAGREE, "0": Answer.PASS}
NOON = 600


def ask(city: City) -> None:
    for process, facts in text("opinions").items():
        city.days.plan(city.days.moment(facts["announced"], minutes=NOON), partial(_announce, city, process, facts))


def _announce(city: City, process: str, facts: dict[str, Any], at: datetime) -> None:
    """Announce a map with its statements, and plan who answers when; close it when its days are over by now."""
    plan = MapPlan(
        title=facts["title"],
        question=facts["question"],
        opens_at=city.days.moment(facts["opens"]),
        closes_at=city.days.moment(facts["closes"]),
        showing=Showing(facts["showing"]),
    )

    def work(session: Session, found: Process, **by: Any) -> OpinionMap:
        made = operations.announce_map(session, found, plan, **by)
        operations.seed_statements(session, made, [each["text"] for each in facts["statements"]], language="fa", **by)
        return made

    made = city.change(process, at, work)
    for place, (actor, organisation) in enumerate(_people(city, facts)):
        day = facts["opens"] + place * 7 % (min(facts["closes"], -1) - facts["opens"])
        answering = partial(_answer, city, process, made.public_id, actor, organisation, place, facts["statements"])
        city.days.plan(city.days.moment(day, minutes=480 + place * 41 % 780), answering)
    if facts["closes"] <= 0:
        city.days.plan(city.days.moment(facts["closes"], minutes=1), partial(_close, made.id))


def _people(city: City, facts: dict[str, Any]) -> list[tuple[Actor, Organisation | None]]:
    """Residents of last year, the login among them only where the map has closed; delegates, sector by sector."""
    residents = [city.resident(email) for email in resident_addresses(of_last_year=True)[: facts["residents"]]]
    if facts["closes"] <= 0:
        residents.append(city.resident(RESIDENT))
    by_sector: dict[str, list[str]] = {}
    for key, told in text("organisations").items():
        if "delegate" in told:
            by_sector.setdefault(told["sector"], []).append(key)
    each = facts["delegates"] // len(by_sector)
    keys = [key for known in by_sector.values() for key in known[:each]]
    return [(actor, None) for actor in residents] + [(city.delegate(key), city.organisations[key]) for key in keys]


def _answer(
    city: City,
    process: str,
    public_id: str,
    actor: Actor,
    organisation: Organisation | None,
    place: int,
    statements: list[dict[str, str]],
    at: datetime,
) -> None:
    """One person answers in one sitting: mostly as their camp does, some statements not at all."""
    voice = Voice(organisation)
    camp = 1 if place % 5 in (1, 3) else 0

    def work(session: Session) -> None:
        found = queries.map_to_answer(session, city.processes[process], public_id, actor=actor)
        for number, statement in enumerate(statements, 1):
            said = _said(Random(1_000 * place + number), statement["lean"][camp])
            if said is not None:
                operations.answer_statement(session, found, number, said, actor=actor, now=at, voice=voice)

    perform(work)


def _said(chance: Random, sign: str) -> Answer | None:
    """None: not seen. The dice are not the city's own: what happens in it later does not depend on this."""
    thrown = chance.random()
    if thrown < 0.12:
        return None
    return SIGNS[sign] if thrown < 0.9 else chance.choice(list(Answer))


def _close(map_id: int, at: datetime) -> None:
    found = finding.find(db.session(), db.session.get_one(OpinionMap, map_id))
    db.session.rollback()

    def work(session: Session) -> None:
        opinion_map = queries.map_by_id(session, map_id)
        operations.close_map(session, opinion_map, found.result, actor=OFFICE, now=at, mark=found.mark)

    perform(work)
