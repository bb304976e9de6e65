"""Reading the action plan."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload, undefer

from ..accounts.models import Account
from ..deliberation.models import Comment, CommentState, Thread, Voice
from ..inventory.models import InventoryItem, ItemState
from ..kernel.decision import require
from ..kernel.errors import NotFound
from ..kernel.identity import Actor
from ..moderation.models import Standing
from ..partners.models import PartnerCity, PartnerState
from ..processes.models import Process
from ..proposals.models import Outcome, Proposal, ProposalState
from ..resources.models import Resource, ResourceKind
from . import policies
from .models import (
    Initiative,
    InitiativeCost,
    InitiativePartner,
    InitiativeSource,
    InitiativeState,
    InitiativeUse,
    Plan,
    PlanVersion,
)
from .versions import payload_of

TAKEN = (Outcome.ADOPTED, Outcome.PARTLY_ADOPTED)
"""Answers after which a proposal belongs into the plan."""
PAGE = 40
LARGEST_NUMBER = 2**31 - 1
WHOLE = (
    selectinload(Initiative.sources).joinedload(InitiativeSource.proposal),
    selectinload(Initiative.uses).joinedload(InitiativeUse.item),
    selectinload(Initiative.partners).joinedload(InitiativePartner.organisation),
    selectinload(Initiative.partners).joinedload(InitiativePartner.city),
    selectinload(Initiative.costs),
    selectinload(Initiative.indicators),
)
"""Everything that ``Initiative.public_payload`` needs: five queries, however many initiatives."""


def plan_of(session: Session, process: Process) -> Plan | None:
    """The plan of a process, whoever asks, with ``process`` loaded; None before it was begun."""
    return session.scalar(_plans(process))


def get_plan(session: Session, process: Process, *, actor: Actor, now: datetime) -> Plan:
    """Raises NotFound when there is none, or none that the actor may know of."""
    plan = plan_of(session, process)
    if plan is None:
        raise NotFound()
    require(policies.can_view_plan(actor, plan, now=now))
    return plan


def plan_to_change(session: Session, process: Process) -> Plan:
    """As plan_of, locked until the unit of work ends. Raises NotFound."""
    plan = session.scalar(_plans(process).with_for_update(of=Plan))
    if plan is None:
        raise NotFound()
    return plan


def initiatives_of(session: Session, plan: Plan, *, with_dropped: bool = False) -> Sequence[Initiative]:
    """In the order of the plan, with every part loaded."""
    query = select(Initiative).where(Initiative.plan_id == plan.id).order_by(Initiative.place, Initiative.number)
    if not with_dropped:
        query = query.where(Initiative.status == InitiativeState.PLANNED)
    return list(session.scalars(query.options(joinedload(Initiative.plan).joinedload(Plan.process), *WHOLE)))


def titles_of(session: Session, plan: Plan, *, with_dropped: bool = False) -> dict[str, dict[str, str]]:
    """By public id, in the order of the plan."""
    query = select(Initiative.public_id, Initiative.title).where(Initiative.plan_id == plan.id)
    query = query.order_by(Initiative.place, Initiative.number)
    if not with_dropped:
        query = query.where(Initiative.status == InitiativeState.PLANNED)
    return {row[0]: row[1] for row in session.execute(query)}


def _plans(process: Process) -> Select[Plan]:
    return select(Plan).where(Plan.process_id == process.id).options(joinedload(Plan.process))


def get_initiative(session: Session, process: Process, public_id: str, *, actor: Actor, now: datetime) -> Initiative:
    """With the plan and every part. Raises NotFound when there is none, or none that the actor may know of."""
    found = session.scalar(_one(process, public_id))
    if found is None:
        raise NotFound()
    require(policies.can_view_plan(actor, found.plan, now=now))
    return found


def initiative_to_change(session: Session, process: Process, public_id: str) -> Initiative:
    """As get_initiative whoever asks; it and the plan are locked until the unit of work ends."""
    plan_to_change(session, process)
    found = session.scalar(_one(process, public_id).with_for_update(of=Initiative))
    if found is None:
        raise NotFound()
    return found


def _one(process: Process, public_id: str) -> Select[Initiative]:
    query = select(Initiative).join(Plan).where(Plan.process_id == process.id, Initiative.public_id == public_id)
    return query.options(joinedload(Initiative.plan).joinedload(Plan.process), *WHOLE)


def last_numbers(session: Session, plan: Plan) -> tuple[int, int]:
    """The highest number and the last place of the plan's initiatives; 0 and 0 without any."""
    row = session.execute(
        select(func.max(Initiative.number), func.max(Initiative.place)).where(Initiative.plan_id == plan.id)
    ).one()
    return row[0] or 0, row[1] or 0


def has_costs(session: Session, plan: Plan) -> bool:
    """Whether amounts stand in the plan already, which a new currency or calendar would make wrong."""
    costs = exists().where(InitiativeCost.initiative_id == Initiative.id, Initiative.plan_id == plan.id)
    return bool(session.scalar(select(costs)))


def kinds_provided(session: Session, plan: Plan) -> set[ResourceKind]:
    """Of people and money, what is written down for the plan in its years and its currency."""
    query = select(Resource.kind).where(Resource.process_id == plan.process_id, Resource.is_void.is_(False))
    return set(session.scalars(query.distinct()))


@dataclass(frozen=True, slots=True)
class Unplanned:
    """Adopted proposals that no initiative is made from, by number. ``after``: the number to go on from, or None."""

    proposals: list[Proposal]
    count: int
    after: int | None


def unplanned(session: Session, process: Process, *, after: int = 0, limit: int = PAGE) -> Unplanned:
    """The work list: what the city has promised and its plan does not name yet; a dropped initiative names nothing."""
    waiting = _adopted(process).where(~_in_plan())
    count = session.scalar(select(func.count()).select_from(waiting.subquery())) or 0
    query = waiting.where(Proposal.number > after).order_by(Proposal.number).limit(limit + 1)
    found = list(session.scalars(query.options(joinedload(Proposal.organisation))))
    return Unplanned(found[:limit], count, found[limit - 1].number if len(found) > limit else None)


def count_adopted(session: Session, process: Process) -> int:
    return session.scalar(select(func.count()).select_from(_adopted(process).subquery())) or 0


def adopted_by_ids(session: Session, process: Process, public_ids: Collection[str]) -> dict[str, Proposal]:
    """Those of these proposals that the city has adopted, wholly or in part, by public id and in order of number."""
    query = _adopted(process).where(Proposal.public_id.in_(list(public_ids))).order_by(Proposal.number)
    return {found.public_id: found for found in session.scalars(query.options(joinedload(Proposal.organisation)))}


def adopted_by_numbers(session: Session, process: Process, numbers: Collection[int]) -> dict[int, Proposal]:
    """As adopted_by_ids, by the number that people see."""
    query = _adopted(process).where(Proposal.number.in_(list(numbers))).order_by(Proposal.number)
    return {found.number or 0: found for found in session.scalars(query.options(joinedload(Proposal.organisation)))}


def _adopted(process: Process) -> Select[Proposal]:
    return select(Proposal).where(
        Proposal.process_id == process.id,
        Proposal.status == ProposalState.ANSWERED,
        Proposal.outcome.in_(TAKEN),
        Proposal.standing == Standing.SHOWN,
    )


def _in_plan() -> Any:
    return exists().where(
        InitiativeSource.proposal_id == Proposal.id,
        InitiativeSource.initiative_id == Initiative.id,
        Initiative.status == InitiativeState.PLANNED,
    )


def cities_of(session: Session, process: Process) -> list[PartnerCity]:
    """Partner cities that an initiative may name, by name."""
    query = select(PartnerCity).where(PartnerCity.process_id == process.id, PartnerCity.status != PartnerState.ENDED)
    return list(session.scalars(query.order_by(PartnerCity.name, PartnerCity.id)))


def live_plans(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every plan that the log knows the state of, for the drift check."""
    query = select(Plan).where(Plan.published_at.is_not(None)).order_by(Plan.id)
    for plan in session.scalars(query):
        yield plan.ref, plan.public_payload()


def live_initiatives(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every initiative of a public plan, dropped ones too."""
    query = select(Initiative).join(Plan).where(Plan.published_at.is_not(None)).order_by(Initiative.id)
    for initiative in session.scalars(query.options(*WHOLE)):
        yield initiative.ref, initiative.public_payload()


def resources_of(session: Session, process: Process) -> list[Resource]:
    """People and money that count, year by year."""
    query = select(Resource).where(Resource.process_id == process.id, Resource.is_void.is_(False))
    return list(session.scalars(query.order_by(Resource.year, Resource.id)))


def listed_items(session: Session, process: Process) -> list[InventoryItem]:
    """Needs and assets on the list, in the order they came."""
    query = select(InventoryItem).where(
        InventoryItem.process_id == process.id, InventoryItem.status == ItemState.LISTED
    )
    return list(session.scalars(query.order_by(InventoryItem.id)))


def versions_of(session: Session, plan: Plan) -> list[PlanVersion]:
    """Every version, the first first, without what it holds."""
    query = select(PlanVersion).where(PlanVersion.plan_id == plan.id).options(joinedload(PlanVersion.plan))
    return list(session.scalars(query.order_by(PlanVersion.number)))


def get_version(session: Session, plan: Plan, number: int) -> PlanVersion:
    """With what it holds. Raises NotFound."""
    if number > LARGEST_NUMBER:
        raise NotFound()
    query = select(PlanVersion).where(PlanVersion.plan_id == plan.id, PlanVersion.number == number)
    found = session.scalar(query.options(undefer(PlanVersion.content), joinedload(PlanVersion.plan)))
    if found is None:
        raise NotFound()
    return found


def last_version(session: Session, plan: Plan) -> int:
    return session.scalar(select(func.max(PlanVersion.number)).where(PlanVersion.plan_id == plan.id)) or 0


def official_name(session: Session, actor: Actor) -> str:
    """Name and function of who acts for the city; empty for the system."""
    account = session.get(Account, actor.account_id) if actor.account_id is not None else None
    return account.official_name if account is not None else ""


def count_unanswered(session: Session, plan: Plan, initiatives: Sequence[Initiative]) -> int:
    """Comments on the draft that people see, not the city's own, without a reply of the city."""
    reply = aliased(Comment)
    answered = exists().where(
        reply.parent_id == Comment.id, reply.voice == Voice.CITY, reply.status == CommentState.POSTED
    )
    query = (
        select(func.count())
        .select_from(Comment)
        .join(Thread, Thread.id == Comment.thread_id)
        .where(
            Thread.subject.in_([plan.ref, *(each.ref for each in initiatives)]),
            Comment.parent_id.is_(None),
            Comment.status == CommentState.POSTED,
            Comment.standing == Standing.SHOWN,
            Comment.voice != Voice.CITY,
            ~answered,
        )
    )
    return session.scalar(query) or 0


def plan_to_discuss(session: Session, public_id: str) -> Plan | None:
    """The plan with its process and phases."""
    process = joinedload(Plan.process).selectinload(Process.phases)
    return session.scalar(select(Plan).where(Plan.public_id == public_id).options(process))


def initiative_to_discuss(session: Session, public_id: str) -> Initiative | None:
    """The initiative with its plan, process and phases."""
    process = joinedload(Initiative.plan).joinedload(Plan.process).selectinload(Process.phases)
    return session.scalar(select(Initiative).where(Initiative.public_id == public_id).options(process))


def live_versions(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every version with the hash of what it holds now, for the drift check; with both where the row says another."""
    query = select(PlanVersion).options(undefer(PlanVersion.content), joinedload(PlanVersion.plan))
    for version in session.scalars(query.order_by(PlanVersion.id)):
        payload = payload_of(version)
        if version.sha256 != payload["sha256"]:
            payload["sha256"] += f", shown as {version.sha256}"
        yield version.ref, payload
