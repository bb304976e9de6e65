"""Kiosks: started for one place, lent to one voter after the other, and remembering none of them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...audit.log import record
from ...kernel.codes import Digests
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.identity import Actor, new_public_id
from ...voting import operations as voting
from ...voting import policies as voting_policies
from ...voting.models import Channel, RollEntry
from ...voting.operations import CastBallot
from ...voting.queries import slot_to_use
from .. import policies, queries
from ..events import ACT, PollingEvent
from ..models import Kiosk, KioskTurn, PollingPlace

LASTS = timedelta(hours=12)
RECEIPT = timedelta(minutes=2)
RELEASED = timedelta(minutes=10)
MOST_WRONG_CODES = 10
"""After so many a kiosk takes no code any more until the staff has started it anew."""
LEAST_IDLE, MOST_IDLE = 2, 60


def start_kiosk(
    session: Session, place: PollingPlace, *, idle_minutes: int, digests: Digests, actor: Actor, now: datetime
) -> tuple[Kiosk, str]:
    """A kiosk, and what its browser holds: it opens nothing but this. ``place`` is locked, with its vote."""
    require(policies.can_serve(actor, place, now=now))
    if not LEAST_IDLE <= idle_minutes <= MOST_IDLE:
        words = _l("Between %(least)s and %(most)s minutes.", least=LEAST_IDLE, most=MOST_IDLE)
        raise Invalid(words, field="idle_minutes")
    token = secrets.token_urlsafe(32)
    number = max((kiosk.number for kiosk in queries.kiosks_of(session, place)), default=0) + 1
    kiosk = Kiosk(
        public_id=new_public_id(),
        place_id=place.id,
        place=place,
        number=number,
        token=digests("kiosk", token),
        idle_minutes=idle_minutes,
        wrong_codes=0,
        ends_at=min(now + LASTS, place.closes_at),
    )
    session.add(kiosk)
    _record(session, PollingEvent.KIOSK_STARTED, kiosk, actor, now)
    return kiosk, token


def stop_kiosk(session: Session, kiosk: Kiosk, *, actor: Actor, now: datetime) -> None:
    """Its browser opens nothing any more. ``kiosk`` is locked."""
    require(policies.can_watch(actor, kiosk.place.vote, now=now))
    if kiosk.ended_at is not None:
        raise Conflict(_l("This kiosk has been stopped already."))
    kiosk.ended_at = now
    _record(session, PollingEvent.KIOSK_STOPPED, kiosk, actor, now)


def _record(session: Session, event: PollingEvent, kiosk: Kiosk, actor: Actor, now: datetime) -> None:
    vote = kiosk.place.vote
    about: dict[str, Any] = {"subject": kiosk.place.ref, "process": vote.process.ref, "schema": ACT}
    record(session, event, actor=actor, now=now, payload={"vote": vote.ref, "kiosk": kiosk.number}, **about)


def begin_turn(
    session: Session, kiosk: Kiosk, *, code: str, digests: Digests, actor: Actor, now: datetime
) -> str | None:
    """A voter has typed a code (``code``: its digest): what the browser holds from then on; None for a wrong code,
    which is counted. ``kiosk`` is locked. Raises Conflict, in words for the voter, for a slot that has been used."""
    require(policies.can_use(actor, kiosk, now=now))
    if kiosk.wrong_codes >= MOST_WRONG_CODES:
        raise Conflict(_l("Too many wrong codes were typed here. Ask the staff to start this kiosk anew."))
    voter = queries.voter_by_code(session, kiosk.place.vote, code)
    if voter is None:
        kiosk.wrong_codes += 1
        return None
    return _lend(session, kiosk, _free(session, kiosk, voter.entry, actor, now), digests, now)


def release_ballot(session: Session, kiosk: Kiosk, entry: RollEntry, *, actor: Actor, now: datetime) -> None:
    """A clerk has seen who it is, and lets the kiosk give them one ballot. ``kiosk`` and ``entry`` are locked."""
    require(policies.can_serve(actor, kiosk.place, now=now))
    require(policies.can_use(actor, kiosk, now=now))
    if queries.turn_waiting(session, kiosk, now) is not None:
        raise Conflict(_l("A ballot waits at this kiosk already. Let its voter take it first."))
    free = _free(session, kiosk, entry, actor, now)
    session.add(KioskTurn(roll_entry_id=free.id, kiosk_id=kiosk.id, token=None, ends_at=now + RELEASED, has_cast=False))


def take_released(session: Session, kiosk: Kiosk, *, digests: Digests, actor: Actor, now: datetime) -> str:
    """The voter for whom a ballot was released presses the button. ``kiosk`` is locked. Raises Conflict for none."""
    require(policies.can_use(actor, kiosk, now=now))
    turn = queries.turn_waiting(session, kiosk, now)
    if turn is None:
        raise Conflict(_l("No ballot waits here. Ask the staff, or type your code."))
    token = secrets.token_urlsafe(32)
    turn.token, turn.ends_at = digests("turn", token), now + timedelta(minutes=kiosk.idle_minutes)
    return token


def _free(session: Session, kiosk: Kiosk, entry: RollEntry, actor: Actor, now: datetime) -> RollEntry:
    """The slot, locked, if it may cast a ballot at a kiosk and stands at no other one."""
    vote = kiosk.place.vote
    locked = slot_to_use(session, vote, entry.slot)
    require(voting_policies.can_use_slot(actor, locked, now=now, channel=Channel.KIOSK))
    turn = queries.turn_of_entry(session, locked)
    if turn is not None and turn.ends_at > now and turn.kiosk_id != kiosk.id:
        raise Conflict(_l("This code is being used at another kiosk at this moment."))
    if turn is not None:
        session.delete(turn)
        session.flush()
    require(voting_policies.can_take_in_person(actor, vote, now=now))
    return locked


def _lend(session: Session, kiosk: Kiosk, entry: RollEntry, digests: Digests, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    ends_at = now + timedelta(minutes=kiosk.idle_minutes)
    mark = digests("turn", token)
    session.add(KioskTurn(roll_entry_id=entry.id, kiosk_id=kiosk.id, token=mark, ends_at=ends_at, has_cast=False))
    return token


def keep_turn(session: Session, kiosk: Kiosk, turn: KioskTurn, *, actor: Actor, now: datetime) -> None:
    """The voter is still there: the time begins anew. Nothing of the ballot is kept."""
    require(policies.can_use(actor, kiosk, now=now))
    if not turn.has_cast:
        turn.ends_at = now + timedelta(minutes=kiosk.idle_minutes)


def cast_at_kiosk(
    session: Session,
    kiosk: Kiosk,
    turn: KioskTurn,
    *,
    choices: Sequence[str],
    points: Sequence[int] | None,
    idempotency_key: str,
    actor: Actor,
    now: datetime,
) -> CastBallot:
    """Cast the ballot of the voter who stands there. Raises Conflict when the vote has closed meanwhile or the slot was
    used in another way."""
    require(policies.can_use(actor, kiosk, now=now))
    vote = kiosk.place.vote
    entry = slot_to_use(session, vote, turn.entry.slot)
    facts: dict[str, Any] = {"choices": choices, "points": points, "idempotency_key": idempotency_key}
    ballot = voting.cast_at_kiosk(session, vote, entry, actor=actor, now=now, **facts)
    turn.has_cast, turn.ends_at = True, now + RECEIPT
    return ballot


def end_turn(session: Session, turn: KioskTurn, *, actor: Actor, now: datetime) -> None:
    """Forget the voter, who is done."""
    session.delete(turn)


def forget_turns(session: Session, *, actor: Actor, now: datetime) -> int:
    """Forget voters whose time is over; a job."""
    over = queries.turns_over(session, now)
    for turn in over:
        session.delete(turn)
    return len(over)
