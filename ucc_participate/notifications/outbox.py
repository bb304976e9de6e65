"""What is done to the outbox: put a mail in, take those that are due, note how it went, throw old ones away.

None of it is an operation of its own: a mail is a part of the act that causes it, as its audit entry is.
"""

from __future__ import annotations

from collections import Counter
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
LOOK_AHEAD = 500
"""Among so many that are due a round chooses, so that one domain does not hold up the others."""
PER_DOMAIN = 20
"""Mails to one domain in one round: large providers turn away who sends too much at once."""
PATIENCE = timedelta(minutes=6)
"""How long a claimed mail is left alone. Who dies while sending gives it back by then."""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240, 480, 960, 1440, 1440, 1440))
"""Waiting after the first, second, … failure, four days and some hours in all (RFC 5321 §4.5.4.1 asks for that).
After one failure more than these it is given up."""
MOST_ATTEMPTS = len(PAUSES) + 1
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How sending one mail went; ``error`` is None when it was handed over. ``is_final``: trying again is no use."""

    message_id: int
    error: str | None
    is_final: bool = False


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
    is_bulk: bool = False,
) -> None:
    """Write a mail in the transaction of the act that causes it; a job sends it after the COMMIT.

    ``data``: strings, numbers and lists of them for ``templates/notifications/<template>.txt``, whose first line is the
    subject. ``stop_link`` among them is the address that stops such mails: it goes into the mail’s head (RFC 8058).
    ``owner``: the key of the account that it is for, None for an address that belongs to no account yet.
    ``not_before``: the end of quiet hours. ``is_bulk``: one of many; mails to single people go first.
    An address under ``.invalid`` (RFC 2606) belongs to somebody who has none: nothing is written.
    """
    if to.endswith(".invalid"):
        return
    due = max(now, not_before or now)
    facts: dict[str, Any] = {"locale": locale, "template": template, "data": data, "is_bulk": is_bulk}
    _queue(session, Medium.MAIL, owner=owner, to=to, now=due, **facts)


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
    """Take mails that are due, so that nobody else takes them within PATIENCE.

    Those to single people before those to many, the oldest first, at most PER_DOMAIN to one domain.
    """
    due = (
        select(OutboxMessage.id, OutboxMessage.to)
        .where(OutboxMessage.state == MessageState.WAITING, OutboxMessage.send_at <= now)
        .order_by(OutboxMessage.is_bulk, OutboxMessage.send_at, OutboxMessage.id)
        .limit(LOOK_AHEAD)
        .with_for_update(skip_locked=True)
    )
    chosen = _in_turn([(row.id, row.to) for row in session.execute(due)])[:limit]
    taken = (
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(chosen))
        .values(send_at=now + PATIENCE)
        .returning(OutboxMessage)
        .execution_options(synchronize_session=False)
    )
    places = {number: place for place, number in enumerate(chosen)}
    return sorted(session.scalars(taken), key=lambda message: places[message.id])


def _in_turn(due: Sequence[tuple[int, str]]) -> list[int]:
    """Without what is too much for one domain in one round. A telephone number is a domain of its own."""
    counts: Counter[str] = Counter()
    chosen = []
    for number, address in due:
        domain = address.rpartition("@")[2].lower()
        counts[domain] += 1
        if counts[domain] <= PER_DOMAIN:
            chosen.append(number)
    return chosen


def settle(session: Session, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Note how sending went: sent, and address and data forgotten; or due again later; or given up."""
    known = {outcome.message_id: outcome for outcome in outcomes}
    rows = select(OutboxMessage).where(OutboxMessage.id.in_(known)).with_for_update()
    for message in session.scalars(rows):
        outcome = known[message.id]
        message.error, message.attempts = outcome.error, message.attempts + 1
        if outcome.error is None:
            message.state, message.sent_at, message.to, message.data = MessageState.SENT, now, "", {}
        elif outcome.is_final or message.attempts >= MOST_ATTEMPTS:
            message.state, message.to, message.data = MessageState.FAILED, "", {}
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
