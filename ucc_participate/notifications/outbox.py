"""What is done to the outbox: put a mail in, take those that are due, note how it went, throw old ones away.

None of it is an operation of its own: a mail is a part of the act that causes it, as its audit entry is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from . import mailbox
from .models import Medium, MessageState, OutboxMessage

BATCH = 50
PATIENCE = timedelta(minutes=5)
"""How long a claimed mail is left alone. Who dies while sending gives it back by then."""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 600))
"""Waiting after the first, second, … failure. After one failure more than these it is given up."""
MOST_ATTEMPTS = len(PAUSES) + 1
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How sending one mail went; ``error`` is None when it was handed over."""

    message_id: int
    error: str | None


def queue_mail(
    session: Session,
    *,
    to: str,
    locale: str,
    template: str,
    data: dict[str, Any],
    now: datetime,
    owner: str | None = None,
    not_before: datetime | None = None,
) -> None:
    """Write a mail in the transaction of the act that causes it; a job sends it after the COMMIT.

    ``data``: strings, numbers and lists of them for ``templates/notifications/<template>.txt``, whose first line is the
    subject. ``stop_link`` among them is the address that stops such mails: it goes into the mail’s head (RFC 8058).
    ``owner``: the key of the account that it is for, None for an address that belongs to no account yet.
    ``not_before``: the end of quiet hours.
    An address under ``.invalid`` (RFC 2606) belongs to somebody who has none: nothing is written.
    """
    if to.endswith(".invalid"):
        return
    due = max(now, not_before or now)
    _queue(session, Medium.MAIL, owner=owner, to=to, locale=locale, template=template, data=data, now=due)


def queue_sms(
    session: Session,
    *,
    to: str,
    locale: str,
    template: str,
    data: dict[str, Any],
    now: datetime,
    owner: str | None = None,
) -> None:
    """As queue_mail, to a telephone number (+98…). The template's lines are sent as one text."""
    _queue(session, Medium.SMS, owner=owner, to=to, locale=locale, template=template, data=data, now=now)


def _queue(session: Session, medium: Medium, *, owner: str | None, to: str, now: datetime, **facts: Any) -> None:
    known = owner or _owner_of_address(to)
    message = OutboxMessage(
        medium=medium, owner=known, to=to, state=MessageState.WAITING, send_at=now, attempts=0, **facts
    )
    session.add(message)


def _owner_of_address(address: str) -> str:
    return f"address:{sha256(address.strip().lower().encode()).hexdigest()[:40]}"


def hand_over_messages(session: Session, address: str, owner: str) -> None:
    """What was written to an address before there was an account belongs to the account from now on."""
    before = OutboxMessage.owner == _owner_of_address(address)
    session.execute(update(OutboxMessage).where(before).values(owner=owner))


def claim(session: Session, *, now: datetime, limit: int = BATCH) -> Sequence[OutboxMessage]:
    """Take mails that are due, so that nobody else takes them within PATIENCE. One statement on both databases."""
    due = (
        select(OutboxMessage.id)
        .where(OutboxMessage.state == MessageState.WAITING, OutboxMessage.send_at <= now)
        .order_by(OutboxMessage.send_at, OutboxMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = (
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(due))
        .values(attempts=OutboxMessage.attempts + 1, send_at=now + PATIENCE)
        .returning(OutboxMessage)
        .execution_options(synchronize_session=False)
    )
    return sorted(session.scalars(taken), key=lambda message: message.id)


def settle(session: Session, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Note how sending went: sent, and address and data forgotten; or due again later; or given up."""
    errors = {outcome.message_id: outcome.error for outcome in outcomes}
    rows = select(OutboxMessage).where(OutboxMessage.id.in_(errors)).with_for_update()
    for message in session.scalars(rows):
        message.error = errors[message.id]
        if message.error is None:
            message.state, message.sent_at, message.to, message.data = MessageState.SENT, now, "", {}
        elif message.attempts >= MOST_ATTEMPTS:
            message.state, message.data = MessageState.FAILED, {}
        else:
            message.send_at = now + PAUSES[message.attempts - 1]


def remove_old(session: Session, *, now: datetime) -> list[str]:
    """Throw away what was sent or given up a month ago; the names under which a folder of mails may hold it."""
    done = or_(OutboxMessage.state == MessageState.SENT, OutboxMessage.state == MessageState.FAILED)
    old = delete(OutboxMessage).where(done, OutboxMessage.send_at < now - KEPT).returning(OutboxMessage.id)
    return _file_names(session.scalars(old).all())


def _file_names(numbers: Iterable[int]) -> list[str]:
    return [mailbox.file_name(f"{number:08}") for number in sorted(numbers)]


def forget_messages(session: Session, owner: str, addresses: Iterable[str]) -> list[str]:
    """Remove every message to an account or to these addresses, sent or not: part of erasing a person.

    Answers the names under which a folder of mails may hold them (``mailbox``).
    """
    known = {address.strip().lower() for address in addresses}
    owners = {owner, *(_owner_of_address(address) for address in known)}
    mine = or_(OutboxMessage.owner.in_(owners), OutboxMessage.to.in_(known))
    return _file_names(session.scalars(delete(OutboxMessage).where(mine).returning(OutboxMessage.id)).all())
