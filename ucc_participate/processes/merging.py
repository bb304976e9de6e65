"""What becomes of invitations when two entries of the register are merged.

Closed processes stay as they were. In every other one the survivor takes over: it is invited if only the other was, and
the newest answer holds. The merged one's invitation stays, marked with who stands for it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from ..kernel.identity import Actor
from ..stakeholders.lineage import Holding, MergePart
from ..stakeholders.models import Organisation
from .events import StakeholderEvent
from .invitations import ANSWERS, note
from .models import Invitation, InvitationState, Process, ProcessState


def _holdings(session: Session, merged: Organisation) -> list[Holding]:
    is_closed = Process.status == ProcessState.CLOSED
    counts = select(func.count().filter(~is_closed), func.count().filter(is_closed)).select_from(Invitation)
    current, past = session.execute(
        counts.join(Process, Process.id == Invitation.process_id).where(Invitation.organisation_id == merged.id)
    ).one()
    takes_over = _l("The survivor is invited in its place; the newest answer holds.")
    stays = _l("Stay as they were; counted for the survivor.")
    return [
        Holding(_l("Invitations to processes that are not closed"), current, takes_over),
        Holding(_l("Invitations to closed processes"), past, stays),
    ]


def _move(session: Session, merged: Organisation, survivor: Organisation, *, actor: Actor, now: datetime) -> None:
    by: dict[str, Any] = {"actor": actor, "now": now}
    for theirs in _current(session, merged):
        _take_over(session, theirs, survivor, **by)
        theirs.organisation_state = {**theirs.organisation_state, "merged_into": survivor.ref}
        note(session, StakeholderEvent.MERGED, theirs, theirs.process, merged, **by)
    session.flush()


def _current(session: Session, organisation: Organisation) -> list[Invitation]:
    rows = select(Invitation).join(Process, Process.id == Invitation.process_id).order_by(Invitation.id)
    of_it = (Invitation.organisation_id == organisation.id, Process.status != ProcessState.CLOSED)
    rows = rows.where(*of_it).options(joinedload(Invitation.process))
    return list(session.scalars(rows.with_for_update(of=Invitation)))


def _take_over(session: Session, theirs: Invitation, survivor: Organisation, **by: Any) -> None:
    process = theirs.process
    own = session.scalar(
        select(Invitation)
        .where(Invitation.process_id == process.id, Invitation.organisation_id == survivor.id)
        .with_for_update()
    )
    is_new = own is None
    if own is None:
        own = Invitation(process_id=process.id, organisation_id=survivor.id, channel=theirs.channel, reminders=0)
        own.status, own.invited_at = InvitationState.INVITED, theirs.invited_at
        session.add(own)
    if _take_moments(own, theirs) or is_new:
        note(session, StakeholderEvent.INVITED, own, process, survivor, **by)
    if theirs.answered_at is not None and (own.answered_at is None or theirs.answered_at > own.answered_at):
        own.status, own.answered_at = theirs.status, theirs.answered_at
        own.answered_through = theirs.answered_through
        note(session, ANSWERS[own.status], own, process, survivor, **by)


def _take_moments(own: Invitation, theirs: Invitation) -> bool:
    """Of both the first reading and coming, and of reminders the most: nobody is nagged twice. Whether this is new."""
    before = (own.opened_at, own.attended_at, own.reminders, own.reminded_at)
    own.opened_at = min((at for at in (own.opened_at, theirs.opened_at) if at is not None), default=None)
    own.attended_at = min((at for at in (own.attended_at, theirs.attended_at) if at is not None), default=None)
    own.reminders = max(own.reminders, theirs.reminders)
    own.reminded_at = max((at for at in (own.reminded_at, theirs.reminded_at) if at is not None), default=None)
    return before != (own.opened_at, own.attended_at, own.reminders, own.reminded_at)


PART = MergePart(_holdings, move=_move)
