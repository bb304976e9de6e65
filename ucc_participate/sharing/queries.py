"""Reading practices, exchanges and what other cities gave."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from ..kernel.decision import require
from ..kernel.errors import NotFound
from ..kernel.identity import Actor, Role
from ..partners.models import PartnerCity
from ..plan.models import Indicator, Initiative, InitiativeState, Plan
from ..processes.models import Process
from . import policies
from .bundle import MOST_INDICATORS
from .models import Exchange, KnownOrigin, Practice, PracticeState, Share

MOST = 200


def practices_of(session: Session, process: Process, *, actor: Actor) -> Sequence[Practice]:
    """What the actor may see, newest first."""
    query = select(Practice).where(Practice.process_id == process.id).order_by(Practice.id.desc()).limit(MOST)
    if not (actor.is_staff or actor.has(Role.EVALUATOR)):
        query = query.where(Practice.status == PracticeState.PUBLISHED)
    return list(session.scalars(query.options(joinedload(Practice.initiative))))


def get_practice(session: Session, process: Process, public_id: str, *, actor: Actor, now: datetime) -> Practice:
    """Raises NotFound when the actor may not know of it."""
    found = _practice(session, process, public_id, for_update=False)
    require(policies.can_view_practice(actor, found, now=now))
    return found


def practice_to_change(session: Session, process: Process, public_id: str) -> Practice:
    """Locked until the unit of work ends."""
    return _practice(session, process, public_id, for_update=True)


def _practice(session: Session, process: Process, public_id: str, *, for_update: bool) -> Practice:
    query = select(Practice).where(Practice.public_id == public_id, Practice.process_id == process.id)
    if for_update:
        query = query.with_for_update(of=Practice)
    of_plan = joinedload(Practice.initiative).joinedload(Initiative.plan)
    found = session.scalar(query.options(joinedload(Practice.process), of_plan))
    if found is None:
        raise NotFound()
    return found


def exchanges_of(session: Session, process: Process, *, with_void: bool = False) -> Sequence[Exchange]:
    """Newest first, with their cities."""
    query = select(Exchange).where(Exchange.process_id == process.id)
    if not with_void:
        query = query.where(Exchange.is_void.is_(False))
    query = query.order_by(Exchange.held_on.desc(), Exchange.id.desc()).limit(MOST)
    return list(session.scalars(query.options(joinedload(Exchange.city))))


def get_exchange(session: Session, process: Process, public_id: str, *, for_update: bool = False) -> Exchange:
    """Raises NotFound."""
    query = select(Exchange).where(Exchange.public_id == public_id, Exchange.process_id == process.id)
    if for_update:
        query = query.with_for_update(of=Exchange)
    found = session.scalar(query.options(joinedload(Exchange.city), joinedload(Exchange.process)))
    if found is None:
        raise NotFound()
    return found


def is_noted(session: Session, exchange: Exchange) -> bool:
    """Whether the same stands there, as after a second press of the button."""
    columns = (Exchange.city_id, Exchange.kind, Exchange.direction, Exchange.held_on)
    same = [column == getattr(exchange, column.key) for column in columns]
    query = select(Exchange).where(Exchange.process_id == exchange.process_id, Exchange.is_void.is_(False), *same)
    with session.no_autoflush:
        return any(each.what == exchange.what for each in session.scalars(query))


def cities_of(session: Session, process: Process) -> Sequence[PartnerCity]:
    """Cities of the directory, by name."""
    return list(
        session.scalars(
            select(PartnerCity).where(PartnerCity.process_id == process.id).order_by(PartnerCity.name, PartnerCity.id)
        )
    )


def initiatives_by_number(session: Session, process: Process) -> Sequence[Initiative]:
    """Planned initiatives of the process, without their parts."""
    query = select(Initiative).join(Plan).where(Plan.process_id == process.id)
    return list(session.scalars(query.where(Initiative.status == InitiativeState.PLANNED).order_by(Initiative.number)))


def public_indicators(session: Session, process: Process) -> Sequence[Indicator]:
    """Indicators of planned initiatives of a public plan."""
    query = select(Indicator).join(Initiative).join(Plan).where(Plan.process_id == process.id)
    query = query.where(Plan.published_at.is_not(None), Initiative.status == InitiativeState.PLANNED)
    return list(session.scalars(query.order_by(Indicator.id).limit(MOST_INDICATORS)))


def origin_of(session: Session, origin: str) -> KnownOrigin | None:
    return session.scalar(select(KnownOrigin).where(KnownOrigin.origin == origin))


def shares_of(session: Session, process: Process) -> Sequence[Share]:
    """Newest first."""
    query = select(Share).where(Share.process_id == process.id).order_by(Share.id.desc()).limit(MOST)
    return list(session.scalars(query.options(joinedload(Share.origin))))


def get_share(session: Session, process: Process, public_id: str, *, for_update: bool = False) -> Share:
    """Raises NotFound."""
    query = select(Share).where(Share.public_id == public_id, Share.process_id == process.id)
    if for_update:
        query = query.with_for_update(of=Share)
    found = session.scalar(query.options(joinedload(Share.origin), joinedload(Share.process)))
    if found is None:
        raise NotFound()
    return found


def is_known(session: Session, process: Process, sha256: str) -> bool:
    return session.scalar(select(Share.id).where(Share.process_id == process.id, Share.sha256 == sha256)) is not None


def live_practices(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    query = select(Practice).where(Practice.published_at.is_not(None)).options(joinedload(Practice.initiative))
    for practice in session.scalars(query.execution_options(yield_per=500)):
        yield practice.ref, practice.public_payload()


def live_exchanges(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    for exchange in session.scalars(select(Exchange).options(joinedload(Exchange.city))):
        yield exchange.ref, exchange.public_payload()


def live_shares(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    for share in session.scalars(select(Share).options(joinedload(Share.origin))):
        yield share.ref, share.public_payload()
