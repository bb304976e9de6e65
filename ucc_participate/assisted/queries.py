"""Reading sessions, items and what waits for a second clerk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from ..accounts.models import Account
from ..kernel.errors import NotFound
from ..meetings.models import Meeting
from ..processes.models import Participation, Process
from ..proposals.models import Proposal
from .models import AssistedItem, Intake, ItemState

PAGE = 50
MOST_IDEAS = 200


@dataclass(frozen=True, slots=True)
class Totals:
    """Of one process: participants in all and by way in, items that wait for a second clerk."""

    participants: int
    by_way: dict[str, int]
    waiting: int

    @property
    def assisted(self) -> int:
        return sum(number for way, number in self.by_way.items() if way != "internet")


def get_intake(session: Session, process: Process, public_id: str) -> Intake:
    """With its process, phases and clerk. Raises NotFound."""
    found = session.scalar(_intakes().where(Intake.public_id == public_id, Intake.process_id == process.id))
    if found is None:
        raise NotFound
    return found


def intake_to_change(session: Session, process: Process, public_id: str) -> Intake:
    """As get_intake, locked until the unit of work ends: numbers of items stay gapless."""
    found = session.scalar(
        _intakes().where(Intake.public_id == public_id, Intake.process_id == process.id).with_for_update(of=Intake)
    )
    if found is None:
        raise NotFound
    return found


def _intakes() -> Select[Intake]:
    process = selectinload(Intake.process)
    return select(Intake).options(
        process.selectinload(Process.phases),
        process.selectinload(Process.documents),
        selectinload(Intake.clerk),
        selectinload(Intake.meeting),
    )


def list_intakes(session: Session, process: Process, *, before: str | None = None, limit: int = PAGE) -> list[Intake]:
    """Sessions of a process, newest first, those before one of them."""
    query = select(Intake).where(Intake.process_id == process.id).options(selectinload(Intake.clerk))
    if before is not None:
        query = query.where(Intake.id < select(Intake.id).where(Intake.public_id == before).scalar_subquery())
    return list(session.scalars(query.order_by(Intake.id.desc()).limit(limit)))


def list_items(session: Session, intake: Intake, *, below: int | None = None, limit: int = PAGE) -> list[AssistedItem]:
    """Items of a session, newest first, with their proposals."""
    query = _items().where(AssistedItem.intake_id == intake.id)
    if below is not None:
        query = query.where(AssistedItem.number < below)
    return list(session.scalars(query.order_by(AssistedItem.number.desc()).limit(limit)))


def list_waiting(session: Session, process: Process, *, limit: int = PAGE) -> list[AssistedItem]:
    """What waits for a second clerk, oldest first."""
    query = _items().join(Intake, Intake.id == AssistedItem.intake_id).where(Intake.process_id == process.id)
    query = query.where(AssistedItem.state == ItemState.WAITING).order_by(AssistedItem.id)
    return list(session.scalars(query.limit(limit)))


def _items() -> Select[AssistedItem]:
    """With the intake and its process, the proposal with its own, and the person."""
    intake = joinedload(AssistedItem.intake)
    return select(AssistedItem).options(
        intake.joinedload(Intake.process).selectinload(Process.phases),
        intake.joinedload(Intake.process).selectinload(Process.documents),
        joinedload(AssistedItem.proposal).joinedload(Proposal.process),
        joinedload(AssistedItem.proposal).joinedload(Proposal.organisation),
        joinedload(AssistedItem.account),
    )


def get_item(session: Session, public_id: str) -> AssistedItem:
    """Raises NotFound."""
    found = session.scalar(_items().where(AssistedItem.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def item_by_code(session: Session, code: str) -> AssistedItem | None:
    """The item whose slip carries the code with this digest."""
    return session.scalar(_items().where(AssistedItem.code == code))


def item_by_key(session: Session, intake: Intake, key: str | None) -> AssistedItem | None:
    """The item that this very form has made already."""
    if key is None:
        return None
    mine = (AssistedItem.intake_id == intake.id, AssistedItem.idempotency_key == key)
    return session.scalar(_items().where(*mine))


def item_of_proposal(session: Session, proposal: Proposal) -> AssistedItem | None:
    """Most have none: a short question comes before the long one."""
    mine = AssistedItem.proposal_id == proposal.id
    known = session.scalar(select(AssistedItem.id).where(mine))
    return None if known is None else session.scalar(_items().where(mine))


def items_of(session: Session, account: Account) -> Sequence[AssistedItem]:
    """Everything that was written down for a person."""
    return session.scalars(_items().where(AssistedItem.account_id == account.id).order_by(AssistedItem.id)).all()


def totals(session: Session, process: Process) -> Totals:
    """How people came to a process. A participant counts once, under the way of their first act."""
    rows = session.execute(
        select(Participation.way_in, func.count())
        .where(Participation.process_id == process.id)
        .group_by(Participation.way_in)
    )
    by_way = {row[0].value: row[1] for row in rows}
    waiting = (
        select(func.count())
        .select_from(AssistedItem)
        .join(Intake, Intake.id == AssistedItem.intake_id)
        .where(Intake.process_id == process.id, AssistedItem.state == ItemState.WAITING)
    )
    return Totals(sum(by_way.values()), by_way, session.scalar(waiting) or 0)


def live_intakes(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """For the drift check: the public state of every session."""
    query = select(Intake).options(joinedload(Intake.meeting))
    for intake in session.scalars(query.execution_options(yield_per=500)):
        yield intake.ref, intake.public_payload()


def ideas_taken_at(session: Session, meeting: Meeting) -> list[Proposal]:
    """Proposals that clerks wrote down at a meeting and that are on the list, in their order."""
    query = (
        select(Proposal)
        .join(AssistedItem, AssistedItem.proposal_id == Proposal.id)
        .join(Intake, Intake.id == AssistedItem.intake_id)
        .where(Intake.meeting_id == meeting.id, AssistedItem.state == ItemState.ENTERED)
    )
    return list(session.scalars(query.order_by(Proposal.number, Proposal.id).limit(MOST_IDEAS)))


def live_items(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """For the drift check: the public state of every item."""
    query = select(AssistedItem).options(joinedload(AssistedItem.intake), joinedload(AssistedItem.proposal))
    for item in session.scalars(query.execution_options(yield_per=500)):
        yield item.ref, item.public_payload()
