"""Writing invitations and what becomes of them, inside the operations whose part that is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from ..audit.log import record
from ..kernel.identity import Actor
from ..stakeholders.models import Organisation
from .events import StakeholderEvent
from .models import Channel, Invitation, InvitationState, Process, WayIn

ANSWERS = {
    InvitationState.ANSWERED: StakeholderEvent.ANSWERED,
    InvitationState.DECLINED: StakeholderEvent.DECLINED,
}


def invite(
    session: Session, process: Process, organisation: Organisation, *, channel: Channel, actor: Actor, now: datetime
) -> Invitation:
    """A new invitation with its audit entry; the caller knows that there is none yet."""
    invitation = Invitation(process_id=process.id, organisation_id=organisation.id, channel=channel, reminders=0)
    invitation.status, invitation.invited_at = InvitationState.INVITED, now
    session.add(invitation)
    note(session, StakeholderEvent.INVITED, invitation, process, organisation, actor=actor, now=now)
    return invitation


def take_answer(
    session: Session,
    invitation: Invitation,
    process: Process,
    organisation: Organisation,
    *,
    answer: InvitationState,
    through: WayIn | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Write down ANSWERED or DECLINED with its audit entry; an answer may change."""
    invitation.status, invitation.answered_at, invitation.answered_through = answer, now, through
    note(session, ANSWERS[answer], invitation, process, organisation, actor=actor, now=now)


def note(
    session: Session,
    event: StakeholderEvent,
    invitation: Invitation,
    process: Process,
    organisation: Organisation,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """The audit entry of what has just become of the invitation: its whole public state."""
    invitation.describe(organisation)
    subject, payload = invitation.ref(process, organisation), invitation.public_payload()
    record(session, event, actor=actor, subject=subject, process=process.ref, payload=payload, now=now)
