"""Every change of votes, rolls and ballots."""

from __future__ import annotations

import random
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from ..accounts.models import Account, Profile
from ..audit import commitments
from ..audit.log import Draft, pseudonym, record
from ..eligibility import queries as eligibility
from ..kernel.decision import require
from ..kernel.errors import Conflict, Forbidden, Invalid
from ..kernel.i18n import lazy_end
from ..kernel.identity import Actor, Role
from ..processes.models import CAPABILITIES, Capability, Phase, Process
from ..processes.participation import join
from ..stakeholders.models import Organisation
from . import ballot_groups, counting, policies, queries
from .building import OptionLine, codes_of, new_vote, pack_choices
from .events import BallotEvent, BallotsEvent, RollEvent, VoteEvent
from .models import Ballot, BallotLink, Franchise, OpenBallot, RollEntry, Vote, VoteState

BATCH_LEAST = 10
BATCH_MOST = 2_000
SECTOR_FLOOR = 10
_randomly = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class CastBallot:
    """What the voter gets: the log's draft and what opens the commitment."""

    draft: Draft
    slot: int
    commitment: str
    salt: bytes
    choices: tuple[str, ...]


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
    _record_state(session, VoteEvent.ANNOUNCED, vote, process, actor=actor, now=now)
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
        owners = [{"organisation_id": each.id, "sector": each.sector} for each in organisations]
    if not owners:
        raise Conflict(_l("Nobody is on the roll yet: the vote cannot open."))
    vote.roll_size = _freeze_roll(session, vote, owners)
    vote.move_to(VoteState.OPEN)
    payload = {"slots": vote.roll_size, "by_sector": _by_sector(vote, owners)}
    _record(session, RollEvent.FROZEN, vote, actor=actor, now=now, payload=payload)
    _record_state(session, VoteEvent.OPENED, vote, vote.process, actor=actor, now=now)


def _freeze_roll(session: Session, vote: Vote, owners: list[dict[str, Any]]) -> int:
    """Number the voters from 1 in random order."""
    _randomly.shuffle(owners)
    common = {"vote_id": vote.id, "account_id": None, "organisation_id": None, "has_voted": False}
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
    slot = queries.last_slot(session, vote) + 1
    session.add(RollEntry(vote_id=vote.id, slot=slot, account_id=account.id))
    payload = {"slots": slot, "by_sector": {}, "reason": reason}
    _record(session, RollEvent.EXTENDED, vote, actor=actor, now=now, payload=payload)


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
    _record_state(session, VoteEvent.EXTENDED, vote, vote.process, actor=actor, now=now)


def cast_ballot(
    session: Session, vote: Vote, *, actor: Actor, now: datetime, choices: Sequence[str], idempotency_key: str
) -> CastBallot:
    """Cast or replace one's own secret ballot. ``choices``: option codes, none for a blank ballot.

    The same ``idempotency_key`` and choices again give the same ballot; other choices under that key, as after going
    back in the browser, are a ballot of their own. The ballot lies apart from the person: BallotLink alone
    joins them, until the vote is closed. Raises Conflict when the vote takes no ballots, Forbidden when not on the
    roll, Invalid for choices that the rules do not allow.
    """
    require(policies.can_cast(actor, vote, now=now))
    account_id = _account_id(actor)
    entry = queries.roll_entry_to_use(session, vote, account_id=account_id)
    if entry is None:
        raise Forbidden(_l("You are not on the roll of this vote. The roll was frozen when the vote opened."))
    link = queries.link_to_change(session, entry)
    packed = pack_choices(vote, choices)
    if link is not None and link.idempotency_key == idempotency_key:
        same = session.get_one(Ballot, link.ballot_key)
        if same.choices == packed:
            return _cast_again(vote, entry, same)
    ballot = _new_ballot(session, vote, packed, account_id=account_id, now=now)
    _link(session, entry, link, ballot, idempotency_key)
    entry.has_voted = True
    join(session, vote.process, account_id, actor=actor, now=now)
    event = BallotEvent.CAST if link is None else BallotEvent.RECAST
    draft = _record(
        session, event, vote, actor=actor, now=now, subject=entry.slot_ref(vote), role=Role.RESIDENT, scope=vote.ref
    )
    return _cast(vote, entry, ballot, draft)


def _account_id(actor: Actor) -> int:
    if actor.account_id is None:
        raise Forbidden(_l("Sign in to vote."))
    return actor.account_id


def _new_ballot(session: Session, vote: Vote, packed: bytes, *, account_id: int, now: datetime) -> Ballot:
    salt = commitments.new_salt()
    ballot = Ballot(
        key=secrets.token_hex(16),
        vote_id=vote.id,
        choices=packed,
        salt=salt,
        commitment=commitments.ballot(salt, vote.ref, codes_of(vote, packed)),
        group_codes=ballot_groups.of_profile(session.get(Profile, account_id), now.year),
    )
    session.add(ballot)
    session.flush()
    return ballot


def _link(session: Session, entry: RollEntry, link: BallotLink | None, ballot: Ballot, key: str) -> None:
    """Join slot and ballot; of the ballot that was there before only the commitment stays."""
    if link is None:
        session.add(BallotLink(roll_entry_id=entry.id, ballot_key=ballot.key, idempotency_key=key))
        return
    replaced = {"is_superseded": True, "choices": b"", "salt": b"", "group_codes": 0}
    session.execute(update(Ballot).where(Ballot.key == link.ballot_key).values(**replaced))
    link.ballot_key, link.idempotency_key = ballot.key, key


def _cast(vote: Vote, entry: RollEntry, ballot: Ballot, draft: Draft) -> CastBallot:
    return CastBallot(draft, entry.slot, ballot.commitment, ballot.salt, tuple(codes_of(vote, ballot.choices)))


def _cast_again(vote: Vote, entry: RollEntry, ballot: Ballot) -> CastBallot:
    """The same click arrived twice: the ballot stands as it was, nothing is written."""
    values = {"commit": commitments.EMPTY, "subject": entry.slot_ref(vote), "type": str(BallotEvent.CAST)}
    return _cast(vote, entry, ballot, Draft(values, None, None))


def cast_open_ballot(
    session: Session,
    vote: Vote,
    organisation: Organisation,
    *,
    actor: Actor,
    now: datetime,
    choices: Sequence[str],
    idempotency_key: str,
) -> Draft | None:
    """Cast or replace the ballot of an organisation, on the record; None when this very ballot was cast already."""
    require(policies.can_cast_for(actor, vote, now=now, organisation=organisation.public_id))
    entry = queries.roll_entry_to_use(session, vote, organisation_id=organisation.id)
    if entry is None:
        raise Forbidden(_l("This organisation is not on the roll of this vote."))
    packed = pack_choices(vote, choices)
    ballot = queries.open_ballot_of(session, vote, organisation)
    if ballot is not None and ballot.idempotency_key == idempotency_key and ballot.choices == packed:
        return None
    event = BallotEvent.CAST_OPENLY if ballot is None else BallotEvent.RECAST_OPENLY
    ballot = ballot or OpenBallot(vote_id=vote.id, organisation_id=organisation.id)
    ballot.choices, ballot.idempotency_key, ballot.cast_at = packed, idempotency_key, now
    ballot.delegate_account_id = _account_id(actor)
    session.add(ballot)
    entry.has_voted = True
    payload = {
        "organisation": organisation.ref,
        "name": organisation.name,
        "sector": (entry.sector or organisation.sector).value,
        "choices": codes_of(vote, packed),
        "delegate": pseudonym(session.connection(), actor, vote.process.ref),
    }
    subject = f"{vote.ref}/{organisation.ref}"
    return _record(session, event, vote, actor=actor, now=now, payload=payload, subject=subject, role=Role.DELEGATE)


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
        _record(session, BallotsEvent.BATCHED, vote, actor=actor, now=now, payload=part)
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
    vote.move_to(VoteState.CLOSED)
    _record_state(session, VoteEvent.CLOSED, vote, vote.process, actor=actor, now=now)
    publish_tally(session, vote, actor=actor, now=now)


def _list_superseded(session: Session, vote: Vote, *, actor: Actor, now: datetime) -> None:
    replaced = queries.superseded_commitments(session, vote)
    for start in range(0, len(replaced), BATCH_MOST):
        part = {"commitments": replaced[start : start + BATCH_MOST]}
        _record(session, BallotsEvent.SUPERSEDED, vote, actor=actor, now=now, payload=part)


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
    _record(session, BallotsEvent.UNLINKED, vote, actor=actor, now=now, payload=count)


def publish_tally(session: Session, vote: Vote, *, actor: Actor, now: datetime) -> None:
    """Count the closed vote, put the result into the log and on the vote. No operation: part of closing and import."""
    session.flush()
    ballots = counting.ballots_of(session, vote)
    roll = queries.last_slot(session, vote) or vote.roll_size or 0
    vote.result = counting.result_of(vote, ballots, roll=roll)
    _record(
        session, VoteEvent.TALLIED, vote, actor=actor, now=now, payload={"result": vote.result}, schema="ucc.tally/1"
    )


def _record_state(
    session: Session, event: VoteEvent, vote: Vote, process: Process, *, actor: Actor, now: datetime
) -> None:
    record(session, event, actor=actor, subject=vote.ref, process=process.ref, now=now, payload=vote.public_payload())


def _record(session: Session, event: Any, vote: Vote, *, actor: Actor, now: datetime, **more: Any) -> Draft:
    facts = {"subject": vote.ref, "process": vote.process.ref, **more}
    return record(session, event, actor=actor, now=now, **facts)
