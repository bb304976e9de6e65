"""What facts are counted from: everything that a process, its plan and its record hold, read in a fixed number of
queries whatever the size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session, selectinload

from ...audit.reading import head
from ...deliberation.models import Comment, CommentState, Voice
from ...inventory.models import InventoryItem, ItemState
from ...meetings.models import Meeting, MeetingState
from ...moderation.models import Standing
from ...outreach.models import Activity
from ...partners.models import PartnerCity
from ...plan.queries import initiatives_of, plan_of
from ...processes.models import Process
from ...proposals.models import Dissent, Proposal, ProposalState
from ...proposals.queries import counts_by_tag
from ...representation.queries import population_of, presence
from ...resources.models import Body, Resource
from ...vocabularies.uccn import BENEFICIARIES
from ...voting.models import RollEntry, Vote, VoteState
from ..ground import Ground

HELD = (MeetingState.HELD, MeetingState.MINUTES_DRAFT, MeetingState.MINUTES_FINAL)
SENT = (ProposalState.SUBMITTED, ProposalState.ANSWERED)


def ground_of(session: Session, process: Process, *, now: datetime, url: str) -> Ground:
    """``url``: address of the record. The process needs nothing loaded."""
    plan = plan_of(session, process)
    mine = PartnerCity.process_id == process.id
    return Ground(
        process=process,
        now=now,
        presence=presence(session, process, now=now),
        city=_city(session, process),
        proposals=_proposals(session, process),
        for_whom=counts_by_tag(session, process, [f"for:{code}" for code in BENEFICIARIES]),
        comments=_comments(session, process),
        meetings=_meetings(session, process),
        votes=_votes(session, process),
        votes_elsewhere=_votes_elsewhere(session, process),
        activities=_activities(session, process),
        dissents=_dissents(session, process),
        items=_items(session, process),
        plan=plan,
        initiatives=initiatives_of(session, plan) if plan is not None else [],
        resources=_resources(session, process),
        bodies=_bodies(session, process),
        cities=list(session.scalars(select(PartnerCity).where(mine).order_by(PartnerCity.id))),
        head=head(session.connection()),
        url=url,
    )


def _city(session: Session, process: Process) -> dict[str, float]:
    population = population_of(session, process)
    if population is None:
        return {}
    people = {group: count for group, count in population.census.margins().items() if "&" not in group}
    found = {}
    for wanted, kind in (("sex:female", "sex:"), ("age:under_30", "age:")):
        whole = sum(count for group, count in people.items() if group.startswith(kind))
        if whole and wanted in people:
            found[wanted] = people[wanted] / whole
    return found


def _proposals(session: Session, process: Process) -> Counter[tuple[str, str]]:
    """What was made by merging or splitting is counted as what went in. What has no author and never had one was taken
    over from elsewhere; an author who was erased is still known by number."""
    taken = and_(Proposal.author_id.is_(None), Proposal.organisation_id.is_(None)).label("taken")
    query = select(Proposal.sector, Proposal.outcome, taken, func.count()).where(
        Proposal.process_id == process.id,
        Proposal.status.in_(SENT),
        Proposal.origin.is_(None),
        Proposal.standing.not_in((Standing.HELD, Standing.HIDDEN)),
    )
    found: Counter[tuple[str, str]] = Counter()
    for sector, outcome, is_taken, number in session.execute(query.group_by(Proposal.sector, Proposal.outcome, taken)):
        who = "elsewhere" if is_taken else sector.value if sector else "resident"
        found[who, outcome.value if outcome else "unanswered"] += number
    return found


def _comments(session: Session, process: Process) -> Counter[str]:
    shown = (Comment.status == CommentState.POSTED, Comment.standing == Standing.SHOWN, Comment.voice != Voice.CITY)
    query = select(Comment.voice, func.count()).where(Comment.process_id == process.id, *shown)
    return Counter({voice.value: number for voice, number in session.execute(query.group_by(Comment.voice))})


def _meetings(session: Session, process: Process) -> Sequence[Meeting]:
    query = select(Meeting).where(Meeting.process_id == process.id, Meeting.status.in_(HELD))
    return list(session.scalars(query.order_by(Meeting.starts_at, Meeting.id)))


def _votes(session: Session, process: Process) -> Sequence[Vote]:
    query = select(Vote).where(Vote.process_id == process.id, Vote.status == VoteState.CLOSED)
    return list(session.scalars(query.where(Vote.result.is_not(None)).order_by(Vote.id)))


def _votes_elsewhere(session: Session, process: Process) -> frozenset[int]:
    """An imported vote has ballots and nobody on its roll."""
    nobody = ~exists().where(RollEntry.vote_id == Vote.id)
    query = select(Vote.id).where(Vote.process_id == process.id, Vote.roll_size > 0, nobody)
    return frozenset(session.scalars(query))


def _activities(session: Session, process: Process) -> int:
    standing = (Activity.is_current.is_(True), Activity.is_void.is_(False))
    query = select(func.count()).select_from(Activity).where(Activity.process_id == process.id, *standing)
    return session.scalar(query) or 0


def _dissents(session: Session, process: Process) -> int:
    query = select(func.count()).select_from(Dissent).where(Dissent.process_id == process.id)
    return session.scalar(query.where(Dissent.withdrawn_at.is_(None), Dissent.standing == Standing.SHOWN)) or 0


def _items(session: Session, process: Process) -> Counter[str]:
    query = select(InventoryItem.kind, func.count()).where(
        InventoryItem.process_id == process.id, InventoryItem.status == ItemState.LISTED
    )
    return Counter({kind.value: number for kind, number in session.execute(query.group_by(InventoryItem.kind))})


def _resources(session: Session, process: Process) -> Sequence[Resource]:
    query = select(Resource).where(Resource.process_id == process.id, Resource.is_void.is_(False))
    return list(session.scalars(query.order_by(Resource.year, Resource.id)))


def _bodies(session: Session, process: Process) -> Sequence[Body]:
    query = select(Body).where(Body.process_id == process.id, Body.until.is_(None)).order_by(Body.id)
    return list(session.scalars(query.options(selectinload(Body.members))))
