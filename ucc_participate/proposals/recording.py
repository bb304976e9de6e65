"""How operations write entries about proposals."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from ..audit.log import record
from ..kernel.identity import Actor, Role
from .events import ProposalEvent
from .models import Proposal


def role_of(proposal: Proposal) -> Role:
    """Who proposes acts as a resident or a delegate, whatever other roles the account has."""
    return Role.DELEGATE if proposal.organisation_id is not None else Role.RESIDENT


def record_draft(session: Session, event: ProposalEvent, proposal: Proposal, *, actor: Actor, now: datetime) -> None:
    """That there was a draft, and nothing of it."""
    process = proposal.process.ref
    record(session, event, actor=actor, subject=proposal.ref, process=process, now=now, role=Role.RESIDENT)


def record_state(
    session: Session,
    event: ProposalEvent,
    proposal: Proposal,
    *,
    actor: Actor,
    now: datetime,
    role: Role | None = None,
) -> None:
    """The whole public state after the event; needs ``organisation`` and ``process`` loaded."""
    record(
        session,
        event,
        actor=actor,
        subject=proposal.ref,
        process=proposal.process.ref,
        payload=proposal.public_payload(),
        now=now,
        role=role,
    )
