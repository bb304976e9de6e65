"""Exchanges with partner cities: noted, corrected, taken back."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...audit.log import record
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.i18n import lazy_number
from ...kernel.identity import Actor, Role, new_public_id
from ...partners.models import PartnerCity
from ...processes.models import Process
from ...processes.timetable import first_day
from .. import policies, queries
from ..cleaning import checked_reason, clean_texts
from ..events import ExchangeEvent
from ..models import MOST_PEOPLE, PART_LENGTH, Exchange, ExchangeFacts


def record_exchange(
    session: Session, process: Process, facts: ExchangeFacts, *, actor: Actor, now: datetime
) -> Exchange:
    """Note what two cities gave each other. Raises Invalid naming the field, also for what is noted already."""
    require(policies.can_share(actor, process, now=now))
    exchange = Exchange(public_id=new_public_id(), process_id=process.id, process=process, recorded_at=now)
    exchange.is_void = False
    _write(session, exchange, facts, now)
    if queries.is_noted(session, exchange):
        raise Invalid(_l("This exchange is noted already."), field="what")
    session.add(exchange)
    _note(session, ExchangeEvent.RECORDED, exchange, actor=actor, now=now)
    return exchange


def correct_exchange(
    session: Session, exchange: Exchange, facts: ExchangeFacts, *, reason: str, actor: Actor, now: datetime
) -> None:
    """Put it right, with a public reason; what stood before stays in the log. What was taken back stays so."""
    require(policies.can_correct_exchange(actor, exchange, now=now))
    exchange.corrected_because = checked_reason(reason)
    _write(session, exchange, facts, now)
    _note(session, ExchangeEvent.CORRECTED, exchange, actor=actor, now=now)


def void_exchange(session: Session, exchange: Exchange, *, reason: str, actor: Actor, now: datetime) -> None:
    """It did not take place: it counts nowhere, and the log says why."""
    require(policies.can_correct_exchange(actor, exchange, now=now))
    exchange.corrected_because = checked_reason(reason)
    exchange.is_void = True
    _note(session, ExchangeEvent.CORRECTED, exchange, actor=actor, now=now)


def _write(session: Session, exchange: Exchange, facts: ExchangeFacts, now: datetime) -> None:
    city = session.get(PartnerCity, facts.city_id)
    if city is None or city.process_id != exchange.process_id:
        raise Invalid(_l("Choose a city of the directory."), field="city")
    if facts.held_on > first_day(now):
        raise Invalid(_l("This day is still to come. Note what has taken place."), field="held_on")
    if facts.people is not None and not 0 <= facts.people <= MOST_PEOPLE:
        raise Invalid(_l("Write a number from 0 to %(most)s.", most=lazy_number(MOST_PEOPLE)), field="people")
    exchange.city, exchange.city_id = city, city.id
    exchange.kind, exchange.direction, exchange.held_on = facts.kind, facts.direction, facts.held_on
    exchange.people = facts.people
    exchange.what = clean_texts(facts.what, most=PART_LENGTH)
    exchange.result = clean_texts(facts.result, most=PART_LENGTH)
    if not exchange.what:
        raise Invalid(_l("Say what was given or received."), field="what")


def _note(session: Session, event: ExchangeEvent, exchange: Exchange, *, actor: Actor, now: datetime) -> None:
    session.flush()
    record(
        session,
        event,
        actor=actor,
        subject=exchange.ref,
        process=exchange.process.ref,
        payload=exchange.public_payload(),
        now=now,
        role=None if actor.is_system else Role.COORDINATOR,
    )
