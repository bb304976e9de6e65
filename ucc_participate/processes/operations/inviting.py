"""Inviting organisations and noting what they say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.identity import Actor
from ...stakeholders.models import Organisation
from .. import invitations, policies, queries
from ..models import Channel, Invitation, InvitationState, Process, WayIn


def invite_organisations(
    session: Session,
    process: Process,
    organisations: Sequence[Organisation],
    *,
    channel: Channel,
    actor: Actor,
    now: datetime,
) -> list[Invitation]:
    """Note those who were not invited yet as invited; the new invitations, one audit entry each."""
    require(policies.can_invite(actor, process, now=now))
    known = {invitation.organisation_id for invitation in queries.list_invitations(session, process)}
    new = [organisation for organisation in organisations if organisation.id not in known]
    by: dict[str, Any] = {"channel": channel, "actor": actor, "now": now}
    return [invitations.invite(session, process, organisation, **by) for organisation in new]


def record_answer(
    session: Session,
    invitation: Invitation,
    process: Process,
    organisation: Organisation,
    *,
    answer: InvitationState,
    through: WayIn | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Note that an invited organisation takes part or declines; it may change its mind."""
    require(policies.can_record_answer(actor, process, now=now))
    if answer is InvitationState.INVITED:
        raise Invalid(_l("Choose what the organisation said."), field="answer")
    how: dict[str, Any] = {"answer": answer, "through": through, "actor": actor, "now": now}
    invitations.take_answer(session, invitation, process, organisation, **how)
