"""At the clerks' table: papers handed out, and what goes wrong with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...audit.log import record
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.identity import Actor, new_public_id
from ...voting import operations as voting
from ...voting.models import Channel, RollEntry, Vote
from .. import policies, queries
from ..events import ACT, PollingEvent
from ..models import REASONS, BallotBox, Mishap, MishapReason, PaperMishap


def hand_out_paper(
    session: Session, vote: Vote, box: BallotBox, entry: RollEntry, *, actor: Actor, now: datetime
) -> None:
    """A voter gets a paper for this box. ``box`` and ``entry`` are locked.

    Which box a slot's paper went into is kept nowhere: only how many went into each. Raises Conflict, in words for the
    clerk, for a slot that has been used or stands at a kiosk.
    """
    require(policies.can_put_into(actor, box, now=now))
    turn = queries.turn_of_entry(session, entry)
    if turn is not None and turn.ends_at > now and not turn.has_cast:
        raise Conflict(AT_KIOSK)
    voting.hand_out_paper(session, vote, entry, actor=actor, now=now)
    box.handed_out += 1


AT_KIOSK = _l("This person stands at a kiosk with this ballot at the moment. Wait until they are done.")


def ask_mishap(
    session: Session,
    box: BallotBox,
    *,
    kind: Mishap,
    reason: MishapReason,
    entry: RollEntry | None,
    actor: Actor,
    now: datetime,
) -> PaperMishap:
    """One of the staff says that a paper came back or was spoiled; nothing changes before another one confirms.

    ``entry``: whose paper came back, for ``RETURNED`` alone. Raises Invalid naming the field.
    """
    require(policies.can_put_into(actor, box, now=now))
    if reason not in REASONS[kind]:
        raise Invalid(_l("Choose why."), field="reason")
    if entry is not None and (not entry.has_voted or entry.channel is not Channel.PAPER):
        raise Conflict(_l("No paper was handed out for this place on the roll."))
    if entry is not None and queries.is_waiting_for(session, entry):
        raise Conflict(_l("The return of this paper waits for a second person already."))
    mishap = PaperMishap(public_id=new_public_id(), box_id=box.id, box=box, kind=kind, reason=reason)
    mishap.roll_entry_id = entry.id if entry is not None else None
    mishap.asked_by, mishap.asked_at = actor.key, now
    session.add(mishap)
    return mishap


def confirm_mishap(
    session: Session, vote: Vote, mishap: PaperMishap, entry: RollEntry | None, *, actor: Actor, now: datetime
) -> None:
    """The second person has seen the paper. ``mishap``, its box and ``entry`` are locked."""
    require(policies.can_confirm(actor, mishap, now=now))
    mishap.confirmed_by = actor.key
    box = mishap.box
    if mishap.kind is Mishap.RETURNED:
        if entry is None or box.handed_out == 0:
            raise Conflict(_l("No paper was handed out for this box."))
        voting.take_paper_back(session, vote, entry, actor=actor, now=now)
        box.handed_out -= 1
        mishap.roll_entry_id = None  # nothing is to be looked up by it any more
        return
    box.spoiled += 1
    facts: dict[str, Any] = {"subject": box.ref, "process": vote.process.ref, "schema": ACT}
    payload = {"reason": mishap.reason.value}
    record(session, PollingEvent.PAPER_REPLACED, actor=actor, now=now, payload=payload, **facts)
