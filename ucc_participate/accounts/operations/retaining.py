"""Accounts that nobody uses: their owners are asked; those who do not answer are erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from ...kernel.decision import require
from ...kernel.identity import Actor
from ...notifications.operations import queue_mail
from .. import policies, queries
from ..models import AccountUse
from ..retention import note_retention


def ask_to_stay(
    session: Session, *, unused_since: datetime, months: int, limit: int, actor: Actor, now: datetime
) -> int:
    """Write to people who have not signed in since then; how many. ``months``: how long they have to answer."""
    require(policies.can_retain(actor, now=now))
    found = queries.unused_accounts(session, unused_since, now=now, limit=limit)
    for account in found:
        use = session.get(AccountUse, account.id)
        if use is None:
            use = AccountUse(account_id=account.id, last_used_on=account.created_at.date())
        use.asked_at = now
        session.add(use)
        facts: dict[str, Any] = {"to": account.email, "owner": account.key, "locale": account.locale}
        queue_mail(session, **facts, template="stay", data={"months": months}, now=now)
    return len(found)


def note_erased(session: Session, count: int, *, actor: Actor, now: datetime) -> None:
    """That so many accounts were erased because nobody answered, beside the entries of each."""
    require(policies.can_retain(actor, now=now))
    note_retention(session, "unused_accounts", count, actor=actor, now=now)
