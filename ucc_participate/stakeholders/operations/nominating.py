"""Organisations that people miss in the register: named by anybody, answered by the city with a public reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ...audit.log import record
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.identity import Actor, new_public_id
from ...vocabularies.uccn import Sector
from .. import policies, queries
from ..entry import OrganisationDetails, record_state, write
from ..events import NominationEvent, OrganisationEvent
from ..models import Nomination, NominationOutcome, NominationVoice, Organisation
from ..queries import name_key

WITHOUT_ORGANISATION = (NominationOutcome.NO_STAKEHOLDER, NominationOutcome.UNFIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nominated:
    """What a person said. ``why`` and ``contact`` are for the staff; ``idempotency_key`` is that of the form."""

    name: str
    sector: Sector
    why: str
    contact: str | None
    idempotency_key: str


def nominate(session: Session, said: Nominated, *, actor: Actor, now: datetime) -> Nomination:
    """Name an organisation that is missing. Who names one that waits already joins in; the same press twice is one.

    Raises Invalid when the name says nothing or stands in the register.
    """
    require(policies.can_nominate(actor, Nomination, now=now))
    key = name_key(said.name)
    if not key:
        raise Invalid(_l("Write the name of the organisation."), field="name")
    if queries.registered_as(session, said.name) is not None:
        raise Invalid(_l("This organisation is in the register already."), field="name")
    known = queries.nomination_with_key(session, said.idempotency_key)
    if known is not None:
        return known
    nomination = queries.waiting_nomination(session, key)
    if nomination is None:
        nomination = _first(session, said, key, now)
    else:
        nomination.times += 1
    session.add(
        NominationVoice(
            nomination_id=nomination.id,
            idempotency_key=said.idempotency_key,
            why=said.why,
            contact=said.contact,
            given_at=now,
        )
    )
    event = NominationEvent.SUBMITTED if nomination.times == 1 else NominationEvent.REPEATED
    _record(session, event, nomination, actor=actor, now=now)
    return nomination


def _first(session: Session, said: Nominated, key: str, now: datetime) -> Nomination:
    """A new nomination, or the one that somebody made in this very moment."""
    fresh = Nomination(
        public_id=new_public_id(), name=said.name, waiting_key=key, sector=said.sector, times=1, nominated_at=now
    )
    fresh.organisation = None
    try:
        with session.begin_nested():
            session.add(fresh)
    except IntegrityError:
        found = queries.waiting_nomination(session, key)
        if found is None:
            raise
        found.times += 1
        return found
    return fresh


def answer_nomination(
    session: Session,
    nomination: Nomination,
    *,
    outcome: NominationOutcome,
    reason: str,
    organisation: Organisation | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Say in public what became of it. ``organisation``: the entry that is meant, with KNOWN. ``nomination`` locked."""
    require(policies.can_answer(actor, nomination, now=now))
    if outcome is NominationOutcome.REGISTERED:
        raise Invalid(_l("Say what the register holds of it."), field="outcome")
    if outcome is NominationOutcome.KNOWN and organisation is None:
        raise Invalid(_l("Choose which organisation of the register is meant."), field="organisation")
    meant = None if outcome in WITHOUT_ORGANISATION else organisation
    _answer(session, nomination, outcome, reason, meant, actor=actor, now=now)


def accept_nomination(
    session: Session,
    nomination: Nomination,
    details: OrganisationDetails,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Organisation:
    """Enter the organisation into the register and say so in public; the two stay joined. ``nomination`` locked."""
    require(policies.can_answer(actor, nomination, now=now))
    organisation = Organisation(public_id=new_public_id(), registered_at=now)
    write(organisation, details, queries.tags_by_code(session))
    session.add(organisation)
    session.flush()
    record_state(session, OrganisationEvent.REGISTERED, organisation, actor=actor, now=now)
    nomination.name = organisation.name
    _answer(session, nomination, NominationOutcome.REGISTERED, reason, organisation, actor=actor, now=now)
    return organisation


def _answer(
    session: Session,
    nomination: Nomination,
    outcome: NominationOutcome,
    reason: str,
    organisation: Organisation | None,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    if not reason:
        raise Invalid(_l("Write the reason. Everybody can read it."), field="reason")
    nomination.answer(outcome, reason, organisation)
    nomination.answered_by, nomination.answered_at = actor.key[:120], now
    session.execute(delete(NominationVoice).where(NominationVoice.nomination_id == nomination.id))
    _record(session, NominationEvent.ANSWERED, nomination, actor=actor, now=now)


def _record(session: Session, event: NominationEvent, nomination: Nomination, *, actor: Actor, now: datetime) -> None:
    session.flush()
    record(session, event, actor=actor, subject=nomination.ref, payload=nomination.public_payload(), now=now)
