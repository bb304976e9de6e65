"""Inviting organisations and noting what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...audit.log import record
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.i18n import in_language
from ...kernel.identity import Actor
from ...notifications.operations import queue_mail
from ...stakeholders.models import Organisation
from .. import policies, queries
from ..events import StakeholderEvent
from ..models import Channel, Invitation, InvitationState, Process, ProcessState


@dataclass(frozen=True, slots=True)
class InvitationMail:
    """How invitations by e-mail are written: the language, and the public address of the process."""

    locale: str
    address: str


def invite_organisations(
    session: Session,
    process: Process,
    organisations: Sequence[Organisation],
    *,
    channel: Channel,
    actor: Actor,
    now: datetime,
    mail: InvitationMail | None = None,
) -> list[Invitation]:
    """Invite those who were not invited yet; the new invitations, one audit entry each.

    ``mail``: write to those whose address is in the register; None where the city wrote to them already.
    """
    require(policies.can_invite(actor, process, now=now))
    if mail is not None and process.status is ProcessState.DRAFT:
        raise Invalid(_l("Publish the process first: the e-mail leads to its page."), field="channel")
    known = {invitation.organisation_id for invitation in queries.list_invitations(session, process)}
    invited = []
    for organisation in organisations:
        if organisation.id not in known:
            invitation = Invitation(process_id=process.id, organisation_id=organisation.id, channel=channel)
            invitation.status, invitation.invited_at = InvitationState.INVITED, now
            session.add(invitation)
            _record_invitation(session, invitation, process, organisation, actor=actor, now=now)
            if mail is not None and organisation.contact_email:
                _write_to(session, organisation, organisation.contact_email, process, mail, now=now)
            invited.append(invitation)
    return invited


def _write_to(
    session: Session, organisation: Organisation, address: str, process: Process, mail: InvitationMail, *, now: datetime
) -> None:
    data = {
        "organisation": organisation.name,
        "contact": organisation.contact_name or "",
        "title": in_language(process.title, mail.locale).text,
        "purpose": in_language(process.purpose, mail.locale).text,
        "responsible": process.responsible or "",
        "address": mail.address,
    }
    queue_mail(session, to=address, locale=mail.locale, template="invitation", data=data, now=now)


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
