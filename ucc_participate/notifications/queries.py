"""Reading the outbox."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from .models import MessageState, OutboxMessage


def is_mail_due(session: Session, now: datetime) -> bool:
    due = select(OutboxMessage.id).where(OutboxMessage.state == MessageState.WAITING, OutboxMessage.send_at <= now)
    return session.scalar(due.limit(1)) is not None


def messages_to(session: Session, owner: str) -> list[OutboxMessage]:
    """What is known of the messages to an account, oldest first."""
    return list(session.scalars(select(OutboxMessage).where(OutboxMessage.owner == owner).order_by(OutboxMessage.id)))
