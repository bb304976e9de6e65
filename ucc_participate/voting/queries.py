"""Every select of votes, rolls and ballots."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased, selectinload

from ..accounts.models import Account, Profile
from ..audit.queries import last_states
from ..eligibility import queries as eligibility
from ..kernel.decision import require
from ..kernel.errors import NotFound
from ..kernel.i18n import site_day
from ..kernel.identity import Actor
from ..outreach.models import NewsKind
from ..outreach.news import News
from ..processes.models import Invitation, InvitationState, Process
from ..proposals.models import Proposal
from ..stakeholders.models import Organisation
from ..stakeholders.queries import current_delegates
from . import policies
from .models import (
    Ballot,
    BallotConfirmation,
    BallotLink,
    BallotProposal,
    Channel,
    Franchise,
    OpenBallot,
    RollEntry,
    Vote,
    VoteState,
)
from .rules import unpack

CHUNK = 5_000
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
    is_open, has_result = _takes_ballots(now), Vote.status == VoteState.CLOSED
    mine = Vote.process_id.in_([process.id for process in processes])
    rows = session.execute(select(Vote.process_id, is_open.label("open")).where(mine, or_(is_open, has_result))).all()
    return {row.process_id for row in rows if row.open}, {row.process_id for row in rows if not row.open}


def _takes_ballots(now: datetime) -> ColumnElement[bool]:
    """SQL of Vote.takes_ballots."""
    return and_(Vote.status == VoteState.OPEN, Vote.opens_at <= now, Vote.closes_at > now)


def get_vote(session: Session, public_id: str) -> Vote:
    """The vote with options, process and its phases. Raises NotFound."""
    vote = session.scalars(_with_all(select(Vote).where(Vote.public_id == public_id))).one_or_none()
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
        _with_all(select(Vote).where(Vote.public_id == public_id)).with_for_update(of=Vote)
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


def _with_all(query: Select[Vote]) -> Select[Vote]:
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


def roll_entry_of(session: Session, vote: Vote, *, account_id: int) -> RollEntry | None:
    return session.scalars(
        select(RollEntry).where(RollEntry.vote_id == vote.id, RollEntry.account_id == account_id)
    ).one_or_none()


def roll_entry_to_use(session: Session, vote: Vote, **owner: int) -> RollEntry | None:
    """The slot of ``account_id=`` or ``organisation_id=``, locked."""
    return session.scalars(select(RollEntry).filter_by(vote_id=vote.id, **owner).with_for_update()).one_or_none()


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


def pending_commitments(session: Session, vote: Vote, *, is_superseded: bool | None = None) -> list[str]:
    """Sorted commitments that are not in the log yet: all, or those of standing or of replaced ballots alone."""
    rows = select(Ballot.commitment).where(Ballot.vote_id == vote.id, ~Ballot.is_batched).order_by(Ballot.commitment)
    if is_superseded is not None:
        rows = rows.where(Ballot.is_superseded == is_superseded)
    return list(session.scalars(rows))


def superseded_commitments(session: Session, vote: Vote) -> list[str]:
    rows = select(Ballot.commitment).where(Ballot.vote_id == vote.id, Ballot.is_superseded).order_by(Ballot.commitment)
    return list(session.scalars(rows))


def counted_ballots(session: Session, vote: Vote) -> list[tuple[bytes, int]]:
    """(packed choices, group codes) of every ballot that counts, in the order of their random keys."""
    rows = select(Ballot.choices, Ballot.group_codes).where(Ballot.vote_id == vote.id, ~Ballot.is_superseded)
    return [(bytes(row.choices), row.group_codes) for row in session.execute(rows.order_by(Ballot.key))]


def open_ballots(session: Session, vote: Vote) -> list[tuple[bytes, str]]:
    """(packed choices, sector) of every organisation's ballot; the sector is the one of the frozen roll."""
    return [(choices, sector) for choices, sector, _organisation in _open_ballots(session, vote)]


def _open_ballots(session: Session, vote: Vote) -> list[tuple[bytes, str, str]]:
    """(packed choices, sector on the roll, reference of the organisation), in the order of the register."""
    same = (RollEntry.vote_id == OpenBallot.vote_id) & (RollEntry.organisation_id == OpenBallot.organisation_id)
    query = (
        select(OpenBallot, RollEntry, Organisation)
        .join(RollEntry, same)
        .join(Organisation, Organisation.id == OpenBallot.organisation_id)
        .where(OpenBallot.vote_id == vote.id)
        .order_by(OpenBallot.organisation_id)
    )
    return [
        (bytes(ballot.choices), (entry.sector or organisation.sector).value, organisation.ref)
        for ballot, entry, organisation in session.execute(query)
    ]


def result_of(vote: Vote, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The published result: the one function by which totals leave. Raises Conflict while they are sealed."""
    require(policies.can_see_result(actor, vote, now=now))
    assert vote.result is not None  # noqa: S101 - the policy has said so
    return vote.result


def live_states(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """For the drift check: the public state of every vote."""
    for vote in session.scalars(select(Vote).options(selectinload(Vote.options))):
        yield vote.ref, vote.public_payload()


def live_tallies(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """For the drift check: every published result."""
    for vote in session.scalars(select(Vote).where(Vote.status == VoteState.CLOSED)):
        if vote.result is not None:
            yield vote.ref, {"result": vote.result}


def live_open_ballots(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """For the drift check: every organisation's ballot. No row keeps the name of that day nor the delegate's pseudonym:
    these are what the log says."""
    logged = last_states(session.connection(), "ucc.ballot/1")
    votes = session.scalars(
        select(Vote).where(Vote.franchise == Franchise.ORGANISATION).options(selectinload(Vote.options))
    )
    for vote in votes:
        codes = [option.code for option in vote.options]
        for choices, sector, organisation in _open_ballots(session, vote):
            subject = f"{vote.ref}/{organisation}"
            held = {
                "organisation": organisation,
                "sector": sector,
                "choices": [codes[at] for at in unpack(choices)],
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
    """Votes of residents that are about to close, for those on the roll who have not voted."""
    open_now = (Vote.status == VoteState.OPEN, Vote.franchise == Franchise.INDIVIDUAL)
    query = select(Vote).where(*open_now, Vote.closes_at > now, Vote.closes_at <= now + SOON)
    for vote in session.scalars(query.order_by(Vote.closes_at)):
        waiting = select(RollEntry.account_id).where(RollEntry.vote_id == vote.id, ~RollEntry.has_voted)
        waiting = waiting.where(RollEntry.account_id.is_not(None))
        yield News(vote.process_id, NewsKind.VOTE, f"vote/{vote.public_id}", dict(vote.title), vote.closes_at, waiting)
