"""Keeping a person from contributing for a time: always with an end, a reason, and words that the person reads."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...accounts.models import Account
from ...audit.log import record
from ...kernel.clock import utc_text
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.i18n import dates
from ...kernel.identity import Actor, new_public_id
from ...notifications.operations import queue_mail
from ...processes.models import Process
from .. import policies, queries
from ..deciding import checked_words
from ..events import ACT, PersonEvent
from ..models import LONGEST_DAYS, Block, Reason


def block_person(
    session: Session,
    process: Process,
    account: Account,
    *,
    days: int,
    reason: Reason,
    words: str,
    address: str,
    tz: str,
    actor: Actor,
    now: datetime,
) -> Block:
    """Keep a person from contributing in the process for some days. They still read, vote and appeal.

    It ends by itself. ``address``: of the page on which the person reads it; ``tz``: the city's zone.
    Raises Invalid (``days``, ``words``), Conflict when the person is blocked already.
    """
    require(policies.can_block(actor, process, account.id, now=now))
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid(_l("From 1 to %(most)s days.", most=LONGEST_DAYS), field="days")
    if queries.block_of(session, process, account.id, now=now) is not None:
        raise Conflict(_l("This person is blocked already."))
    block = Block(
        public_id=new_public_id(),
        process_id=process.id,
        account_id=account.id,
        reason=reason,
        words=checked_words(words),
        blocked_by_id=actor.account_id,
        at=now,
        until=now + timedelta(days=days),
    )
    session.add(block)
    payload = {"reason": reason.value, "words": block.words, "until": utc_text(block.until)}
    _record(session, PersonEvent.BLOCKED, process, block, payload, actor, now)
    _tell(session, account, "moderation_blocked", block, address, tz, now)
    return block


def end_block(
    session: Session,
    process: Process,
    block: Block,
    *,
    because: str,
    address: str,
    tz: str,
    actor: Actor,
    now: datetime,
) -> None:
    """End a block before its time, with a reason that the person reads. Raises Invalid (``words``)."""
    require(policies.can_end_block(actor, process, block, now=now))
    block.ended_at, block.ended_because = now, checked_words(because)
    _record(session, PersonEvent.UNBLOCKED, process, block, {"words": block.ended_because}, actor, now)
    for account in queries.accounts_of(session, [block.account_id or 0]):
        _tell(session, account, "moderation_unblocked", block, address, tz, now)


def _record(
    session: Session,
    event: PersonEvent,
    process: Process,
    block: Block,
    payload: dict[str, Any],
    actor: Actor,
    now: datetime,
) -> None:
    facts: dict[str, Any] = {"subject": block.ref, "process": process.ref, "payload": payload, "schema": ACT}
    record(session, event, actor=actor, now=now, **facts)


def _tell(
    session: Session, account: Account, template: str, block: Block, address: str, tz: str, now: datetime
) -> None:
    data = {
        "name": account.display_name,
        "reason": list(Reason).index(block.reason),
        "words": block.ended_because or block.words,
        "until": dates.moment(block.until, locale=account.locale, tz=tz),
        "address": address,
    }
    reached: dict[str, Any] = {"to": account.email, "owner": account.key, "locale": account.locale}
    queue_mail(session, **reached, template=template, data=data, now=now)
