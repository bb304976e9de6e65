"""The plan of the closed process: laid open, commented on, answered, frozen as it was submitted."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from ..deliberation import operations as deliberation
from ..deliberation import queries as comments
from ..deliberation.models import Comment, Said, Stance, Voice
from ..kernel.identity import Actor
from ..plan import operations, queries
from ..plan.discussing import PLAN
from ..plan.models import Plan, PlanVersion
from ..processes.models import Process
from .city import City, text
from .people import OFFICIALS

PROCESS = "house"
OPENED, ENDED, FROZEN = -228, -212, -205
"""Days of the round of comments and of the freezing; the plan is written by then."""


def settle(city: City) -> None:
    """Plan the round, what is said in it, and the freezing."""
    days, told = city.days, text("planning")
    days.plan(days.moment(OPENED, minutes=560), partial(_change, city, _open))
    for number, said in enumerate(told["comment"]):
        days.plan(days.moment(said["day"], minutes=610 + 37 * number), partial(_say, city, said))
    days.plan(days.moment(ENDED, minutes=560), partial(_change, city, operations.end_round))
    days.plan(days.moment(FROZEN, minutes=600), partial(_freeze, city))


def _change(city: City, operation: Any, at: datetime) -> None:
    def work(session: Session, process: Process, *, actor: Actor, now: datetime) -> None:
        operation(session, queries.plan_to_change(session, process), actor=actor, now=now)

    city.change(PROCESS, at, work, actor=city.official(OFFICIALS["culture"]))


def _open(session: Session, plan: Plan, *, actor: Actor, now: datetime) -> PlanVersion:
    note, until = text("planning")["opened"], now + timedelta(days=15)
    return operations.consult_plan(session, plan, until=until, note=note, actor=actor, now=now)


def _freeze(city: City, at: datetime) -> None:
    """What follows a freezing is asked for here: units of work run where no application is."""
    facts = {"note": text("planning")["frozen"], "follows": tuple(current_app.extensions["ucc.plan_frozen"])}
    _change(city, partial(operations.freeze_plan, **facts), at)


def _say(city: City, said: dict[str, Any], at: datetime) -> None:
    """A resident says something, and the city answers two days later."""
    actor = city.resident(f"{said['by']}@sepidrud.example")
    words = Said(said["text"], Stance(said["stance"]), "fa", shows_name=True, voice=Voice.RESIDENT, organisation=None)

    def work(session: Session, process: Process, *, actor: Actor, now: datetime) -> str:
        return deliberation.post_comment(
            session, _topic(session, process, actor, now), words, actor=actor, now=now
        ).public_id

    made = city.change(PROCESS, at, work, actor=actor)
    city.days.plan(at + timedelta(days=2), partial(_answer, city, made, said["answer"]))


def _answer(city: City, public_id: str, words: str, at: datetime) -> None:
    def work(session: Session, process: Process, *, actor: Actor, now: datetime) -> Comment:
        found = comments.comment_to_change(session, process.public_id, public_id, actor=actor, now=now)
        said = Said(words, None, "fa", shows_name=True, voice=Voice.CITY, organisation=None)
        topic = _topic(session, process, actor, now)
        return deliberation.reply_to_comment(session, topic, found, said, actor=actor, now=now)

    city.change(PROCESS, at, work, actor=city.official(OFFICIALS["crafts"]))


def _topic(session: Session, process: Process, actor: Actor, now: datetime) -> Any:
    found = PLAN.load(session, queries.plan_to_change(session, process).ref, actor, now)
    assert found is not None  # noqa: S101 - the plan lies open
    return found
