"""Inviting organisations and noting what they say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...audit.log import record
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.identity import Actor
from ...stakeholders.models import Organisation
from .. import policies, queries
from ..events import StakeholderEvent
from ..models import Channel, Invitation, InvitationState, Process


def invite_organisations(
    session: Session,
    process: Process,
    organisations: Sequence[Organisation],
    *,
    channel: Channel,
    actor: Actor,
    now: datetime,
) -> list[Invitation]:
    """Invite those who were not invited yet; the new invitations, one audit entry each."""
    require(policies.can_invite(actor, process, now=now))
    known = {invitation.organisation_id for invitation in queries.list_invitations(session, process)}
    invited = []
    for organisation in organisations:
        if organisation.id not in known:
            invitation = Invitation(process_id=process.id, organisation_id=organisation.id, channel=channel)
            invitation.status, invitation.invited_at = InvitationState.INVITED, now
            session.add(invitation)
            _record_invitation(session, invitation, process, organisation, actor=actor, now=now)
            invited.append(invitation)
    return invited


def record_answer(
    session: Session,
    invitation: Invitation,
    process: Process,
    organisation: Organisation,
    *,
    answer: InvitationState,
    actor: Actor,
    now: datetime,
) -> None:
    """Note that an invited organisation takes part or declines; it may change its mind."""
    require(policies.can_record_answer(actor, process, now=now))
    if answer is InvitationState.INVITED:
        raise Invalid(_l("Choose what the organisation said."), field="answer")
    invitation.status, invitation.answered_at = answer, now
    _record_invitation(session, invitation, process, organisation, actor=actor, now=now)


def _record_invitation(
    session: Session,
    invitation: Invitation,
    process: Process,
    organisation: Organisation,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    invitation.describe(organisation)
    event = {
        InvitationState.INVITED: StakeholderEvent.INVITED,
        InvitationState.ANSWERED: StakeholderEvent.ANSWERED,
        InvitationState.DECLINED: StakeholderEvent.DECLINED,
    }[invitation.status]
    record(
        session,
        event,
        actor=actor,
        subject=invitation.ref(process, organisation),
        process=process.ref,
        payload=invitation.public_payload(),
        now=now,
    )
