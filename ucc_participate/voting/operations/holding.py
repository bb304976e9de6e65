"""Holding a vote: announced with everything that it is counted by, opened over a frozen roll, extended."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.i18n import lazy_end
from ...kernel.identity import Actor
from ...processes.models import Process
from .. import policies, queries
from ..ballot_groups import common
from ..building import OptionLine, new_vote, require_affordable, require_times, voting_phases
from ..events import VoteEvent
from ..models import Franchise, Vote, VoteState
from ..recording import record_state
from ..rules import lots
from ..rules.schema import BY_LOT
from .rolls import freeze_roll

LEAST_OF_A_DISTRICT = 20
"""A district that fewer voters of the roll name is none in the breakdown."""
MOST_WEIGHT = 1_000


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
    public_value: str = "",
    weights: Mapping[str, int] | None = None,
) -> Vote:
    """Fix and publish rules and options. ``process`` has its phases loaded. Raises Invalid naming the field.

    Where ties are decided by a lot it is sealed here; ``public_value``: which value, known to nobody before the
    closing, will be drawn with. ``weights``: for how many the ballot of an invited organisation counts, by its ref.
    """
    require(policies.can_announce_in(actor, process, now=now))
    require_times(process, opens_at, closes_at, now)
    require_affordable(rules, options)
    secret, sealed = _with_lot(rules, public_value)
    vote = new_vote(
        process,
        title=title,
        franchise=franchise,
        rules=sealed,
        options=options,
        opens_at=opens_at,
        closes_at=closes_at,
        now=now,
    )
    vote.lot_secret = secret
    vote.weights = _weights(session, process, franchise, weights or {})
    _put_on_ballot(session, process, options, now)
    session.add(vote)
    session.flush()
    record_state(session, VoteEvent.ANNOUNCED, vote, process, actor=actor, now=now)
    return vote


def _with_lot(rules: Mapping[str, Any], public_value: str) -> tuple[bytes | None, Mapping[str, Any]]:
    """32 secret bytes and the rules with their seal, where the rules need a lot that nobody sealed yet."""
    if rules.get("tie") not in BY_LOT or rules.get("lot") is not None:
        return None, rules
    secret = secrets.token_bytes(32)
    return secret, {**rules, "lot": {"sha256": lots.seal(secret), "public_value": public_value.strip()}}


def _weights(
    session: Session, process: Process, franchise: Franchise, weights: Mapping[str, int]
) -> dict[str, int] | None:
    """Those that are not 1, each of an organisation that is invited; of people every ballot counts once."""
    others = {ref: weight for ref, weight in sorted(weights.items()) if weight != 1}
    if others and franchise is Franchise.INDIVIDUAL:
        raise Invalid(_l("Ballots of residents all count the same."), field="weights")
    if not all(1 <= weight <= MOST_WEIGHT for weight in others.values()):
        raise Invalid(_l("A weight is a whole number from 1 to %(most)s.", most=MOST_WEIGHT), field="weights")
    if strangers := others.keys() - {each.ref for each in queries.eligible_organisations(session, process)}:
        reason = _l("“%(name)s” is not an organisation that is invited. Leave it out.", name=min(strangers))
        raise Invalid(reason, field="weights")
    return others or None


def _put_on_ballot(session: Session, process: Process, options: Sequence[OptionLine], now: datetime) -> None:
    """From now on the proposals among the options cannot be withdrawn."""
    wanted = {line.proposal_id: line.title for line in options if line.proposal_id is not None}
    found = {each.id: each for each in queries.proposals_to_put_on_ballot(session, process, wanted)}
    for proposal_id, title in wanted.items():
        if proposal_id not in found or not found[proposal_id].can_be_voted_on:
            gone = _l("“%(title)s” is not on the list of proposals any more. Leave it out.", title=title)
            raise Invalid(gone, field="options")
        found[proposal_id].put_on_ballot(at=now)


def open_vote(session: Session, vote: Vote, *, actor: Actor, now: datetime) -> None:
    """Freeze the roll and open. ``vote`` is locked, with options and process loaded."""
    require(policies.can_open(actor, vote, now=now))
    vote.roll_size = freeze_roll(session, vote, actor=actor, now=now)
    vote.districts = common(queries.districts_on_roll(session, vote), least=LEAST_OF_A_DISTRICT)
    vote.move_to(VoteState.OPEN)
    record_state(session, VoteEvent.OPENED, vote, vote.process, actor=actor, now=now)


def extend_vote(session: Session, vote: Vote, *, actor: Actor, now: datetime, closes_at: datetime) -> None:
    """Move the closing time later, never earlier, and not beyond the voting phase. ``vote``: with its phases."""
    require(policies.can_extend(actor, vote, now=now))
    if closes_at <= vote.closes_at:
        raise Invalid(_l("A vote can be extended, not shortened."), field="closes_at")
    end = max((phase.ends_at for phase in voting_phases(vote.process)), default=vote.closes_at)
    if closes_at > end:
        reason = _l("The voting phase ends on %(day)s. Extend the phase first.", day=lazy_end(end))
        raise Invalid(reason, field="closes_at")
    vote.closes_at = closes_at
    record_state(session, VoteEvent.EXTENDED, vote, vote.process, actor=actor, now=now)
