"""The five processes of the demonstration city, each in another state: what the city says, when, and what it opens."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from flask import current_app

from ..kernel.db import perform
from ..processes import operations
from ..processes.models import PhaseKind, PromiseLevel
from ..processes.operations import Description
from ..processes.timetable import PhasePlan
from ..representation import publishing
from ..vocabularies.uccn import CreativeField
from . import documents, outreach
from .city import OFFICE, City, text

CAME: dict[str, dict[int, tuple[str, ...]]] = {
    "candidacy": {
        -37: ("art_university", "heritage", "guilds", "kilim_coop", "weavers", "young_potters", "disability")
    },
    "house": {-330: ("pottery_museum", "guilds", "weavers", "bazaar")},
}
"""Who came to which meeting, by its day."""
REMINDED = {"candidacy": (-34, ("education", "environment", "factory", "tile"))}
STILL_SILENT = {"candidacy": ("education", "tile"), "youth_house": ("guilds", "library", "river", "inn", "tile")}

NOT_INVITED = {"candidacy": ("library", "students")}
"""So that inviting can be tried where proposals are taken: with those that came into the register later, six."""


def announce_all(city: City) -> None:
    for name, facts in text("processes").items():
        _announce(city, name, facts)


def _announce(city: City, name: str, facts: dict[str, Any]) -> None:
    """Plan the life of a process as far as its file tells it."""
    begun = city.days.moment(facts["created"], minutes=540)
    city.days.plan(begun, partial(_create, city, name, _description(city, facts)))
    if facts["phases"]:
        city.days.plan(begun, partial(_prepare, city, name, facts))
    if "published" in facts:
        city.days.plan(city.days.moment(facts["published"], minutes=600), partial(_publish, city, name))
        since = facts["phases"]["invite"][0]
        until = facts["phases"]["vote"][1]
        some: dict[str, Any] = {"silent": STILL_SILENT.get(name, ()), "left_out": NOT_INVITED.get(name, ())}
        outreach.invite(city, name, since=since, until=until, **some)
        for day, came in CAME.get(name, {}).items():
            outreach.come(city, name, day=day, organisations=came)
        if name in REMINDED:
            day, silent = REMINDED[name]
            outreach.remind(city, name, day=day, organisations=silent)
    if "opened" in facts:
        city.days.plan(city.days.moment(facts["opened"], minutes=630), partial(_open, city, name))
    if "closed" in facts:
        city.days.plan(city.days.moment(facts["closed"], minutes=660), partial(_close, city, name))


def _description(city: City, facts: dict[str, Any]) -> Description:
    due = facts.get("answers_due")
    return Description(
        title=facts["title"],
        creative_field=CreativeField(facts["field"]),
        purpose=facts["purpose"],
        scope=facts.get("scope", {}),
        open_questions=facts.get("open_questions", {}),
        promise_level=PromiseLevel(facts["level"]) if "level" in facts else None,
        promise=facts.get("promise", {}),
        answers_due_at=None if due is None else city.days.moment(due),
        decision_maker=facts.get("decision_maker", {}),
        responsible=facts.get("responsible", ""),
    )


def _create(city: City, name: str, description: Description, at: datetime) -> None:
    made = perform(lambda session: operations.create_process(session, description, actor=OFFICE, now=at))
    city.processes[name] = made.public_id


def _prepare(city: City, name: str, facts: dict[str, Any], at: datetime) -> None:
    moment = city.days.moment
    plans = [
        PhasePlan(PhaseKind(kind), {}, moment(first), moment(last)) for kind, (first, last) in facts["phases"].items()
    ]
    city.change(name, at, lambda s, p, **by: operations.schedule_phases(s, p, plans, **by))
    city.change(name, at, lambda s, p, **by: operations.set_targets(s, p, facts["targets"], **by))
    for document in facts["documents"]:
        new = documents.stored(document, named=facts["title"]["fa"])
        city.change(name, at, lambda s, p, new=new, **by: operations.add_document(s, p, new, **by))


def _publish(city: City, name: str, at: datetime) -> None:
    city.change(name, at, operations.publish_process)


def _open(city: City, name: str, at: datetime) -> None:
    city.change(name, at, lambda s, p, **by: operations.open_process(s, p, reasons={}, **by))


def _close(city: City, name: str, at: datetime) -> None:
    """Close, and put into the log who took part, as it stood that day."""
    unanswered = current_app.extensions["ucc.unanswered"]
    city.change(name, at, lambda s, p, **by: operations.close_process(s, p, unanswered=unanswered, reasons={}, **by))
    publishing.publish(city.processes[name], actor=OFFICE, now=at)
