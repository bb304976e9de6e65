"""Reading the outbox."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from .models import MessageState, OutboxMessage


def is_mail_due(session: Session, now: datetime) -> bool:
    due = select(OutboxMessage.id).where(OutboxMessage.state == MessageState.WAITING, OutboxMessage.send_at <= now)
    return session.scalar(due.limit(1)) is not None


def messages_to(session: Session, owner: str) -> list[OutboxMessage]:
    """What is known of the messages to an account, oldest first."""
    return list(session.scalars(select(OutboxMessage).where(OutboxMessage.owner == owner).order_by(OutboxMessage.id)))


def count_bulk_waiting(session: Session, now: datetime) -> int:
    """How many mails to many people wait for the mail server, the first time or again; not for a morning."""
    waiting = (OutboxMessage.state == MessageState.WAITING, OutboxMessage.is_bulk)
    held_up = (OutboxMessage.send_at <= now) | OutboxMessage.error.is_not(None)
    return session.scalar(select(func.count()).where(*waiting, held_up)) or 0


class Mishap(StrEnum):
    """Why a message did not arrive, as far as a person needs to know."""

    NO_SUCH_ADDRESS = "no_such_address"
    TURNED_AWAY = "turned_away"
    UNREACHABLE = "unreachable"
    UNWRITABLE = "unwritable"


@dataclass(frozen=True, slots=True)
class Undelivered:
    """So many messages of one template that did not arrive, and why; nobody's address."""

    template: str
    mishap: Mishap
    is_given_up: bool
    count: int


def undelivered(session: Session, since: datetime) -> list[Undelivered]:
    """What was given up since a moment, and what failed so far and is tried again; one query."""
    query = select(OutboxMessage.template, OutboxMessage.state, OutboxMessage.error, func.count())
    query = query.where(OutboxMessage.error.is_not(None), OutboxMessage.state != MessageState.SENT)
    query = query.where(OutboxMessage.send_at >= since)
    groups: dict[tuple[str, Mishap, bool], int] = {}
    rows = session.execute(query.group_by(OutboxMessage.template, OutboxMessage.state, OutboxMessage.error))
    for template, state, error, count in rows:
        key = (template, mishap_of(error or ""), state is MessageState.FAILED)
        groups[key] = groups.get(key, 0) + count
    return [Undelivered(*key, count) for key, count in sorted(groups.items())]


_BY_FAULT: Iterable[tuple[Mishap, tuple[str, ...]]] = (
    (Mishap.NO_SUCH_ADDRESS, ("SMTPRecipientsRefused",)),
    (Mishap.TURNED_AWAY, ("SMTPSenderRefused", "SMTPDataError", "SMTPAuthenticationError", "SMTPResponseException")),
    (Mishap.UNWRITABLE, ("TemplateNotFound", "UndefinedError", "UnicodeEncodeError", "ValueError", "HeaderWriteError")),
)


def mishap_of(error: str) -> Mishap:
    """What an ``error`` of the outbox comes down to; an address that is refused for now is only turned away."""
    name, _colon, said = error.partition(":")
    if name == "SMTPRecipientsRefused" and not said.strip().startswith("5"):
        return Mishap.TURNED_AWAY
    return next((mishap for mishap, names in _BY_FAULT if name in names), Mishap.UNREACHABLE)
