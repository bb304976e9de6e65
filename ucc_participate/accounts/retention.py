"""What is kept how long: calendar arithmetic, the last use of accounts, and the entry that something was removed."""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime, timezone

from sqlalchemy.orm import Session

from ..audit.log import record
from ..kernel.identity import Actor
from .events import PersonalDataEvent
from .models import Account, AccountUse


def months_before(now: datetime, months: int) -> datetime:
    """The same day and time so many months ago; the last day of the month where that day is missing."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    day = min(now.day, monthrange(year, month + 1)[1])
    return now.astimezone(timezone.utc).replace(year=year, month=month + 1, day=day)


def note_use(session: Session, account: Account, *, now: datetime) -> None:
    """Somebody signs in: the account is in use, whatever it was asked. Part of the operation that signs in."""
    use = session.get(AccountUse, account.id) or AccountUse(account_id=account.id)
    use.last_used_on, use.asked_at = now.date(), None
    session.add(use)


def note_retention(session: Session, rule: str, count: int, *, actor: Actor, now: datetime) -> None:
    """The entry that something was removed: how much, never whose. Part of the operation that removes."""
    payload = {"rule": rule, "count": count}
    subject = f"retention/{rule}"
    record(session, PersonalDataEvent.RETENTION_EXECUTED, actor=actor, subject=subject, payload=payload, now=now)
