"""Needs, assets, initiatives and indicators, as things that a paragraph rests on."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, selectinload

from ...accounts.models import Account
from ...inventory.models import InventoryItem, ItemState
from ...plan.models import Indicator, Initiative, InitiativeSource, Origin, Plan
from ...processes.models import Process
from ...proposals.models import Proposal
from ..sources import Cited, Hand, Kind, Known, Part
from .meetings import says
from .proposals import Hands, author_of, erased_authors, hands_of

SHOWN = (ItemState.LISTED, ItemState.RETIRED)


def find(session: Session, process: Process, known: Known) -> Iterator[Cited]:
    if known.of(Kind.ITEM):
        yield from _items(session, process, InventoryItem.public_id.in_(known.of(Kind.ITEM)))
    if known.of(Kind.INITIATIVE):
        yield from _initiatives(session, process, Initiative.public_id.in_(known.of(Kind.INITIATIVE)))
    if known.of(Kind.INDICATOR):
        yield from _indicators(session, process, Indicator.public_id.in_(known.of(Kind.INDICATOR)))


def search(session: Session, process: Process, words: str, kinds: Collection[str], limit: int) -> Iterator[Cited]:
    if Kind.ITEM in kinds:
        items = _items(session, process, InventoryItem.status == ItemState.LISTED)
        yield from [item for item in items if says(words, str(item.title))][:limit]
    if Kind.INITIATIVE in kinds:
        yield from [each for each in _initiatives(session, process) if _says(words, each)][:limit]
    if Kind.INDICATOR in kinds:
        yield from [each for each in _indicators(session, process) if _says(words, each)][:limit]


def _says(words: str, cited: Cited) -> bool:
    texts = cited.title.values() if not isinstance(cited.title, str) else (cited.title,)
    return says(words, *texts)


def _items(session: Session, process: Process, *which: Any) -> Iterator[Cited]:
    query = select(InventoryItem, Account.is_active).outerjoin(Account, Account.id == InventoryItem.author_id)
    mine = query.where(InventoryItem.process_id == process.id, InventoryItem.status.in_(SHOWN), *which)
    for item, _is_active in session.execute(mine.order_by(InventoryItem.id)):
        is_erased = item.author_id is None and item.author_name is None
        yield Cited(
            ref=item.ref,
            kind=Kind.ITEM,
            title=item.title,
            where=("inventory.show", {"process_id": process.public_id, "public_id": item.public_id}),
            hands=(Hand(Part.ERASED) if is_erased else Hand(Part.RESIDENT, item.author_name),),
            at=item.listed_at,
            state="" if item.status is ItemState.LISTED else "retired",
            about={"kind": item.kind.value},
        )


def _initiatives(session: Session, process: Process, *which: Any) -> Iterator[Cited]:
    query = select(Initiative).join(Plan).where(Plan.process_id == process.id, *which)
    sources = selectinload(Initiative.sources).joinedload(InitiativeSource.proposal)
    whole = query.options(sources, contains_eager(Initiative.plan))
    found = list(session.scalars(whole.order_by(Initiative.place, Initiative.number)))
    proposals = [source.proposal for each in found for source in each.sources]
    by, erased = hands_of(session, proposals), erased_authors(session, proposals)
    for each in found:
        hands = [hand for source in each.sources for hand in _proposers(source.proposal, by, erased)]
        city = [Hand(Part.CITY, each.owner or None)] if each.origin is Origin.ADDED or not hands else []
        yield Cited(
            ref=each.ref,
            kind=Kind.INITIATIVE,
            title=each.title,
            where=("plan.initiative", {"process_id": process.public_id, "public_id": each.public_id}),
            hands=(*hands, *city),
            at=each.created_at,
            state="" if each.is_planned else "retired",
            about={"proposals": len(each.sources)},
            is_open=each.plan.is_public,
        )


def _proposers(proposal: Proposal, by: Hands, erased: Collection[int]) -> list[Hand]:
    """Its author, who wrote along, and the authors of what was merged into it."""
    if proposal.is_concealed:
        return []
    own = [author_of(proposal, is_erased=proposal.id in erased)] if proposal.origin is None else []
    return [*own, *by.get(proposal.id, ())]


def _indicators(session: Session, process: Process, *which: Any) -> Iterator[Cited]:
    query = select(Indicator).join(Initiative).join(Plan).where(Plan.process_id == process.id, *which)
    whole = query.options(contains_eager(Indicator.initiative).contains_eager(Initiative.plan))
    for each in session.scalars(whole.order_by(Indicator.id)):
        yield Cited(
            ref=each.ref,
            kind=Kind.INDICATOR,
            title=each.title,
            where=("plan.initiative", {"process_id": process.public_id, "public_id": each.initiative.public_id}),
            hands=(Hand(Part.CITY, each.responsible or None),),
            state="" if each.initiative.is_planned else "retired",
            about={"kind": each.kind.value},
            is_open=each.initiative.plan.is_public,
        )
