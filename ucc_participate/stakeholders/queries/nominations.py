"""Nominations: for everybody with their answers, for the staff with what people said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, selectinload

from ...kernel.errors import NotFound
from ...kernel.text import search_terms
from ..likeness import name_key
from ..models import Nomination, NominationVoice, Organisation
from .merging import living
from .register import PAGE


@dataclass(frozen=True, slots=True)
class NominationPage:
    """The newest first. ``after`` continues it: the public id of its last one, or None at the end."""

    nominations: list[Nomination]
    after: str | None


@dataclass(frozen=True, slots=True)
class NominationCounts:
    """``overdue``: waiting since before the day asked for."""

    waiting: int
    answered: int
    overdue: int

    @property
    def total(self) -> int:
        return self.waiting + self.answered


def registered_as(session: Session, name: str) -> Organisation | None:
    """The organisation of exactly this name, however it is spelt or spaced; of a merged entry the survivor."""
    key = name_key(name)
    terms = search_terms(name)
    query = select(Organisation).where(*(Organisation.folded.contains(term) for term in terms[:1]))
    likely = session.scalars(query.order_by(Organisation.id)) if terms else iter(())
    found = next((each for each in likely if name_key(each.name) == key), None)
    return living(session, found) if found is not None else None


def waiting_nomination(session: Session, key: str) -> Nomination | None:
    """The unanswered nomination of this key, locked."""
    query = select(Nomination).where(Nomination.waiting_key == key).options(selectinload(Nomination.organisation))
    return session.scalar(query.with_for_update(of=Nomination))


def nomination_with_key(session: Session, idempotency_key: str) -> Nomination | None:
    """The nomination that this very form made or joined."""
    query = select(Nomination).join(NominationVoice).where(NominationVoice.idempotency_key == idempotency_key)
    return session.scalar(query)


def list_nominations(session: Session, *, after: str | None = None, limit: int = PAGE) -> NominationPage:
    """A page for everybody: dates, sectors, answers."""
    query = select(Nomination).options(selectinload(Nomination.organisation)).order_by(Nomination.id.desc())
    if after is not None:
        last = select(Nomination.id).where(Nomination.public_id == after).scalar_subquery()
        query = query.where(Nomination.id < last)
    found = list(session.scalars(query.limit(limit + 1)))
    return NominationPage(found[:limit], found[limit - 1].public_id if len(found) > limit else None)


def waiting_nominations(session: Session, *, after: str | None = None, limit: int = PAGE) -> NominationPage:
    """The staff's queue: those that wait longest first, with what people said."""
    query = select(Nomination).where(Nomination.outcome.is_(None)).options(selectinload(Nomination.voices))
    if after is not None:
        last = select(Nomination.id).where(Nomination.public_id == after).scalar_subquery()
        query = query.where(Nomination.id > last)
    found = list(session.scalars(query.order_by(Nomination.id).limit(limit + 1)))
    return NominationPage(found[:limit], found[limit - 1].public_id if len(found) > limit else None)


def count_nominations(session: Session, *, overdue_before: datetime) -> NominationCounts:
    waits = Nomination.outcome.is_(None)
    overdue = waits & (Nomination.nominated_at < overdue_before)
    columns = (func.count().filter(waits), func.count().filter(~waits), func.count().filter(overdue))
    return NominationCounts(*session.execute(select(*columns).select_from(Nomination)).one())


def get_nomination(session: Session, public_id: str) -> Nomination:
    """With its organisation and what people said. Raises NotFound."""
    return _found(session.scalar(_one(public_id)))


def nomination_to_change(session: Session, public_id: str) -> Nomination:
    """As get_nomination, locked until the unit of work ends."""
    return _found(session.scalar(_one(public_id).with_for_update(of=Nomination)))


def _one(public_id: str) -> Select[Nomination]:
    loaded = (selectinload(Nomination.organisation), selectinload(Nomination.voices))
    return select(Nomination).where(Nomination.public_id == public_id).options(*loaded)


def _found(nomination: Nomination | None) -> Nomination:
    if nomination is None:
        raise NotFound()
    return nomination


def nominations_of(session: Session, organisation: Organisation) -> list[Nomination]:
    """The nominations that led to an organisation, or to an entry that was merged into it."""
    merged = select(Organisation.id).where(Organisation.merged_into_id == organisation.id)
    of_it = or_(Nomination.organisation_id == organisation.id, Nomination.organisation_id.in_(merged))
    query = select(Nomination).where(of_it)
    return list(session.scalars(query.order_by(Nomination.id)))


def live_nominations(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every nomination with its public state, for the drift check."""
    for nomination in session.scalars(select(Nomination).options(selectinload(Nomination.organisation))):
        yield nomination.ref, nomination.public_payload()
