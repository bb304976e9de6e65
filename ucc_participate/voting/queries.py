"""Every select of votes, rolls and ballots."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, tuple_, type_coerce
from sqlalchemy.orm import Session, aliased, selectinload
from sqlalchemy.types import NullType

from ..accounts.models import Account, Profile
from ..audit.models import LogEntry, LogOpening
from ..audit.queries import last_states, visible_fields
from ..documents.models import Document
from ..documents.queries import documents_by_subject
from ..eligibility import queries as eligibility
from ..kernel.clock import from_utc_text
from ..kernel.decision import require
from ..kernel.errors import NotFound
from ..kernel.events import AuditEvent
from ..kernel.i18n import site_day
from ..kernel.identity import Actor
from ..moderation.models import Standing
from ..outreach.models import NewsKind
from ..outreach.news import WINDOW, News
from ..processes.models import Invitation, InvitationState, Process
from ..proposals.models import Proposal
from ..stakeholders.models import Organisation
from ..stakeholders.queries import current_delegates, delegates_of
from ..vocabularies.uccn import Sector
from . import policies
from .events import BallotsEvent
from .models import (
    Ballot,
    BallotConfirmation,
    BallotDraft,
    BallotLink,
    BallotProposal,
    Channel,
    Franchise,
    OpenBallot,
    RollEntry,
    Vote,
    VoteAnalysis,
    VoteOption,
    VoteState,
)
from .packing import open_marks
from .result import sha256_of
from .sectors import JOINT

CHUNK = 5_000
BLOCK = 50_000
SOON = timedelta(hours=48)
"""A vote that closes within this time is about to close."""


def list_votes(session: Session, process: Process) -> list[Vote]:
    """The votes of a process in order of opening, with their options."""
    query = select(Vote).where(Vote.process_id == process.id).order_by(Vote.opens_at, Vote.id)
    return list(session.scalars(query.options(selectinload(Vote.options))))


def votes_of_delegate(session: Session, public_ids: Collection[str], now: datetime) -> list[Vote]:
    """The votes that take ballots of any of these organisations now, with options and process, the first to close
    first."""
    on_roll = select(RollEntry.vote_id).join(Organisation, Organisation.id == RollEntry.organisation_id)
    on_roll = on_roll.where(Organisation.public_id.in_(public_ids))
    query = select(Vote).where(Vote.id.in_(on_roll), _takes_ballots(now)).order_by(Vote.closes_at, Vote.id)
    return list(session.scalars(query.options(selectinload(Vote.options), selectinload(Vote.process))))


def process_in_vote(now: datetime) -> Select[str]:
    """Public id of the process in which a vote is open, the first to close where there are several; as a query."""
    query = select(Process.public_id).join(Vote, Vote.process_id == Process.id).where(_takes_ballots(now))
    return query.order_by(Vote.closes_at, Vote.id).limit(1)


def with_votes(session: Session, processes: Sequence[Process], now: datetime) -> tuple[set[int], set[int]]:
    """Which of these processes (ids) have a vote open now, and which a result to read."""
    is_open, has_result = _takes_ballots(now), Vote.tallied_at.is_not(None) | Vote.result.is_not(None)
    mine = Vote.process_id.in_([process.id for process in processes])
    rows = session.execute(select(Vote.process_id, is_open.label("open")).where(mine, or_(is_open, has_result))).all()
    return {row.process_id for row in rows if row.open}, {row.process_id for row in rows if not row.open}


def _takes_ballots(now: datetime) -> ColumnElement[bool]:
    """SQL of Vote.takes_ballots."""
    return and_(Vote.status == VoteState.OPEN, Vote.opens_at <= now, Vote.closes_at > now)


def get_vote(session: Session, public_id: str) -> Vote:
    """The vote with options, process and its phases. Raises NotFound."""
    vote = session.scalars(with_all(select(Vote).where(Vote.public_id == public_id))).one_or_none()
    if vote is None:
        raise NotFound
    return vote


def vote_by_ref(session: Session, ref: str) -> Vote | None:
    """The vote that the log calls so, with its process; None when it is not there."""
    query = select(Vote).where(Vote.public_id == ref.partition("/")[2])
    return session.scalar(query.options(selectinload(Vote.process)))


def vote_to_change(session: Session, public_id: str) -> Vote:
    """The vote, locked until the unit of work ends, with options, process and phases. Raises NotFound."""
    vote = session.scalars(
        with_all(select(Vote).where(Vote.public_id == public_id)).with_for_update(of=Vote)
    ).one_or_none()
    if vote is None:
        raise NotFound
    return vote


def vote_to_cast_in(session: Session, public_id: str) -> Vote:
    """The vote, held against closing while ballots are cast side by side. Raises NotFound."""
    query = (
        select(Vote).where(Vote.public_id == public_id).options(selectinload(Vote.options), selectinload(Vote.process))
    )
    vote = session.scalars(query.with_for_update(read=True, of=Vote)).one_or_none()
    if vote is None:
        raise NotFound
    return vote


def with_all(query: Select[Vote]) -> Select[Vote]:
    process = selectinload(Vote.process)
    return query.options(
        selectinload(Vote.options),
        process,
        process.selectinload(Process.phases),
        process.selectinload(Process.documents),
    )


def proposals_to_put_on_ballot(session: Session, process: Process, ids: Collection[int]) -> list[Proposal]:
    """Those of the named proposals that belong to the process, locked until the unit of work ends."""
    of_it = select(Proposal).where(Proposal.process_id == process.id, Proposal.id.in_(ids)).order_by(Proposal.id)
    return list(session.scalars(of_it.with_for_update(of=Proposal)))


def due_to_open(session: Session, now: datetime) -> list[str]:
    """Public ids of votes whose time has come and is not over."""
    due = (Vote.status == VoteState.ANNOUNCED, Vote.opens_at <= now, Vote.closes_at > now)
    return list(session.scalars(select(Vote.public_id).where(*due)))


def due_to_tally(session: Session) -> list[str]:
    """Public ids of closed votes without a result that wait for nothing, as when a server died or a box came in."""
    query = select(Vote).where(Vote.status == VoteState.CLOSED, Vote.tallied_at.is_(None), Vote.result.is_(None))
    return [vote.public_id for vote in session.scalars(query) if not vote.must_wait()]


def due_to_close(session: Session, now: datetime) -> list[str]:
    return list(session.scalars(select(Vote.public_id).where(Vote.status == VoteState.OPEN, Vote.closes_at <= now)))


def with_pending_ballots(session: Session, least: int) -> list[str]:
    """Public ids of open votes with at least so many standing ballots whose commitments are not in the log yet."""
    pending = (
        select(Vote.public_id)
        .join(Ballot, Ballot.vote_id == Vote.id)
        .where(Vote.status == VoteState.OPEN, ~Ballot.is_batched, ~Ballot.is_superseded)
        .group_by(Vote.public_id)
        .having(func.count() >= least)
    )
    return list(session.scalars(pending))


def eligible_accounts(session: Session, process: Process, *, now: datetime) -> list[tuple[int, str | None]]:
    """Every account that may vote in the process, with the sector that its person named, if any."""
    known = {row.account_id: row.sector for row in session.execute(select(Profile.account_id, Profile.sector))}
    return [(person, known.get(person)) for person in eligibility.eligible_accounts(session, process, now=now)]


def eligible_organisations(session: Session, process: Process) -> list[Organisation]:
    """Every organisation that was invited to the process and has not declined; of merged entries the survivor."""
    query = (
        select(Organisation)
        .join(Invitation, Invitation.organisation_id == Organisation.id)
        .where(Invitation.process_id == process.id, Invitation.status != InvitationState.DECLINED)
        .where(Organisation.merged_into_id.is_(None))
    )
    return list(session.scalars(query.order_by(Organisation.id)))


def has_voters(session: Session, vote: Vote, *, now: datetime) -> bool:
    """Whether anybody could be put on the roll now."""
    if vote.franchise is Franchise.INDIVIDUAL:
        return bool(eligibility.eligible_accounts(session, vote.process, now=now))
    return bool(eligible_organisations(session, vote.process))


def count_voters(session: Session, process: Process, franchise: Franchise, *, now: datetime) -> int:
    """How many would be on a roll that was frozen now."""
    if franchise is Franchise.INDIVIDUAL:
        return len(eligibility.eligible_accounts(session, process, now=now))
    return len(eligible_organisations(session, process))


def groups_of_proposers(session: Session, proposal_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """Of proposals of organisations whether these are groups of women or of young people (``women``, ``youth``)."""
    query = select(Proposal.id, Organisation).join(Organisation, Organisation.id == Proposal.organisation_id)
    found = {}
    for proposal_id, organisation in session.execute(query.where(Proposal.id.in_(proposal_ids))):
        flags = {"women": organisation.is_womens_group, "youth": organisation.is_youth_group}
        found[proposal_id] = frozenset(group for group, belongs in flags.items() if belongs)
    return found


def weights_by_size(session: Session, process: Process, sizes: Mapping[str, int]) -> dict[str, int]:
    """Of the organisations that are invited now those with a weight other than 1, by ref."""
    found = eligible_organisations(session, process)
    weights = {each.ref: sizes.get(each.size.value, 1) for each in found if each.size is not None}
    return {ref: weight for ref, weight in weights.items() if weight != 1}


def roll_entry_of(session: Session, vote: Vote, *, account_id: int) -> RollEntry | None:
    return session.scalars(
        select(RollEntry).where(RollEntry.vote_id == vote.id, RollEntry.account_id == account_id)
    ).one_or_none()


def roll_entry_to_use(session: Session, vote: Vote, **owner: int) -> RollEntry | None:
    """The slot of ``account_id=`` or ``organisation_id=``, locked; None too for whoever was taken off the roll."""
    mine = select(RollEntry).filter_by(vote_id=vote.id, **owner).where(RollEntry.struck_at.is_(None))
    return session.scalars(mine.with_for_update()).one_or_none()


def slot_to_use(session: Session, vote: Vote, slot: int) -> RollEntry:
    """The slot of this number, locked. Raises NotFound."""
    query = select(RollEntry).where(RollEntry.vote_id == vote.id, RollEntry.slot == slot).with_for_update()
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def is_on_roll_by_list(session: Session, vote: Vote, *, account_id: int) -> bool:
    """Whether the account has proved who it is by a line of the city's list that has a slot of its own."""
    used = eligibility.used_by(session, account_id)
    return (
        session.scalar(select(RollEntry.id).where(RollEntry.vote_id == vote.id, RollEntry.line.in_(used))) is not None
    )


def lines_on_roll(session: Session, vote: Vote) -> set[str]:
    """Digests of the lines of the city's lists that have a slot."""
    rows = select(RollEntry.line).where(RollEntry.vote_id == vote.id, RollEntry.line.is_not(None))
    return {line for line in session.scalars(rows) if line is not None}


def slots_on_paper(session: Session, vote: Vote) -> int:
    """How many slots got a paper ballot."""
    mine = (RollEntry.vote_id == vote.id, RollEntry.has_voted, RollEntry.channel == Channel.PAPER)
    return session.scalar(select(func.count()).where(*mine)) or 0


def papers_entered(session: Session, vote: Vote) -> int:
    """How many paper ballots lie among the others."""
    mine = (Ballot.vote_id == vote.id, Ballot.channel == Channel.PAPER.value)
    return session.scalar(select(func.count()).select_from(Ballot).where(*mine)) or 0


def link_to_change(session: Session, entry: RollEntry) -> BallotLink | None:
    return session.scalars(
        select(BallotLink).where(BallotLink.roll_entry_id == entry.id).with_for_update()
    ).one_or_none()


def current_ballot(session: Session, entry: RollEntry) -> Ballot | None:
    """The voter's own ballot while the vote is open; after closing nobody can find it any more."""
    return session.scalars(
        select(Ballot).join(BallotLink, BallotLink.ballot_key == Ballot.key).where(BallotLink.roll_entry_id == entry.id)
    ).one_or_none()


def statement_subject(vote: Vote, organisation: Organisation) -> str:
    """Under which name its signed statement is kept, and told of in the log."""
    return f"{vote.ref}/{organisation.ref}"


def statements_of(session: Session, vote: Vote, organisations: Iterable[Organisation]) -> dict[str, Document]:
    """The signed statements about ballots that count, by the public id of their organisation."""
    named = {statement_subject(vote, each): each.public_id for each in organisations}
    found = documents_by_subject(session, named)
    return {named[subject]: documents[-1] for subject, documents in found.items() if documents}


def draft_of(session: Session, roll_entry_id: int, account_id: int | None) -> BallotDraft | None:
    """What this account has ticked for this slot and not cast."""
    return session.get(BallotDraft, (roll_entry_id, account_id)) if account_id is not None else None


@dataclass(frozen=True, slots=True)
class About:
    """What a proposal says of itself beside its line on the ballot. ``picture``: the public id of its first one."""

    public_id: str
    summary: str
    place: str | None
    picture: str | None
    alt: str


def about_options(session: Session, vote: Vote) -> dict[str, About]:
    """By option code, of those whose proposals everybody may read; in one query."""
    codes = {option.proposal_id: option.code for option in vote.options if option.proposal_id is not None}
    columns = (Proposal.id, Proposal.public_id, Proposal.summary, Proposal.place, Proposal.attachments)
    shown = (Proposal.id.in_(codes), Proposal.standing == Standing.SHOWN)
    found = session.execute(select(*columns).where(*shown)).all() if codes else []
    return {codes[row.id]: _about(row) for row in found}


def _about(row: Any) -> About:
    pictures = [one for one in row.attachments or () if one.get("thumb")]
    first = pictures[0] if pictures else {}
    return About(row.public_id, row.summary, row.place, first.get("document"), first.get("alt") or "")


def drafts_by(session: Session, account: Account) -> list[tuple[Vote, BallotDraft]]:
    """What the account has ticked and not cast, with the vote's options."""
    query = select(Vote, BallotDraft).join(RollEntry, RollEntry.vote_id == Vote.id)
    query = query.join(BallotDraft, BallotDraft.roll_entry_id == RollEntry.id)
    query = query.where(BallotDraft.account_id == account.id).options(selectinload(Vote.options)).order_by(Vote.id)
    return [(row.Vote, row.BallotDraft) for row in session.execute(query)]


@dataclass(frozen=True, slots=True)
class OwnStanding:
    """Whether a ballot that the reader may cast counts, in a vote that is open now."""

    process_id: str
    public_id: str
    title: dict[str, str]
    closes_at: datetime
    is_counted: bool
    has_draft: bool


def own_standings(session: Session, actor: Actor, now: datetime) -> list[OwnStanding]:
    """One line for each open vote on whose roll the reader or an organisation of theirs stands, the uncounted and then
    the first to close first. One query, by the index of the roll."""
    if actor.account_id is None:
        return []
    mine = RollEntry.account_id == actor.account_id
    if actor.delegations:
        spoken_for = select(Organisation.id).where(Organisation.public_id.in_(actor.delegations))
        mine |= RollEntry.organisation_id.in_(spoken_for)
    kept = and_(BallotDraft.roll_entry_id == RollEntry.id, BallotDraft.account_id == actor.account_id)
    counted = func.min(case((RollEntry.has_voted, 1), else_=0))
    query = (
        select(Vote.public_id, Process.public_id, Vote.title, Vote.closes_at, counted, func.count(BallotDraft.stamp))
        .join(RollEntry, RollEntry.vote_id == Vote.id)
        .join(Process, Process.id == Vote.process_id)
        .outerjoin(BallotDraft, kept)
        .where(_takes_ballots(now), mine, RollEntry.struck_at.is_(None))
        .group_by(Vote.id, Process.id)
    )
    found = [
        OwnStanding(process, vote, title, closes_at, bool(is_counted), bool(drafts))
        for vote, process, title, closes_at, is_counted, drafts in session.execute(query)
    ]
    return sorted(found, key=lambda each: (each.is_counted and not each.has_draft, each.closes_at, each.public_id))


def open_ballot_of(session: Session, vote: Vote, organisation: Organisation) -> OpenBallot | None:
    return session.scalars(
        select(OpenBallot).where(OpenBallot.vote_id == vote.id, OpenBallot.organisation_id == organisation.id)
    ).one_or_none()


def ballot_proposal_of(session: Session, vote: Vote, organisation: Organisation) -> BallotProposal | None:
    """The organisation's ballot that waits for agreement, with who agreed; its slot's lock guards it."""
    query = select(BallotProposal).where(
        BallotProposal.vote_id == vote.id, BallotProposal.organisation_id == organisation.id
    )
    return session.scalars(query.options(selectinload(BallotProposal.confirmations))).one_or_none()


def waiting_ballots(session: Session, vote: Vote) -> list[tuple[BallotProposal, RollEntry, Organisation]]:
    """Every ballot of the vote that waits for agreement."""
    same = (RollEntry.vote_id == BallotProposal.vote_id) & (RollEntry.organisation_id == BallotProposal.organisation_id)
    query = (
        select(BallotProposal, RollEntry, Organisation)
        .join(RollEntry, same)
        .join(Organisation, Organisation.id == BallotProposal.organisation_id)
        .where(BallotProposal.vote_id == vote.id)
        .options(selectinload(BallotProposal.confirmations))
        .order_by(RollEntry.slot)
    )
    return [(row.BallotProposal, row.RollEntry, row.Organisation) for row in session.execute(query)]


def agreements_of(session: Session, account: Account) -> list[tuple[Vote, Organisation, BallotConfirmation]]:
    """Where the account has agreed with a ballot that waits; the votes with their process."""
    query = (
        select(Vote, Organisation, BallotConfirmation)
        .join(BallotProposal, BallotProposal.vote_id == Vote.id)
        .join(Organisation, Organisation.id == BallotProposal.organisation_id)
        .join(BallotConfirmation, BallotConfirmation.proposal_id == BallotProposal.id)
        .where(BallotConfirmation.account_id == account.id)
        .options(selectinload(Vote.process))
        .order_by(Vote.id, Organisation.id)
    )
    return [(row.Vote, row.Organisation, row.BallotConfirmation) for row in session.execute(query)]


def cast_by(session: Session, account: Account) -> list[tuple[Vote, Organisation, OpenBallot]]:
    """The ballots of organisations that count and that the account was the last to cast."""
    query = (
        select(Vote, Organisation, OpenBallot)
        .join(OpenBallot, OpenBallot.vote_id == Vote.id)
        .join(Organisation, Organisation.id == OpenBallot.organisation_id)
        .where(OpenBallot.delegate_account_id == account.id)
        .order_by(Vote.id, Organisation.id)
    )
    return [(row.Vote, row.Organisation, row.OpenBallot) for row in session.execute(query)]


@dataclass(frozen=True, slots=True)
class Seats:
    """An organisation on the roll: its slot, its ballot that counts, the one that waits (with who agreed), and who may
    act for it now (account id → the name they show)."""

    organisation: Organisation
    entry: RollEntry
    ballot: OpenBallot | None
    waiting: BallotProposal | None
    delegates: dict[int, str]


def seats_of(session: Session, vote: Vote, public_ids: Collection[str], now: datetime) -> list[Seats]:
    """The named organisations that are on the roll, in the order of the register. What waits is for their delegates
    alone: ask for the organisations that the actor speaks for."""
    ballot = (OpenBallot.vote_id == RollEntry.vote_id) & (OpenBallot.organisation_id == RollEntry.organisation_id)
    waiting = (BallotProposal.vote_id == RollEntry.vote_id) & (
        BallotProposal.organisation_id == RollEntry.organisation_id
    )
    query = (
        select(Organisation, RollEntry, OpenBallot, BallotProposal)
        .join(RollEntry, RollEntry.organisation_id == Organisation.id)
        .outerjoin(OpenBallot, ballot)
        .outerjoin(BallotProposal, waiting)
        .where(RollEntry.vote_id == vote.id, Organisation.public_id.in_(public_ids))
        .options(selectinload(BallotProposal.confirmations))
        .order_by(Organisation.sort_key, Organisation.id)
    )
    rows = session.execute(query).all()
    delegates = current_delegates(session, [row.Organisation.id for row in rows], now=now, today=site_day(now))
    return [Seats(*row, delegates[row.Organisation.id]) for row in rows]


def delegates_now(session: Session, organisation: Organisation, now: datetime) -> dict[int, str]:
    """Who may act for the organisation at this moment: account id → the name they show."""
    return current_delegates(session, [organisation.id], now=now, today=site_day(now))[organisation.id]


def lapsed_organisations(session: Session, vote: Vote) -> list[Organisation]:
    """Those that did not vote because their delegates had not agreed on a ballot when the vote closed."""
    query = select(Organisation).join(RollEntry, RollEntry.organisation_id == Organisation.id)
    query = query.where(RollEntry.vote_id == vote.id, RollEntry.has_lapsed)
    return list(session.scalars(query.order_by(Organisation.sort_key, Organisation.id)))


def ballots_by_name(
    session: Session, vote: Vote, *, after: str | None, limit: int, actor: Actor, now: datetime
) -> list[tuple[Organisation, RollEntry, OpenBallot | None]]:
    """The organisations on the roll, in the order of the register, beyond ``after`` (public id), each with its ballot.
    Raises Conflict while they are sealed."""
    require(policies.can_see_result(actor, vote, now=now))
    ballot = (OpenBallot.vote_id == RollEntry.vote_id) & (OpenBallot.organisation_id == RollEntry.organisation_id)
    query = (
        select(Organisation, RollEntry, OpenBallot)
        .join(RollEntry, RollEntry.organisation_id == Organisation.id)
        .outerjoin(OpenBallot, ballot)
        .where(RollEntry.vote_id == vote.id)
        .order_by(Organisation.sort_key, Organisation.id)
        .limit(limit)
    )
    if after is not None:
        seen = aliased(Organisation)
        last = select(seen.sort_key, seen.id).where(seen.public_id == after).scalar_subquery()
        query = query.where(tuple_(Organisation.sort_key, Organisation.id) > last)
    return [(row.Organisation, row.RollEntry, row.OpenBallot) for row in session.execute(query)]


def last_slot(session: Session, vote: Vote) -> int:
    return session.scalar(select(func.max(RollEntry.slot)).where(RollEntry.vote_id == vote.id)) or 0


def organisation_on_roll(session: Session, vote: Vote, public_id: str) -> Organisation:
    """Raises NotFound when the organisation has no slot in this vote."""
    query = (
        select(Organisation)
        .join(RollEntry, RollEntry.organisation_id == Organisation.id)
        .where(RollEntry.vote_id == vote.id, Organisation.public_id == public_id)
    )
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def turnout(session: Session, vote: Vote) -> tuple[int, int]:
    """(slots that have voted, slots): says nothing of what was voted for."""
    voted, size = session.execute(
        select(func.count().filter(RollEntry.has_voted), func.count()).where(RollEntry.vote_id == vote.id)
    ).one()
    return int(voted), int(size)


def used_slots(session: Session, vote: Vote, *, after: int = 0, limit: int) -> list[int]:
    """The slots that have voted, beyond ``after``: the list in which everybody who did not vote can look for theirs."""
    rows = select(RollEntry.slot).where(RollEntry.vote_id == vote.id, RollEntry.has_voted, RollEntry.slot > after)
    return list(session.scalars(rows.order_by(RollEntry.slot).limit(limit)))


def pending_commitments(
    session: Session, vote: Vote, *, is_superseded: bool | None = None, limit: int | None = None
) -> list[str]:
    """Sorted commitments that are not in the log yet: all, or those of standing or of replaced ballots alone."""
    rows = select(Ballot.commitment).where(Ballot.vote_id == vote.id, ~Ballot.is_batched).order_by(Ballot.commitment)
    if is_superseded is not None:
        rows = rows.where(Ballot.is_superseded == is_superseded)
    return list(session.scalars(rows.limit(limit)))


def standing_commitments(session: Session, vote: Vote) -> Iterator[str]:
    """Of all ballots that were not replaced, sorted; streamed."""
    mine = select(Ballot.commitment).where(Ballot.vote_id == vote.id, ~Ballot.is_superseded)
    return iter(session.scalars(mine.order_by(Ballot.commitment).execution_options(yield_per=CHUNK)))


def ballots_on_record(session: Session, vote: Vote) -> list[dict[str, Any]]:
    """Organisation, choices and, where the ballots have them, points, sorted by organisation."""
    found = [
        {"organisation": ballot.organisation, **open_marks(vote, ballot.choices, weight=1)}
        for ballot in open_ballots(session, vote)
    ]
    return sorted(found, key=lambda ballot: str(ballot["organisation"]))


def lot_secret(session: Session, vote: Vote) -> bytes:
    """The secret of the sealed lot, read for the draw alone."""
    return bytes(session.scalars(select(Vote.lot_secret).where(Vote.id == vote.id)).one() or b"")


def sector_of(session: Session, account_id: int) -> Sector | None:
    """What the person said of themselves."""
    return session.scalar(select(Profile.sector).where(Profile.account_id == account_id))


def group_of_sector(session: Session, vote: Vote, sector: Sector) -> str:
    """In which group of the frozen roll the ballots of this sector are counted."""
    groups = session.scalars(
        select(RollEntry.sector_group).where(RollEntry.vote_id == vote.id, RollEntry.sector_group.is_not(None))
    )
    return next((group for group in set(groups) if group and sector.value in group.split(JOINT)), sector.value)


def told_of(session: Session, vote: Vote, *kinds: AuditEvent) -> list[Told]:
    """What the log's own entries of the vote say, of these types, oldest first."""
    rows = (
        select(LogOpening, LogEntry.type, LogEntry.entry)
        .join(LogEntry, LogEntry.position == LogOpening.position)
        .where(LogEntry.subject == vote.ref, LogEntry.type.in_([str(kind) for kind in kinds]))
        .order_by(LogOpening.position)
    )
    return [
        Told(opening.position, kind, from_utc_text(json.loads(entry)["time"]), visible_fields(opening))
        for opening, kind, entry in session.execute(rows)
    ]


@dataclass(frozen=True, slots=True)
class Told:
    """An entry of a vote in the log."""

    position: int
    kind: str
    at: datetime
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class FoundBallot:
    """What can be told of a ballot to whoever holds its code.

    ``batch``: index of the entry that committed to it, None while it waits. After the count: ``line`` of the list of
    ballots (from 1), ``choices`` packed, or ``is_superseded`` where a later ballot took its place.
    """

    commitment: str
    batch: int | None
    batched_at: datetime | None
    line: int | None = None
    choices: bytes | None = None
    is_superseded: bool = False


def find_ballot(session: Session, vote: Vote, commitment: str, *, actor: Actor, now: datetime) -> FoundBallot | None:
    """The secret ballot with this code. Before the count nothing is told but the batch: not even whether it was
    replaced, so that nobody who was made to show a code has to answer for a later ballot."""
    ballot = session.scalars(
        select(Ballot).where(Ballot.vote_id == vote.id, Ballot.commitment == commitment)
    ).one_or_none()
    if ballot is None:
        return None
    batch, at = _batch_of(session, vote, commitment) if ballot.is_batched else (None, None)
    if not policies.can_see_result(actor, vote, now=now):
        return FoundBallot(commitment, batch, at)
    if ballot.is_superseded:
        return FoundBallot(commitment, batch, at, is_superseded=True)
    before = select(func.count()).where(
        Ballot.vote_id == vote.id, ~Ballot.is_superseded, Ballot.commitment < commitment
    )
    return FoundBallot(commitment, batch, at, (session.scalar(before) or 0) + 1, bytes(ballot.choices))


def _batch_of(session: Session, vote: Vote, commitment: str) -> tuple[int | None, datetime | None]:
    """Index and time of the entry that committed to it."""
    query = (
        select(LogEntry.position, LogEntry.entry)
        .join(LogOpening, LogOpening.position == LogEntry.position)
        .where(LogEntry.subject == vote.ref, LogEntry.type.in_([str(BallotsEvent.BATCHED), str(BallotsEvent.IMPORTED)]))
        .where(LogOpening.fields.contains(commitment, autoescape=True))
    )
    row = session.execute(query.limit(1)).one_or_none()
    return (None, None) if row is None else (row.position, from_utc_text(json.loads(row.entry)["time"]))


def superseded_commitments(session: Session, vote: Vote) -> list[str]:
    rows = select(Ballot.commitment).where(Ballot.vote_id == vote.id, Ballot.is_superseded).order_by(Ballot.commitment)
    return list(session.scalars(rows))


Rows = Iterator[Sequence[Any]]


def counted_ballots(session: Session, vote: Vote) -> list[tuple[bytes, int]]:
    """(packed choices, group codes) of every ballot that counts. For many ballots: ``ballot_blocks``."""
    return [(bytes(row[0]), row[1]) for block in ballot_blocks(session, vote) for row in block]


def counted_channels(session: Session, vote: Vote) -> list[str]:
    """By which way each ballot came that counts, in the order of ``counted_ballots``."""
    rows = select(Ballot.channel).where(Ballot.vote_id == vote.id, ~Ballot.is_superseded)
    return list(session.scalars(rows.order_by(Ballot.key)))


def districts_on_roll(session: Session, vote: Vote) -> list[str | None]:
    """What each voter of the roll says of where they live."""
    mine = select(RollEntry.account_id).where(RollEntry.vote_id == vote.id)
    return list(session.scalars(select(Profile.district).where(Profile.account_id.in_(mine))))


def ballot_blocks(session: Session, vote: Vote) -> Rows:
    """(packed choices, group codes, and where sectors decide the voter's one) of every ballot that counts, in blocks of
    rows as the driver gives them: no object for each ballot. In the order of their random keys once all are in the
    log."""
    columns: list[Any] = [type_coerce(Ballot.choices, NullType), Ballot.group_codes]
    if vote.decides_by_sector:
        columns.append(Ballot.sector)
    rows: Select[Any] = select(*columns).where(Ballot.vote_id == vote.id, ~Ballot.is_superseded)
    rows = rows.order_by(Ballot.is_batched, Ballot.key)  # as the index has it
    return _blocks(session, rows)


def _blocks(session: Session, rows: Select[Any]) -> Rows:
    """As the driver's own cursor reads on, without making rows of it; from PostgreSQL by a cursor on the server."""
    with session.connection().execute(rows, execution_options={"stream_results": True}) as result:
        if not (block := result.fetchmany(1)):  # which a stream has read ahead
            return
        yield block
        while block := result.cursor.fetchmany(BLOCK):
            yield block


@dataclass(frozen=True, slots=True)
class CastOpenly:
    """An organisation's ballot that counts: its sector and weight are those of the frozen roll."""

    organisation: str
    choices: bytes
    sector: str
    weight: int


def open_ballots(session: Session, vote: Vote) -> list[CastOpenly]:
    """Every organisation's ballot that counts, in the order of the register."""
    same = (RollEntry.vote_id == OpenBallot.vote_id) & (RollEntry.organisation_id == OpenBallot.organisation_id)
    query = (
        select(OpenBallot, RollEntry, Organisation)
        .join(RollEntry, same)
        .join(Organisation, Organisation.id == OpenBallot.organisation_id)
        .where(OpenBallot.vote_id == vote.id)
        .order_by(OpenBallot.organisation_id)
    )
    return [
        CastOpenly(organisation.ref, bytes(ballot.choices), (entry.sector or organisation.sector).value, entry.weight)
        for ballot, entry, organisation in session.execute(query)
    ]


def result_of(vote: Vote, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The published result: the one function by which totals leave. Raises Conflict while they are sealed."""
    require(policies.can_see_result(actor, vote, now=now))
    assert vote.result is not None  # noqa: S101 - the policy has said so
    return vote.result


def analysis_of(session: Session, vote: Vote, *, actor: Actor, now: datetime) -> dict[str, Any] | None:
    """What was found in the ballots of a closed vote, through the same gate; None while it is not computed yet."""
    result = result_of(vote, actor=actor, now=now)
    kept = session.get(VoteAnalysis, vote.id)
    if kept is None or kept.result_sha256 != sha256_of(result):
        return None
    return kept.found


def is_analysed(session: Session, vote: Vote) -> bool:
    """Whether there is an analysis; says nothing of what is in it."""
    return session.scalar(select(VoteAnalysis.edition).where(VoteAnalysis.vote_id == vote.id)) is not None


def options_for(session: Session, vote: Vote, whom: str) -> list[str]:
    """Codes of the options whose proposals are for these people."""
    rows = select(VoteOption.code, Proposal.for_whom).join(Proposal, Proposal.id == VoteOption.proposal_id)
    found = session.execute(rows.where(VoteOption.vote_id == vote.id).order_by(VoteOption.position))
    return [code for code, for_whom in found if whom in for_whom]


def to_analyse(session: Session, edition: int) -> list[str]:
    """Public ids of counted votes without an analysis of this edition."""
    done = select(VoteAnalysis.vote_id).where(VoteAnalysis.edition >= edition)
    # A column of JSON may hold JSON's null as well as none: what is asked for is the text of an object.
    closed = select(Vote).where(Vote.status == VoteState.CLOSED, Vote.id.not_in(done)).order_by(Vote.id)
    return [vote.public_id for vote in session.scalars(closed) if vote.result is not None]


def live_states(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """For the drift check: the public state of every vote."""
    for vote in session.scalars(select(Vote).options(selectinload(Vote.options))):
        yield vote.ref, vote.public_payload()


def live_tallies(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """For the drift check: every published result."""
    for vote in session.scalars(select(Vote).where(Vote.result.is_not(None))):
        yield vote.ref, {"result": vote.result}


def live_lots(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """For the drift check: every lot that was drawn."""
    for vote in session.scalars(select(Vote).where(Vote.lot_drawn_at.is_not(None))):
        yield vote.ref, dict(vote.lot_draw or {})


def live_certifications(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """For the drift check: every certification, with the hash of the result as it lies there."""
    for vote in session.scalars(select(Vote).where(Vote.certified_at.is_not(None))):
        yield vote.ref, vote.certification()


def live_open_ballots(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """For the drift check: every organisation's ballot. No row keeps the name of that day nor the delegate's pseudonym:
    these are what the log says."""
    logged = last_states(session.connection(), "ucc.ballot/1")
    votes = session.scalars(
        select(Vote).where(Vote.franchise == Franchise.ORGANISATION).options(selectinload(Vote.options))
    )
    for vote in votes:
        for ballot in open_ballots(session, vote):
            subject = f"{vote.ref}/{ballot.organisation}"
            held = {
                "organisation": ballot.organisation,
                "sector": ballot.sector,
                **open_marks(vote, ballot.choices, weight=ballot.weight),
            }
            yield subject, {**logged.get(subject, (0, {}))[1], **held}


def places_of(session: Session, account: Account) -> list[tuple[Vote, RollEntry]]:
    """The votes on whose rolls an account stands."""
    rows = select(Vote, RollEntry).join(RollEntry, RollEntry.vote_id == Vote.id)
    found = session.execute(rows.where(RollEntry.account_id == account.id).order_by(Vote.id))
    return [(row.Vote, row.RollEntry) for row in found]


def organisations_voting(process: Process) -> Select[Any]:
    """A select of the ids of organisations that have cast a ballot in a vote of the process."""
    return select(OpenBallot.organisation_id).join(Vote).where(Vote.process_id == process.id)


def accounts_voting(process: Process) -> Select[Any]:
    """A select of the ids of accounts that have voted in a vote of the process; the roll knows that, not what."""
    voted = select(RollEntry.account_id).join(Vote, Vote.id == RollEntry.vote_id)
    return voted.where(Vote.process_id == process.id, RollEntry.has_voted, RollEntry.account_id.is_not(None))


def closing_news(session: Session, now: datetime) -> Iterator[News]:
    """Votes that are about to close: for whoever has ticked something and not cast it, and for those on the roll, or
    delegates of those on it, who have not voted. Whoever has a draft is told of it alone."""
    query = select(Vote).where(Vote.status == VoteState.OPEN, Vote.closes_at > now, Vote.closes_at <= now + SOON)
    for vote in session.scalars(query.order_by(Vote.closes_at)):
        drafting = select(BallotDraft.account_id).join(RollEntry, RollEntry.id == BallotDraft.roll_entry_id)
        drafting = drafting.where(RollEntry.vote_id == vote.id, RollEntry.struck_at.is_(None))
        waiting = _not_voted(vote, now)
        facts = (dict(vote.title), vote.closes_at)
        key = f"vote/{vote.public_id}"
        yield News(vote.process_id, NewsKind.VOTE, f"{key}/draft", *facts, drafting, told_as="vote_draft")
        undecided = waiting.where(waiting.selected_columns[0].not_in(drafting))
        yield News(vote.process_id, NewsKind.VOTE, key, *facts, undecided)


def _not_voted(vote: Vote, now: datetime) -> Select[Any]:
    """The accounts that could still cast a ballot where none counts."""
    mine = (RollEntry.vote_id == vote.id, ~RollEntry.has_voted, RollEntry.struck_at.is_(None))
    if vote.franchise is Franchise.INDIVIDUAL:
        return select(RollEntry.account_id).where(*mine, RollEntry.account_id.is_not(None))
    return delegates_of(select(RollEntry.organisation_id).where(*mine), now=now, today=site_day(now))


def certified_news(session: Session, now: datetime) -> Iterator[News]:
    """Results that were certified, for whoever follows the process."""
    query = select(Vote).where(Vote.certified_at.is_not(None), Vote.certified_at > now - WINDOW)
    for vote in session.scalars(query.order_by(Vote.certified_at)):
        key = f"vote/{vote.public_id}/certified"
        told_as = "vote_certified"
        yield News(vote.process_id, NewsKind.VOTE, key, dict(vote.title), vote.certified_at, told_as=told_as)
