"""Reading needs and assets."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from ..accounts.models import Account
from ..audit.models import LogOpening
from ..kernel.decision import require
from ..kernel.errors import NotFound
from ..kernel.identity import Actor, Role
from ..processes.models import Process
from . import policies
from .models import InventoryItem, ItemKind, ItemState

PAGE = 30
MOST_OFFERED = 200


@dataclass(frozen=True, slots=True)
class Page:
    """``after``: the id to go on from, None at the end."""

    items: list[InventoryItem]
    after: int | None


def browse(
    session: Session, process: Process, kinds: Collection[ItemKind], *, actor: Actor, after: int = 0, limit: int = PAGE
) -> Page:
    """What the actor may see of these kinds, oldest first: what is listed, and one's own that waits."""
    query = select(InventoryItem).where(
        InventoryItem.process_id == process.id,
        InventoryItem.kind.in_(kinds),
        InventoryItem.id > after,
        _is_visible(actor),
    )
    found = list(session.scalars(query.order_by(InventoryItem.id).limit(limit + 1)))
    return Page(found[:limit], found[limit - 1].id if len(found) > limit else None)


def _is_visible(actor: Actor) -> Any:
    listed = InventoryItem.status == ItemState.LISTED
    waiting = InventoryItem.status == ItemState.SUGGESTED
    if actor.has(Role.COORDINATOR):
        return or_(listed, waiting)
    own = InventoryItem.author_id == actor.account_id
    return or_(listed, waiting & own) if actor.account_id is not None else listed


def counts(session: Session, process: Process) -> dict[ItemKind, int]:
    """How many are listed, by kind."""
    query = select(InventoryItem.kind, func.count()).where(
        InventoryItem.process_id == process.id, InventoryItem.status == ItemState.LISTED
    )
    return {row[0]: row[1] for row in session.execute(query.group_by(InventoryItem.kind))}


def count_waiting(session: Session, process: Process) -> int:
    waiting = (InventoryItem.process_id == process.id, InventoryItem.status == ItemState.SUGGESTED)
    return session.scalar(select(func.count()).where(*waiting)) or 0


def offered(session: Session, process: Process, limit: int = MOST_OFFERED) -> list[InventoryItem]:
    """What a proposal may link to, oldest first."""
    query = select(InventoryItem).where(
        InventoryItem.process_id == process.id, InventoryItem.status == ItemState.LISTED
    )
    return list(session.scalars(query.order_by(InventoryItem.id).limit(limit)))


def by_public_ids(session: Session, process: Process, public_ids: Collection[str]) -> dict[str, InventoryItem]:
    """Those of this process that were public at some time, in the order asked for."""
    if not public_ids:
        return {}
    query = select(InventoryItem).where(
        InventoryItem.process_id == process.id,
        InventoryItem.public_id.in_(list(public_ids)),
        InventoryItem.status.in_(policies.PUBLIC),
    )
    found = {item.public_id: item for item in session.scalars(query)}
    return {public_id: found[public_id] for public_id in public_ids if public_id in found}


def get_item(session: Session, process: Process, public_id: str, *, actor: Actor, now: datetime) -> InventoryItem:
    """Raises NotFound when the actor may not know of it."""
    return _one(session, process, public_id, actor, now, for_update=False)


def item_to_change(session: Session, process: Process, public_id: str, *, actor: Actor, now: datetime) -> InventoryItem:
    """As get_item, locked until the unit of work ends."""
    return _one(session, process, public_id, actor, now, for_update=True)


def _one(
    session: Session, process: Process, public_id: str, actor: Actor, now: datetime, *, for_update: bool
) -> InventoryItem:
    query = select(InventoryItem).where(InventoryItem.public_id == public_id, InventoryItem.process_id == process.id)
    if for_update:
        query = query.with_for_update(of=InventoryItem)
    found = session.scalar(query.options(joinedload(InventoryItem.process)))
    if found is None:
        raise NotFound()
    require(policies.can_view(actor, found, now=now))
    return found


def contributed_by(session: Session, account: Account) -> list[InventoryItem]:
    """Everything that an account has contributed, with its process."""
    query = select(InventoryItem).where(InventoryItem.author_id == account.id)
    return list(session.scalars(query.options(joinedload(InventoryItem.process)).order_by(InventoryItem.id)))


def logged_authors(session: Session, items: Sequence[InventoryItem]) -> dict[str, list[int]]:
    """By process: indexes of the entries whose payloads name who contributed these."""
    refs = [item.ref for item in items]
    query = select(LogOpening.process, LogOpening.position).where(
        LogOpening.subject.in_(refs), LogOpening.process.is_not(None)
    )
    found: dict[str, list[int]] = {}
    for process, position in session.execute(query.order_by(LogOpening.position)):
        found.setdefault(str(process), []).append(position)
    return found


def live_states(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every item that the log knows the state of, for the drift check."""
    query = select(InventoryItem).where(InventoryItem.listed_at.is_not(None))
    for item in session.scalars(query.execution_options(yield_per=500)):
        yield item.ref, item.public_payload()
