"""What the clock does to personal data, and what follows the restoring of an older database.

A rule of a higher domain is a function ``(session, settings, actor, now) -> int`` in the list
``app.extensions["ucc.retention"]``: an operation that removes what is past its time, says so in the log
(``retention.note_retention``) and answers how much it was. Run twice, the second run finds nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from flask import current_app
from sqlalchemy.orm import Session

from ..kernel import clock
from ..kernel.db import db, perform
from ..kernel.identity import Actor, system_actor
from ..settings import Settings
from . import leftovers, operations, queries
from .models import Account
from .retention import months_before

Rule = Callable[[Session, Settings, Actor, datetime], int]
BATCH = 50
"""Accounts that one unit of work asks or erases at most: the door stays open for others."""


def run() -> dict[str, int]:
    """Every rule once; how much each removed, and how many people were asked to stay."""
    settings: Settings = current_app.extensions["ucc.settings"]
    actor, now = system_actor("retention"), clock.now()
    rules: dict[str, Rule] = current_app.extensions["ucc.retention"]
    done = {name: perform(partial(_apply, rule, settings, actor, now)) for name, rule in rules.items()}
    done["asked"] = _repeated(partial(_ask, settings, actor, now))
    erasers = current_app.extensions["ucc.erasers"]
    done["unused_accounts"] = _repeated(partial(_erase_unused, settings, erasers, actor, now))
    leftovers.clear()
    return done


def _apply(rule: Rule, settings: Settings, actor: Actor, now: datetime, session: Session) -> int:
    return rule(session, settings, actor, now)


def _repeated(work: Callable[[Session], int]) -> int:
    """Batch by batch, until one finds nothing."""
    total = 0
    while count := perform(work):
        total += count
    return total


def _ask(settings: Settings, actor: Actor, now: datetime, session: Session) -> int:
    since = months_before(now, settings.unused_ask_months)
    months = settings.unused_erase_months - settings.unused_ask_months
    return operations.ask_to_stay(session, unused_since=since, months=months, limit=BATCH, actor=actor, now=now)


def _erase_unused(
    settings: Settings, erasers: list[operations.Eraser], actor: Actor, now: datetime, session: Session
) -> int:
    """Those who were asked long enough ago and did not answer."""
    asked_before = months_before(now, settings.unused_erase_months - settings.unused_ask_months)
    unused_since = months_before(now, settings.unused_erase_months)
    found = queries.silent_accounts(session, unused_since, asked_before=asked_before, now=now, limit=BATCH)
    for account in found:
        reason = operations.UNUSED
        operations.erase_account(session, account, erasers=erasers, reason=reason, actor=actor, now=now)
    if found:
        operations.note_erased(session, len(found), actor=actor, now=now)
    return len(found)


def erase_again(listed: set[str]) -> int:
    """Erase whom the list of erasures names and an older copy of the database brought back; how many."""
    actor, now = system_actor("restoring"), clock.now()
    back = [account.id for account in queries.active_accounts(db.session()) if leftovers.digest_of(account) in listed]
    db.session.rollback()
    erasers = current_app.extensions["ucc.erasers"]
    for known in back:
        perform(partial(_erase_known, known, erasers, actor, now))
    leftovers.clear()
    return len(back)


def _erase_known(known: int, erasers: list[operations.Eraser], actor: Actor, now: datetime, session: Session) -> None:
    account = session.get_one(Account, known)
    reason = operations.ERASED_BEFORE
    operations.erase_account(session, account, erasers=erasers, reason=reason, actor=actor, now=now)
