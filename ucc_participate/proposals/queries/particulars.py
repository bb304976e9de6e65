"""What a process asks beside the text, the city's map, and how far needs and assets are taken up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import Session, defer

from ...inventory.models import InventoryItem
from ...kernel.errors import NotFound
from ...processes.models import Process
from ..models import DistrictMap, FieldState, Proposal, ProposalField, ProposalState
from .lists import counts_by_tag


def fields_of(session: Session, process: Process) -> list[ProposalField]:
    """The questions of a process in their order, retired ones too."""
    query = select(ProposalField).where(
        ProposalField.process_id == process.id, ProposalField.state != FieldState.REMOVED
    )
    return list(session.scalars(query.order_by(ProposalField.place, ProposalField.id)))


def fields_to_change(session: Session, process: Process) -> list[ProposalField]:
    """As fields_of; the process is locked, so nobody else changes them."""
    return fields_of(session, process)


def get_field(session: Session, process: Process, code: str) -> ProposalField:
    """Raises NotFound."""
    query = select(ProposalField).where(
        ProposalField.process_id == process.id,
        ProposalField.code == code,
        ProposalField.state != FieldState.REMOVED,
    )
    found = session.scalar(query)
    if found is None:
        raise NotFound()
    return found


def count_answers(session: Session, process: Process, code: str) -> int:
    """How many proposals and drafts answer a question."""
    answered = cast(Proposal.fields, Text).contains(f'"{code}"', autoescape=True)
    return session.scalar(select(func.count()).where(Proposal.process_id == process.id, answered)) or 0


def is_sent_already(session: Session, key: str | None, author_id: int | None) -> bool:
    """Whether this very form was sent before: the second press of its button."""
    query = select(Proposal.id).where(
        Proposal.idempotency_key == key, Proposal.author_id == author_id, Proposal.status != ProposalState.DRAFT
    )
    return key is not None and session.scalar(query) is not None


def given_sources(session: Session, process: Process) -> set[str]:
    """Addresses from which proposals of a process were taken over."""
    query = select(Proposal.given).where(Proposal.process_id == process.id, Proposal.given.is_not(None))
    return {given["source"] for given in session.scalars(query) if given and "source" in given}


def current_map(session: Session) -> DistrictMap | None:
    """The newest map of the city's districts."""
    return session.scalar(select(DistrictMap).order_by(DistrictMap.id.desc()).limit(1))


def current_map_id(session: Session) -> int | None:
    return session.scalar(select(func.max(DistrictMap.id)))


def list_maps(session: Session) -> list[DistrictMap]:
    """All maps without their lines, the newest first."""
    query = select(DistrictMap).options(defer(DistrictMap.districts)).order_by(DistrictMap.id.desc())
    return list(session.scalars(query.limit(20)))


def counts_by_district(session: Session, process: Process, codes: Sequence[str]) -> dict[str, int]:
    """Proposals on the list, by code of their district."""
    found = counts_by_tag(session, process, [f"district:{code}" for code in codes])
    return {code: found.get(f"district:{code}", 0) for code in codes}


def counts_by_item(session: Session, process: Process, items: Sequence[InventoryItem]) -> dict[str, int]:
    """Proposals on the list that name a need or an asset, by its public id."""
    tags = {f"{'asset' if item.kind.is_asset else 'need'}:{item.public_id}": item.public_id for item in items}
    found = counts_by_tag(session, process, list(tags)) if tags else {}
    return {public_id: found.get(tag, 0) for tag, public_id in tags.items()}


def field_states(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every question, for the drift check."""
    query = select(ProposalField, Process.public_id).join(Process, Process.id == ProposalField.process_id)
    for found, process in session.execute(query):
        yield f"process/{process}/field/{found.code}", found.public_payload()


def map_states(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every map, for the drift check."""
    for found in session.scalars(select(DistrictMap)):
        yield found.ref, found.public_payload()
