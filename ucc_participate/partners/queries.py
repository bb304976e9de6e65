"""Reading partner cities."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, case, select
from sqlalchemy.orm import Session, joinedload

from ..documents.queries import documents_by_subject
from ..kernel.errors import NotFound
from ..processes.models import Process
from .models import PartnerCity, PartnerState

CHUNK = 500
NEAREST_FIRST = (
    PartnerState.ACTIVE, PartnerState.AGREED, PartnerState.CONTACTED, PartnerState.SOUGHT, PartnerState.ENDED
)  # fmt: skip


def partners_of(session: Session, process: Process, *, with_ended: bool = True) -> list[PartnerCity]:
    """The partner cities of a process, those it works with first, then by name; with ``process`` loaded.

    ``city.is_member`` says whether it belongs to the Network. The contact is for the city's staff alone.
    """
    place = case({state.value: number for number, state in enumerate(NEAREST_FIRST)}, value=PartnerCity.status)
    query = _cities().where(PartnerCity.process_id == process.id)
    if not with_ended:
        query = query.where(PartnerCity.status != PartnerState.ENDED)
    return list(session.scalars(query.order_by(place, PartnerCity.name, PartnerCity.id)))


def get_city(session: Session, process: Process, public_id: str) -> PartnerCity:
    """With its process. Raises NotFound."""
    return _one(session, _cities().where(*_named(process, public_id)))


def city_to_change(session: Session, process: Process, public_id: str) -> PartnerCity:
    """As get_city, locked until the unit of work ends."""
    return _one(session, _cities().where(*_named(process, public_id)).with_for_update(of=PartnerCity))


def live_states(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every city with its files, for the drift check."""
    rows = session.scalars(select(PartnerCity).execution_options(yield_per=CHUNK))
    for chunk in rows.partitions(CHUNK):
        files = documents_by_subject(session, [city.ref for city in chunk])
        for city in chunk:
            yield city.ref, city.public_payload() | {"evidence": [each.public_payload() for each in files[city.ref]]}


def _cities() -> Select[PartnerCity]:
    return select(PartnerCity).options(joinedload(PartnerCity.process))


def _named(process: Process, public_id: str) -> tuple[Any, ...]:
    return (PartnerCity.public_id == public_id, PartnerCity.process_id == process.id)


def _one(session: Session, query: Select[PartnerCity]) -> PartnerCity:
    found = session.scalar(query)
    if found is None:
        raise NotFound()
    return found
