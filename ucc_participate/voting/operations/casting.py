"""Secret ballots of people."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import update
from sqlalchemy.orm import Session

from ...accounts.models import Profile
from ...audit import commitments
from ...audit.log import Draft
from ...kernel.decision import require
from ...kernel.errors import Forbidden
from ...kernel.identity import Actor, Role
from ...processes.participation import join
from .. import ballot_groups, policies, queries
from ..building import codes_of, pack_choices
from ..events import BallotEvent
from ..models import Ballot, BallotLink, Channel, RollEntry, Vote
from ..recording import record_in


@dataclass(frozen=True, slots=True)
class CastBallot:
    """What the voter gets: the log's draft and what opens the commitment."""

    draft: Draft
    slot: int
    commitment: str
    salt: bytes
    choices: tuple[str, ...]


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
    require(policies.can_use_slot(actor, entry, now=now, channel=Channel.INTERNET))
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
    draft = record_in(
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
