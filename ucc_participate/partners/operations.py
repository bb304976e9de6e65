"""Every change of partner cities."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ..audit.log import record
from ..documents.attaching import attach
from ..documents.queries import documents_of
from ..documents.uploads import Evidence
from ..kernel.decision import require
from ..kernel.errors import Conflict, Invalid
from ..kernel.i18n import lazy_digits
from ..kernel.identity import Actor, Role, new_public_id
from ..kernel.text import clean_line, clean_text
from ..processes.models import Process
from . import policies, queries
from .events import PartnerEvent
from .models import (
    ABOUT_LENGTH,
    CONTACT_LENGTH,
    FIRST_YEAR,
    NAME_LENGTH,
    TRANSITIONS,
    CityText,
    PartnerCity,
    PartnerState,
)

KIND = "evidence"
CHANGED = _l("Somebody else has changed this meanwhile. Compare what stands now with what you typed, and save again.")
NEEDS_PROOF = frozenset({PartnerState.AGREED, PartnerState.ACTIVE})
CODES = frozenset(
    {"people", "training", "events", "works", "studies", "practices", "policy", "north_south", "south_south"}
)
"""Kinds of cooperation; ``wording.COOPERATION`` names each."""


def record_city(
    session: Session,
    process: Process,
    told: CityText,
    *,
    actor: Actor,
    now: datetime,
    evidence: Evidence | None = None,
) -> PartnerCity:
    """Write down a partner city. Raises Invalid naming the field; the same city twice is refused."""
    require(policies.can_partner(actor, process, now=now))
    city = PartnerCity(public_id=new_public_id(), process_id=process.id, process=process, created_at=now)
    _write(city, told, now)
    city.status = told.status
    _refuse_twice(city, queries.partners_of(session, process))
    session.add(city)
    _attach(session, city, evidence, actor=actor, now=now)
    _check_proof(session, city)
    _note(session, city, actor=actor, now=now)
    return city


def revise_city(
    session: Session,
    city: PartnerCity,
    told: CityText,
    *,
    seen: int,
    actor: Actor,
    now: datetime,
    evidence: Evidence | None = None,
) -> None:
    """Put it right, or say how far it has come. ``seen``: the version on the page; Conflict for an older one."""
    require(policies.can_edit(actor, city, now=now))
    if seen != city.version:
        raise Conflict(CHANGED)
    before, contact = city.public_payload(), city.contact
    others = [each for each in queries.partners_of(session, city.process) if each.id != city.id]
    _write(city, told, now)
    _refuse_twice(city, others)
    _move(city, told.status)
    is_new = _attach(session, city, evidence, actor=actor, now=now)
    is_changed = city.public_payload() != before
    if is_changed:
        _check_proof(session, city)
    if is_new or is_changed or city.contact != contact:
        _note(session, city, actor=actor, now=now)


def _refuse_twice(city: PartnerCity, others: Iterable[PartnerCity]) -> None:
    if (city.name, city.country) in {(each.name, each.country) for each in others}:
        raise Invalid(_l("This city is in the directory already."), field="name")


def _write(city: PartnerCity, told: CityText, now: datetime) -> None:
    city.name = clean_line(told.name, max_length=NAME_LENGTH)
    if not city.name:
        raise Invalid(_l("Write the name of the city."), field="name")
    if not (len(told.country) == 2 and told.country.isascii() and told.country.isalpha()):
        raise Invalid(_l("Choose a country."), field="country")
    if told.since is not None and not FIRST_YEAR <= told.since <= now.year:
        span = {"first": lazy_digits(FIRST_YEAR), "last": lazy_digits(now.year)}
        raise Invalid(_l("Write the year as the Network does, from %(first)s to %(last)s.", **span), field="since")
    if not set(told.cooperation) <= CODES:
        raise Invalid(_l("Choose from the list."), field="cooperation")
    city.country, city.creative_field, city.since = told.country.upper(), told.creative_field, told.since
    city.cooperation = tuple(sorted(set(told.cooperation)))
    city.about = clean_text(told.about, max_length=ABOUT_LENGTH)
    city.contact = clean_text(told.contact, max_length=CONTACT_LENGTH)


def _move(city: PartnerCity, state: PartnerState) -> None:
    if state is city.status:
        return
    if state not in TRANSITIONS[city.status]:
        raise Invalid(_l("It cannot go back there. What has ended can be taken up by writing anew."), field="status")
    city.move_to(state)


def _check_proof(session: Session, city: PartnerCity) -> None:
    """What is agreed rests on something: words about it, or a file."""
    session.flush()
    if city.status in NEEDS_PROOF and not city.about and not documents_of(session, city.ref):
        raise Invalid(_l("Say what was agreed and where it stands, or add the letter as a file."), field="about")


def _attach(session: Session, city: PartnerCity, evidence: Evidence | None, *, actor: Actor, now: datetime) -> bool:
    """Whether a file came that the city did not have."""
    if evidence is None:
        return False
    stored = evidence.stored
    if any(known.sha256 == stored.sha256 for known in documents_of(session, city.ref)):
        return False
    title, is_public = stored.name[:160], evidence.is_public
    attach(session, city.ref, stored, kind=KIND, title=title, is_public=is_public, actor=actor, now=now)
    return True


def _note(session: Session, city: PartnerCity, *, actor: Actor, now: datetime) -> None:
    session.flush()
    proof = [document.public_payload() for document in documents_of(session, city.ref)]
    facts: dict[str, Any] = {"subject": city.ref, "process": city.process.ref}
    role = Role.COORDINATOR if actor.has(Role.COORDINATOR) and not actor.is_system else None
    payload = city.public_payload() | {"evidence": proof}
    record(session, PartnerEvent.RECORDED, actor=actor, now=now, role=role, payload=payload, **facts)
