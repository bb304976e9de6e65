"""Reading needs and assets."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from ..accounts.models import Account
from ..audit.models import LogOpening
from ..kernel.decision import require
from ..kernel.errors import NotFound
from ..kernel.identity import Actor, Role
from ..processes.models import Process
from ..stakeholders.models import Organisation
from . import policies
from .models import InventoryItem, ItemKind, ItemState, NeedChoice, NeedRanking
from .ranking import Chosen

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


@dataclass(frozen=True, slots=True)
class NeedRank:
    """``chosen``: how many named the need, None for fewer than the smallest group. ``place``: 1 for the most chosen,
    equals share one. ``sectors``: the same by sector (``unsaid``: not said), empty while nothing may be told by it."""

    item: InventoryItem
    place: int
    chosen: int | None
    sectors: dict[str, int | None]


@dataclass(frozen=True, slots=True)
class NeedRanks:
    """``voices``: residents and organisations who chose. ``sectors``: how many of them from each, None: not told."""

    told_at: datetime
    voices: int
    sectors: dict[str, int] | None
    ranks: list[NeedRank]


def need_ranks(session: Session, process: Process) -> NeedRanks | None:
    """The newest published count, most chosen first, of needs that still are on the list; None before the first one.

    Only published numbers: what was chosen since is nobody's business until it is told (once a day, for at least as
    many people as the smallest group).
    """
    told = session.get(NeedRanking, process.id)
    if told is None:
        return None
    rows = {row["need"].partition("/")[2]: row for row in told.state["needs"]}
    items = [item for item in by_public_ids(session, process, rows).values() if item.status is ItemState.LISTED]
    counts = [rows[item.public_id]["chosen"] for item in items]
    ranks = [
        NeedRank(item, 1 + sum((each or 0) > (chosen or 0) for each in counts), chosen, _by_sector(rows, item))
        for item, chosen in zip(items, counts, strict=True)
    ]
    return NeedRanks(told.told_at, told.state["voices"], told.state["sectors"], ranks)


def _by_sector(rows: dict[str, Any], item: InventoryItem) -> dict[str, int | None]:
    found: dict[str, int | None] = rows[item.public_id].get("sectors", {})
    return found


def listed_needs(session: Session, process: Process) -> list[InventoryItem]:
    """Every need on the list, oldest first."""
    return listed(session, process, [ItemKind.NEED])


def listed(session: Session, process: Process, kinds: Collection[ItemKind]) -> list[InventoryItem]:
    """Everything of these kinds that is on the list, oldest first."""
    wanted = (InventoryItem.kind.in_(kinds), InventoryItem.status == ItemState.LISTED)
    query = select(InventoryItem).where(InventoryItem.process_id == process.id, *wanted)
    return list(session.scalars(query.order_by(InventoryItem.id)))


def choice_to_change(
    session: Session, process: Process, *, account_id: int | None, organisation: Organisation | None
) -> NeedChoice | None:
    """What somebody chose for themselves or for an organisation, locked."""
    return session.scalar(_choice(process, account_id, organisation.id if organisation else None).with_for_update())


def own_choice(session: Session, process: Process, *, account_id: int, organisation: Organisation | None) -> list[str]:
    """Public ids of the needs that somebody chose, for nobody's eyes but their own."""
    found = session.scalar(_choice(process, account_id, organisation.id if organisation else None))
    return list(found.needs) if found is not None else []


def _choice(process: Process, account_id: int | None, organisation_id: int | None) -> Select[NeedChoice]:
    if organisation_id is not None:
        whose: Any = NeedChoice.organisation_id == organisation_id
    else:
        whose = (NeedChoice.account_id == account_id) & NeedChoice.organisation_id.is_(None)
    return select(NeedChoice).where(NeedChoice.process_id == process.id, whose)


def choices_to_count(session: Session, process: Process) -> list[NeedChoice]:
    """Every choice of a process; whoever changes one has locked the process before."""
    query = select(NeedChoice).where(NeedChoice.process_id == process.id)
    return list(session.scalars(query.order_by(NeedChoice.id)))


def chosen_by(row: NeedChoice) -> Chosen:
    """What is counted of a choice."""
    sector = row.sector.value if row.sector is not None else None
    return Chosen(sector, row.needs, row.is_untold, row.is_untold_by_sector)


def processes_with_news(session: Session) -> list[str]:
    """Public ids of the processes in which choices are new since the last publication."""
    query = select(Process.public_id).where(
        Process.id.in_(select(NeedChoice.process_id).where(NeedChoice.is_untold.is_(True)))
    )
    return list(session.scalars(query.order_by(Process.id)))


def choices_of(session: Session, account: Account) -> list[NeedChoice]:
    """What an account chose for itself or for an organisation, with the process."""
    query = select(NeedChoice).where(NeedChoice.account_id == account.id).options(joinedload(NeedChoice.process))
    return list(session.scalars(query.order_by(NeedChoice.id)))


def titles_of(session: Session, public_ids: Collection[str]) -> dict[str, str]:
    """What needs and assets are called, by public id."""
    query = select(InventoryItem.public_id, InventoryItem.title).where(InventoryItem.public_id.in_(list(public_ids)))
    return {row[0]: row[1] for row in session.execute(query)}


def live_rankings(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """The newest published counts, for the drift check."""
    for told in session.scalars(select(NeedRanking).options(joinedload(NeedRanking.process))):
        yield f"need_ranking/{told.process.public_id}", told.state


def live_states(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every item that the log knows the state of, for the drift check."""
    query = select(InventoryItem).where(InventoryItem.listed_at.is_not(None))
    for item in session.scalars(query.execution_options(yield_per=500)):
        yield item.ref, item.public_payload()
