"""Voting in person: paper ballots handed out, taken back and entered; ballots cast at a kiosk of the polling place."""

from __future__ import annotations

import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...accounts.models import Profile
from ...audit import commitments
from ...audit.log import Draft
from ...eligibility import queries as eligibility
from ...eligibility.models import Method
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.identity import Actor, Role
from ...processes.models import WayIn
from ...processes.participation import join
from .. import ballot_groups, policies, queries, sectors
from ..dropping import drop_draft
from ..events import BallotEvent, BallotsEvent, PaperEvent, RollEvent
from ..models import Ballot, BallotLink, Channel, RollEntry, Vote, VoteState
from ..packing import Marks, marks_of, pack_choices
from ..recording import record_in
from .casting import CastBallot
from .closing import publish_tally

_randomly = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class Papers:
    """The papers of one or several boxes as they are entered. ``batch``: its public id; ``place``: which boxes, in
    public words; ``invalid``: papers that name nothing that could be counted, and are no blank ones either."""

    batch: str
    place: str
    invalid: int = 0


def hand_out_paper(session: Session, vote: Vote, entry: RollEntry, *, actor: Actor, now: datetime) -> Draft:
    """Mark that the voter of a slot gets a paper ballot; the slot votes no other way. ``entry`` is locked.

    Raises Conflict, with words for the clerk, when the slot has been used or the vote takes no ballots.
    """
    require(policies.can_take_paper(actor, vote, now=now))
    require(policies.can_use_slot(actor, entry, now=now, channel=Channel.PAPER))
    entry.has_voted, entry.channel = True, Channel.PAPER
    _drop_draft(session, entry)
    _take_part(session, vote, entry, actor=actor, now=now, way_in=WayIn.PAPER)
    subject = entry.slot_ref(vote)
    return record_in(session, BallotEvent.CAST_ON_PAPER, vote, actor=actor, now=now, subject=subject, scope=vote.ref)


def take_paper_back(session: Session, vote: Vote, entry: RollEntry, *, actor: Actor, now: datetime) -> Draft:
    """The paper of a slot has come back unused: the slot is as free as before. Who asked and who has confirmed it is
    for the caller to check. Raises Conflict when there is no paper to come back."""
    require(policies.can_take_paper(actor, vote, now=now))
    if not entry.has_voted or entry.channel is not Channel.PAPER:
        raise Conflict(_l("No paper was handed out for this place on the roll."))
    entry.has_voted, entry.channel = False, Channel.INTERNET
    subject = entry.slot_ref(vote)
    return record_in(session, BallotEvent.PAPER_RETURNED, vote, actor=actor, now=now, subject=subject, scope=vote.ref)


def cast_at_kiosk(
    session: Session,
    vote: Vote,
    entry: RollEntry,
    *,
    actor: Actor,
    now: datetime,
    choices: Sequence[str],
    points: Sequence[int] | None = None,
    idempotency_key: str,
) -> CastBallot:
    """Cast the one ballot of a slot at a kiosk; it cannot be replaced. ``entry`` is locked.

    ``actor``: the browser of the kiosk, which nobody is signed in at; the log names the owner of the slot.

    The same key again gives the same ballot. Raises Conflict when the slot has been used, Invalid for choices that the
    rules do not allow.
    """
    voter = _voter(entry)
    require(policies.can_take_in_person(actor, vote, now=now))
    link = queries.link_to_change(session, entry)
    if link is not None and link.idempotency_key == idempotency_key:
        return _as_cast(vote, entry, session.get_one(Ballot, link.ballot_key), _nothing_new(vote, entry))
    require(policies.can_use_slot(actor, entry, now=now, channel=Channel.KIOSK))
    profile = session.get(Profile, entry.account_id) if entry.account_id is not None else None
    groups = ballot_groups.of_profile(profile, now.year, vote.districts)
    sector = entry.sector_group if vote.decides_by_sector else None
    ballot = _ballot(vote, pack_choices(vote, choices, points), Channel.KIOSK, groups, sector=sector)
    session.add(ballot)
    session.flush()
    session.add(BallotLink(roll_entry_id=entry.id, ballot_key=ballot.key, idempotency_key=idempotency_key))
    entry.has_voted, entry.channel = True, Channel.KIOSK
    _drop_draft(session, entry)
    _take_part(session, vote, entry, actor=voter, now=now, way_in=WayIn.COUNTER)
    facts = {"subject": entry.slot_ref(vote), "role": Role.RESIDENT, "scope": vote.ref}
    draft = record_in(session, BallotEvent.CAST, vote, actor=voter, now=now, **facts)
    return _as_cast(vote, entry, ballot, draft)


def _voter(entry: RollEntry) -> Actor:
    """Whoever the slot belongs to, as the log's actor: the account where there is one, else the slot itself."""
    key = f"account:{entry.account_id}" if entry.account_id is not None else f"slot:{entry.id}"
    return Actor(key, account_id=entry.account_id, roles=frozenset({Role.RESIDENT}))


def _take_part(session: Session, vote: Vote, entry: RollEntry, *, actor: Actor, now: datetime, way_in: WayIn) -> None:
    if entry.account_id is not None:
        join(session, vote.process, entry.account_id, actor=actor, now=now, way_in=way_in)


def _drop_draft(session: Session, entry: RollEntry) -> None:
    if entry.account_id is not None:
        drop_draft(session, entry, entry.account_id)


def _ballot(
    vote: Vote,
    packed: bytes,
    channel: Channel,
    groups: int,
    *,
    sector: str | None = None,
    is_batched: bool = False,
) -> Ballot:
    salt, marks = commitments.new_salt(), marks_of(vote, packed)
    return Ballot(
        key=secrets.token_hex(16),
        vote_id=vote.id,
        choices=packed,
        salt=salt,
        commitment=commitments.ballot(salt, vote.ref, marks.codes, points=marks.points, sector=sector),
        group_codes=groups,
        sector=sector,
        channel=channel.value,
        is_batched=is_batched,
    )


def _as_cast(vote: Vote, entry: RollEntry, ballot: Ballot, draft: Draft) -> CastBallot:
    codes = tuple(marks_of(vote, bytes(ballot.choices)).codes)
    return CastBallot(draft, entry.slot, ballot.commitment, ballot.salt, codes)


def _nothing_new(vote: Vote, entry: RollEntry) -> Draft:
    values = {"commit": commitments.EMPTY, "subject": entry.slot_ref(vote), "type": str(BallotEvent.CAST)}
    return Draft(values, None, None)


def enter_ballots(
    session: Session, vote: Vote, papers: Papers, ballots: Sequence[Marks], *, actor: Actor, now: datetime
) -> list[str]:
    """Put the papers of a batch to the other ballots, in random order; their commitments, sorted. ``vote`` is locked.

    They count everywhere from then on, and no number of them leaves before the vote is closed. Raises Conflict after
    the count, and when more would be entered than papers were handed out.
    """
    require(policies.can_enter_ballots(actor, vote, now=now))
    if queries.papers_entered(session, vote) + len(ballots) > queries.slots_on_paper(session, vote):
        raise Conflict(_l("More papers would be entered than were handed out. Nothing was entered."))
    unstated = ballot_groups.encode(sector=None, sex=None, age=None)
    packed = [pack_choices(vote, marks.codes, marks.points) for marks in ballots]
    _randomly.shuffle(packed)
    made = [_ballot(vote, each, Channel.PAPER, unstated, is_batched=True) for each in packed]
    session.add_all(made)
    commitments_made = sorted(ballot.commitment for ballot in made)
    payload = {
        "batch": papers.batch,
        "place": papers.place,
        "papers": len(made) + papers.invalid,
        "invalid": papers.invalid,
        "commitments": commitments_made,
    }
    record_in(session, BallotsEvent.ENTERED, vote, actor=actor, now=now, payload=payload)
    return commitments_made


def await_paper(session: Session, vote: Vote, *, actor: Actor, now: datetime) -> None:
    """From now on the vote is not counted before all boxes are in. Part of announcing a polling place."""
    if not vote.awaits_paper:
        vote.awaits_paper = True
        record_in(session, PaperEvent.AWAITED, vote, actor=actor, now=now)


def end_paper(session: Session, vote: Vote, *, actor: Actor, now: datetime) -> None:
    """Say that all boxes are in; the vote is counted where it is closed and nothing else is awaited. ``vote`` is
    locked, with options and process."""
    require(policies.can_end_paper(actor, vote, now=now))
    vote.awaits_paper = False
    payload = {"papers": queries.papers_entered(session, vote), "slots": queries.slots_on_paper(session, vote)}
    record_in(session, PaperEvent.ENDED, vote, actor=actor, now=now, payload=payload)
    if vote.status is VoteState.CLOSED and not vote.must_wait():
        publish_tally(session, vote, actor=actor, now=now)


def put_lists_on_roll(session: Session, vote: Vote, *, actor: Actor, now: datetime, reason: str) -> int:
    """Give a slot to every line of the city's lists by which nobody has proved anything: people without an account.

    How many. Only where the list is the one way to prove it, and no age is asked: whoever had proved it otherwise would
    be on the roll twice, and a list tells no ages. Raises Invalid. ``vote`` is locked, with its process.
    """
    require(policies.can_change_roll(actor, vote, now=now))
    rules = eligibility.rules_of(session, vote.process)
    if not rules.is_checked or rules.methods != (Method.LIST,) or rules.asks_age:
        raise Invalid(ONLY_BY_LIST)
    waiting = sorted(set(eligibility.unclaimed_lines(session, vote.process)) - queries.lines_on_roll(session, vote))
    if not waiting:
        raise Invalid(_l("There is nobody on the lists who is not on the roll already."))
    _randomly.shuffle(waiting)
    first = queries.last_slot(session, vote) + 1
    group = queries.group_of_sector(session, vote, sectors.counted_as(None)) if vote.decides_by_sector else None
    session.add_all(
        RollEntry(vote_id=vote.id, slot=at, line=line, sector_group=group)
        for at, line in enumerate(waiting, start=first)
    )
    payload = {"slots": first + len(waiting) - 1, "by_sector": {}, "reason": reason}
    record_in(session, RollEvent.EXTENDED, vote, actor=actor, now=now, payload=payload)
    return len(waiting)


ONLY_BY_LIST = _l(
    "People can stand on the roll by a list alone only where the list is the one way to prove who may vote, and no age"
    " is asked. Otherwise let them be checked at the counter."
)
