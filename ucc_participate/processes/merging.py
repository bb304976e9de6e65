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

from ..audit.log import record
from ..kernel.identity import Actor
from ..stakeholders.lineage import Holding, MergePart
from ..stakeholders.models import Organisation
from .events import StakeholderEvent
from .models import Invitation, InvitationState, Process, ProcessState

ANSWERS = {
    InvitationState.ANSWERED: StakeholderEvent.ANSWERED,
    InvitationState.DECLINED: StakeholderEvent.DECLINED,
}


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
    for invitation in _current(session, merged):
        _take_over(session, invitation, survivor, actor=actor, now=now)
        invitation.organisation_state = {**invitation.organisation_state, "merged_into": survivor.ref}
        _tell(session, StakeholderEvent.MERGED, invitation, merged, actor=actor, now=now)


def _current(session: Session, organisation: Organisation) -> list[Invitation]:
    rows = select(Invitation).join(Process, Process.id == Invitation.process_id).order_by(Invitation.id)
    of_it = (Invitation.organisation_id == organisation.id, Process.status != ProcessState.CLOSED)
    return list(
        session.scalars(rows.where(*of_it).options(joinedload(Invitation.process)).with_for_update(of=Invitation))
    )


def _take_over(session: Session, theirs: Invitation, survivor: Organisation, *, actor: Actor, now: datetime) -> None:
    own = session.scalar(
        select(Invitation)
        .where(Invitation.process_id == theirs.process_id, Invitation.organisation_id == survivor.id)
        .options(joinedload(Invitation.process))
        .with_for_update(of=Invitation)
    )
    by: dict[str, Any] = {"actor": actor, "now": now}
    is_new = own is None
    if own is None:
        own = Invitation(process_id=theirs.process_id, organisation_id=survivor.id, channel=theirs.channel)
        own.status, own.invited_at, own.process = InvitationState.INVITED, theirs.invited_at, theirs.process
        session.add(own)
    came = _take_moments(own, theirs)
    if is_new or came:
        own.describe(survivor)
        _tell(session, StakeholderEvent.INVITED, own, survivor, **by)
    if theirs.answered_at is not None and (own.answered_at is None or theirs.answered_at > own.answered_at):
        own.status, own.answered_at = theirs.status, theirs.answered_at
        own.describe(survivor)
        _tell(session, ANSWERS[own.status], own, survivor, **by)


def _take_moments(own: Invitation, theirs: Invitation) -> bool:
    """The earlier of both; whether anything is new."""
    changed = False
    for name in ("opened_at", "attended_at"):
        moments = [at for at in (getattr(own, name), getattr(theirs, name)) if at is not None]
        earliest = min(moments, default=None)
        changed = changed or earliest != getattr(own, name)
        setattr(own, name, earliest)
    return changed


def _tell(
    session: Session,
    event: StakeholderEvent,
    invitation: Invitation,
    organisation: Organisation,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    process = invitation.process
    subject, payload = invitation.ref(process, organisation), invitation.public_payload()
    record(session, event, actor=actor, subject=subject, process=process.ref, payload=payload, now=now)


PART = MergePart(_holdings, move=_move)
