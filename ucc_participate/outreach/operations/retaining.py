"""What is kept how long: what was said beside invitations, tries of codes, of what people were told."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ...accounts.policies import can_retain
from ...accounts.retention import note_retention
from ...kernel.decision import require
from ...kernel.identity import Actor
from ...processes.models import Invitation, Process
from ..models import InvitationNote, Told

TOLD_KEPT = timedelta(days=30)
"""Longer than news stays news (``news.WINDOW``): nothing is told twice."""


def forget_notes(session: Session, *, closed_before: datetime, actor: Actor, now: datetime) -> int:
    """Remove what organisations said and clerks wrote beside invitations to processes closed by then; how much."""
    require(can_retain(actor, now=now))
    invitations = select(Invitation.id).join(Process).where(Process.closed_at < closed_before)
    past = InvitationNote.invitation_id.in_(invitations)
    count = session.scalar(select(func.count()).where(past)) or 0
    if count:
        session.execute(delete(InvitationNote).where(past))
        note_retention(session, "invitation_notes", count, actor=actor, now=now)
    return count


def remove_stale(session: Session, *, actor: Actor, now: datetime) -> None:
    """Forget of what people were told after a month."""
    session.execute(delete(Told).where(Told.told_at < now - TOLD_KEPT))
