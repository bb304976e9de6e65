"""Secret ballots of people."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import update
from sqlalchemy.orm import Session

from ...accounts.models import Account, Profile
from ...audit import commitments
from ...audit.log import Draft
from ...kernel.decision import require
from ...kernel.errors import Forbidden
from ...kernel.identity import Actor, Role
from ...processes.participation import join
from .. import ballot_groups, policies, queries
from ..dropping import drop_draft
from ..events import BallotEvent
from ..models import Ballot, BallotLink, RollEntry, Vote
from ..packing import marks_of, pack_choices
from ..recording import record_in


@dataclass(frozen=True, slots=True)
class CastBallot:
    """What the voter gets: the log's draft and what opens the commitment."""

    draft: Draft
    slot: int
    commitment: str
    salt: bytes
    choices: tuple[str, ...]
    points: tuple[int, ...] | None = None


def cast_ballot(
    session: Session,
    vote: Vote,
    *,
    actor: Actor,
    now: datetime,
    choices: Sequence[str],
    points: Sequence[int] | None = None,
    idempotency_key: str,
    channel: str = "internet",
) -> CastBallot:
    """Cast or replace one's own secret ballot. ``choices`` and ``points`` as for ``pack_choices``; none: a blank one.

    What waited as a draft is destroyed. The same ``idempotency_key`` and marks again give the same ballot; other ones
    under that key, as after going back in the browser, are a ballot of their own. The ballot lies apart from the
    person: BallotLink alone joins them, until the vote is closed. Raises Conflict when the vote takes no ballots,
    Forbidden when not on the roll or not a person with an account any more, Invalid for what the rules do not allow.
    """
    require(policies.can_cast(actor, vote, now=now))
    account_id = _account_id(actor)
    entry = queries.roll_entry_to_use(session, vote, account_id=account_id)
    if entry is None:
        raise Forbidden(_l("You are not on the roll of this vote. The roll was frozen when the vote opened."))
    _require_account(session, account_id)
    link = queries.link_to_change(session, entry)
    packed = pack_choices(vote, choices, points)
    if link is not None and link.idempotency_key == idempotency_key:
        same = session.get_one(Ballot, link.ballot_key)
        if same.choices == packed:
            return _cast_again(vote, entry, same)
    ballot = _new_ballot(session, vote, packed, channel, entry, now=now)
    _link(session, entry, link, ballot, idempotency_key)
    drop_draft(session, entry, account_id)
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


def _require_account(session: Session, account_id: int) -> None:
    """A slot stays when its person closes the account; nobody votes with it any more."""
    account = session.get(Account, account_id)
    if account is None or not account.is_active:
        raise Forbidden(_l("This account is closed. Nobody can vote with it any more."))


def _new_ballot(
    session: Session, vote: Vote, packed: bytes, channel: str, entry: RollEntry, *, now: datetime
) -> Ballot:
    salt, said = commitments.new_salt(), marks_of(vote, packed)
    sector = entry.sector_group if vote.decides_by_sector else None
    ballot = Ballot(
        key=secrets.token_hex(16),
        vote_id=vote.id,
        choices=packed,
        salt=salt,
        commitment=commitments.ballot(salt, vote.ref, said.codes, points=said.points, sector=sector),
        group_codes=ballot_groups.of_profile(session.get(Profile, entry.account_id), now.year, vote.districts),
        sector=sector,
        channel=channel,
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
    said = marks_of(vote, ballot.choices)
    return CastBallot(draft, entry.slot, ballot.commitment, ballot.salt, said.codes, said.points)


def _cast_again(vote: Vote, entry: RollEntry, ballot: Ballot) -> CastBallot:
    """The same click arrived twice: the ballot stands as it was, nothing is written."""
    values = {"commit": commitments.EMPTY, "subject": entry.slot_ref(vote), "type": str(BallotEvent.CAST)}
    return _cast(vote, entry, ballot, Draft(values, None, None))
