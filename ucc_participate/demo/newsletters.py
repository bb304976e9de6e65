"""What the city writes to many, and residents who asked to be told: newsletters as they go out, portion by portion."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from ..accounts.models import Account
from ..accounts.references import actor_of
from ..kernel.db import perform
from ..outreach import operations, queries
from ..outreach.addresses import beyond, newsletter_post
from ..outreach.models import Newsletter
from ..outreach.newsletter import Letter, Post
from ..outreach.segments import Segment
from ..processes.models import Process
from ..processes.queries import get_process
from .city import OFFICE, City, text
from .people import DOMAIN

FOLLOWERS = 14
"""Residents who follow each process to which the city writes."""
FOLLOW_ON = -25
PORTION = 100
SMALLEST_GROUP = 5


def write_to_many(city: City) -> None:
    for number, process in enumerate(text("newsletters")):
        city.days.plan(city.days.moment(FOLLOW_ON, minutes=1_100 + number), partial(_follow, city, process, number))
        for place, facts in enumerate(text("newsletters")[process]):
            at = city.days.moment(facts["day"], minutes=610 + 7 * place)
            city.days.plan(at, partial(_write, city, process, facts))


def _follow(city: City, process: str, number: int, at: datetime) -> None:
    """Every so many residents, so that the same ones do not follow everything."""
    everybody = [person for email, person in sorted(city.people.items()) if not email.endswith(".invalid")]
    for person in everybody[number :: max(len(everybody) // FOLLOWERS, 1)][:FOLLOWERS]:
        perform(partial(_begin, city.processes[process], person, at))


def _begin(process: str, person: Account, at: datetime, session: Session) -> None:
    account, actor = session.get_one(Account, person.id), actor_of(person)
    operations.follow(session, get_process(session, process, actor=actor), account, actor=actor, now=at)


def _write(city: City, process: str, facts: dict[str, Any], at: datetime) -> None:
    texts = {language: written.strip() for language, written in facts["text"].items()}
    new = Letter(facts["title"], texts, Segment.of(facts["to"]))
    official = city.official(f"coordinator@{DOMAIN}")

    def write(session: Session, found: Process, **who: Any) -> tuple[int, str]:
        made = operations.write_newsletter(session, found, new, **who)
        session.flush()
        return made.id, made.public_id

    key, public_id = city.change(process, at, write, actor=official)
    if facts.get("state") == "draft":
        return
    known, post = beyond(), newsletter_post()

    def send(session: Session, found: Process, **who: Any) -> None:
        letter: Newsletter = queries.newsletter_to_change(session, found, public_id)
        facts: dict[str, Any] = {"version": letter.version, "beyond": known, "smallest_group": SMALLEST_GROUP}
        operations.send_newsletter(session, found, letter, **facts, **who)

    city.change(process, at, send, actor=official)
    perform(partial(_go_out, key, post, at))


def _go_out(key: int, post: Post, at: datetime, session: Session) -> None:
    letter = queries.newsletter_in_turn(session, key)
    operations.queue_portion(session, letter, post, limit=PORTION, actor=OFFICE, now=at)
