"""Holding a vote: announced, opened over a frozen roll, extended, closed and counted."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from ...accounts.models import Account
from ...eligibility import queries as eligibility
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.i18n import lazy_end
from ...kernel.identity import Actor
from ...processes.models import CAPABILITIES, Capability, Phase, Process
from .. import counting, policies, queries
from ..building import OptionLine, new_vote
from ..events import BallotsEvent, RollEvent, VoteEvent
from ..models import Ballot, BallotLink, Franchise, RollEntry, Vote, VoteState
from ..recording import record_in, record_state
from .agreeing import drop_waiting

BATCH_LEAST = 10
BATCH_MOST = 2_000
SECTOR_FLOOR = 10
_randomly = random.SystemRandom()


def announce_vote(
    session: Session,
    process: Process,
    *,
    actor: Actor,
    now: datetime,
    title: Mapping[str, str],
    franchise: Franchise,
    rules: Mapping[str, Any],
    options: Sequence[OptionLine],
    opens_at: datetime,
    closes_at: datetime,
) -> Vote:
    """Fix and publish rules and options. ``process`` has its phases loaded. Raises Invalid naming the field."""
    require(policies.can_announce_in(actor, process, now=now))
    _require_times(process, opens_at, closes_at, now)
    vote = new_vote(
        process,
        title=title,
        franchise=franchise,
        rules=rules,
        options=options,
        opens_at=opens_at,
        closes_at=closes_at,
        now=now,
    )
    _put_on_ballot(session, process, options, now)
    session.add(vote)
    session.flush()
    record_state(session, VoteEvent.ANNOUNCED, vote, process, actor=actor, now=now)
    return vote


def _put_on_ballot(session: Session, process: Process, options: Sequence[OptionLine], now: datetime) -> None:
    """From now on the proposals among the options cannot be withdrawn."""
    wanted = {line.proposal_id: line.title for line in options if line.proposal_id is not None}
    found = {each.id: each for each in queries.proposals_to_put_on_ballot(session, process, wanted)}
    for proposal_id, title in wanted.items():
        if proposal_id not in found or not found[proposal_id].can_be_voted_on:
            gone = _l("“%(title)s” is not on the list of proposals any more. Leave it out.", title=title)
            raise Invalid(gone, field="options")
        found[proposal_id].put_on_ballot(at=now)


def _require_times(process: Process, opens_at: datetime, closes_at: datetime, now: datetime) -> None:
    if closes_at <= opens_at:
        raise Invalid(_l("The vote must close after it opens."), field="closes_at")
    if closes_at <= now:
        raise Invalid(_l("The vote must close in the future."), field="closes_at")
    if not any(phase.starts_at <= opens_at and closes_at <= phase.ends_at for phase in _voting_phases(process)):
        raise Invalid(_l("The vote must lie within the voting phase of the timetable."), field="opens_at")


def _voting_phases(process: Process) -> list[Phase]:
    return [phase for phase in process.phases if Capability.VOTE in CAPABILITIES[phase.kind]]


def open_vote(session: Session, vote: Vote, *, actor: Actor, now: datetime) -> None:
    """Freeze the roll and open. ``vote`` is locked, with options and process loaded."""
    require(policies.can_open(actor, vote, now=now))
    if vote.franchise is Franchise.INDIVIDUAL:
        voters = queries.eligible_accounts(session, vote.process, now=now)
        owners = [{"account_id": person, "sector": sector} for person, sector in voters]
    else:
        organisations = queries.eligible_organisations(session, vote.process)
        owners = [
            {"organisation_id": each.id, "sector": each.sector, "confirmations": each.ballot_confirmations}
            for each in organisations
        ]
    if not owners:
        raise Conflict(_l("Nobody is on the roll yet: the vote cannot open."))
    vote.roll_size = _freeze_roll(session, vote, owners)
    vote.move_to(VoteState.OPEN)
    payload = {"slots": vote.roll_size, "by_sector": _by_sector(vote, owners)}
    record_in(session, RollEvent.FROZEN, vote, actor=actor, now=now, payload=payload)
    record_state(session, VoteEvent.OPENED, vote, vote.process, actor=actor, now=now)


def _freeze_roll(session: Session, vote: Vote, owners: list[dict[str, Any]]) -> int:
    """Number the voters from 1 in random order."""
    _randomly.shuffle(owners)
    nobody = {"account_id": None, "organisation_id": None}
    common = {"vote_id": vote.id, **nobody, "confirmations": 1, "has_voted": False, "has_lapsed": False}
    session.execute(insert(RollEntry), [{**common, **owner, "slot": at} for at, owner in enumerate(owners, start=1)])
    return len(owners)


def _by_sector(vote: Vote, owners: list[dict[str, Any]]) -> dict[str, int]:
    """Voters by sector; of individuals only groups large enough to hide in."""
    counts = Counter(owner["sector"].value for owner in owners if owner["sector"] is not None)
    if vote.franchise is Franchise.ORGANISATION:
        return dict(sorted(counts.items()))
    return _large_enough(counts, len(owners))


def _large_enough(counts: Mapping[str, int], slots: int) -> dict[str, int]:
    """The groups of SECTOR_FLOOR voters or more; the smallest of them is left out too where the rest of the slots
    would give a smaller group away."""
    shown = {sector: number for sector, number in sorted(counts.items()) if number >= SECTOR_FLOOR}
    while shown and 0 < slots - sum(shown.values()) < SECTOR_FLOOR:
        del shown[min(shown, key=lambda sector: shown[sector])]
    return shown


def extend_roll(session: Session, vote: Vote, account: Account, *, actor: Actor, now: datetime, reason: str) -> None:
    """Add a person to a frozen roll; the reason is public."""
    require(policies.can_extend_roll(actor, vote, now=now))
    if queries.roll_entry_of(session, vote, account_id=account.id) is not None:
        raise Invalid(_l("This person is on the roll already."), field="email")
    if not eligibility.standing_of(session, vote.process, account.id, now=now).may_vote:
        unproved = _l("This person has not proved yet that they may vote. Check it at the counter first.")
        raise Invalid(unproved, field="email")
    if queries.is_on_roll_by_list(session, vote, account_id=account.id):
        by_list = _l("This person stands on the roll by the city’s list, and votes at a polling place.")
        raise Invalid(by_list, field="email")
    slot = queries.last_slot(session, vote) + 1
    session.add(RollEntry(vote_id=vote.id, slot=slot, account_id=account.id))
    payload = {"slots": slot, "by_sector": {}, "reason": reason}
    record_in(session, RollEvent.EXTENDED, vote, actor=actor, now=now, payload=payload)


def extend_vote(session: Session, vote: Vote, *, actor: Actor, now: datetime, closes_at: datetime) -> None:
    """Move the closing time later, never earlier, and not beyond the voting phase. ``vote``: with its phases."""
    require(policies.can_extend(actor, vote, now=now))
    if closes_at <= vote.closes_at:
        raise Invalid(_l("A vote can be extended, not shortened."), field="closes_at")
    end = max((phase.ends_at for phase in _voting_phases(vote.process)), default=vote.closes_at)
    if closes_at > end:
        reason = _l("The voting phase ends on %(day)s. Extend the phase first.", day=lazy_end(end))
        raise Invalid(reason, field="closes_at")
    vote.closes_at = closes_at
    record_state(session, VoteEvent.EXTENDED, vote, vote.process, actor=actor, now=now)


def batch_ballots(session: Session, vote: Vote, *, actor: Actor, now: datetime, least: int = BATCH_LEAST) -> int:
    """Commit to ballots that wait, sorted (their order says nothing), once enough wait to hide in; how many.

    ``least`` ballots, drawn by lot, wait on: whoever votes last before the closing hides among them. Replaced ballots
    hide nobody and are not counted as waiting.
    """
    standing = queries.pending_commitments(session, vote, is_superseded=False)
    if len(standing) < 2 * least:
        return 0
    return _commit_to_ballots(session, vote, held_back=_randomly.sample(standing, least), actor=actor, now=now)


def _commit_to_ballots(session: Session, vote: Vote, *, held_back: Sequence[str], actor: Actor, now: datetime) -> int:
    """Log the commitments of all waiting ballots but those held back; how many."""
    waiting = sorted(set(queries.pending_commitments(session, vote)) - set(held_back))
    for start in range(0, len(waiting), BATCH_MOST):
        part = {"commitments": waiting[start : start + BATCH_MOST]}
        record_in(session, BallotsEvent.BATCHED, vote, actor=actor, now=now, payload=part)
    taken = update(Ballot).where(Ballot.vote_id == vote.id, ~Ballot.is_batched, Ballot.commitment.not_in(held_back))
    session.execute(taken.values(is_batched=True))
    return len(waiting)


def close_vote(session: Session, vote: Vote, *, actor: Actor, now: datetime) -> None:
    """Close, destroy what joins voters and ballots, count, publish. ``vote`` is locked, with options and process."""
    require(policies.can_close(actor, vote, now=now))
    if vote.franchise is Franchise.INDIVIDUAL:
        _commit_to_ballots(session, vote, held_back=(), actor=actor, now=now)
        _list_superseded(session, vote, actor=actor, now=now)
        _unlink(session, vote, actor=actor, now=now)
    else:
        drop_waiting(session, vote, actor=actor, now=now)
    vote.move_to(VoteState.CLOSED)
    record_state(session, VoteEvent.CLOSED, vote, vote.process, actor=actor, now=now)
    if not vote.must_wait():
        publish_tally(session, vote, actor=actor, now=now)


def _list_superseded(session: Session, vote: Vote, *, actor: Actor, now: datetime) -> None:
    replaced = queries.superseded_commitments(session, vote)
    for start in range(0, len(replaced), BATCH_MOST):
        part = {"commitments": replaced[start : start + BATCH_MOST]}
        record_in(session, BallotsEvent.SUPERSEDED, vote, actor=actor, now=now, payload=part)


def _unlink(session: Session, vote: Vote, *, actor: Actor, now: datetime) -> None:
    """Destroy the links, and write the ballots anew in the order of their keys: nothing tells who was first."""
    mine = select(RollEntry.id).where(RollEntry.vote_id == vote.id)
    links = session.execute(delete(BallotLink).where(BallotLink.roll_entry_id.in_(mine)))
    columns = Ballot.__table__.columns
    rows = session.execute(select(*columns).where(Ballot.vote_id == vote.id).order_by(Ballot.key)).mappings().all()
    if rows and session.get_bind().dialect.name != "sqlite":
        session.execute(delete(Ballot).where(Ballot.vote_id == vote.id))
        session.execute(insert(Ballot), [dict(row) for row in rows])
    count = {"count": int(getattr(links, "rowcount", 0))}
    record_in(session, BallotsEvent.UNLINKED, vote, actor=actor, now=now, payload=count)


def publish_tally(session: Session, vote: Vote, *, actor: Actor, now: datetime) -> None:
    """Count the closed vote, put the result into the log and on the vote. No operation: part of closing and import."""
    session.flush()
    ballots = counting.ballots_of(session, vote)
    roll = queries.last_slot(session, vote) or vote.roll_size or 0
    vote.result = counting.result_of(vote, ballots, roll=roll)
    record_in(
        session, VoteEvent.TALLIED, vote, actor=actor, now=now, payload={"result": vote.result}, schema="ucc.tally/1"
    )
