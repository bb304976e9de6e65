"""What is done by the clock and for people who leave: forgetting sketches, writing to moderators, erasing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from ...accounts.models import Account
from ...audit.events import LogEvent
from ...audit.log import settle
from ...audit.operations import withhold_fields
from ...kernel.identity import Actor
from ...notifications.operations import queue_mail
from ...processes.models import Process
from .. import queries
from ..models import Appeal, Block, Case, Decision, Flag, Notice, Post, Shingle
from ..networks import KEPT

ERASURE_REASON = "The person asked for erasure."


def forget_traces(session: Session, *, actor: Actor, now: datetime) -> None:
    """Forget sketches of networks and texts after a week, and all posts of processes that are closed."""
    old = now - KEPT
    session.execute(update(Flag).where(Flag.at < old, Flag.network.is_not(None)).values(network=None))
    fresh = Post.network.is_not(None) | Post.fingerprint.is_not(None)
    session.execute(update(Post).where(Post.at < old, fresh).values(network=None, fingerprint=None))
    session.execute(delete(Shingle).where(Shingle.post_id.in_(queries.old_posts(old))))
    session.execute(delete(Post).where(Post.at < old, Post.process_id.in_(queries.closed_processes())))


def tell_moderators(
    session: Session, process: Process, *, not_before: datetime, address: str, actor: Actor, now: datetime
) -> int:
    """Write to those who judge that something waits for too long: counts only, each contribution once.

    ``not_before``: the end of quiet hours. The number of people written to.
    """
    notice = queries.notice_to_change(session, process)
    hours = queries.rules_of(session, process).notice_hours
    overdue = queries.overdue(session, process, hours=hours, told=notice.told_until if notice else None, now=now)
    if overdue is None:
        return 0
    if notice is None:
        notice = Notice(process_id=process.id, told_until=overdue.newest)
        session.add(notice)
    notice.told_until = overdue.newest
    judges = queries.judges(session, now)
    for account in judges:
        data: dict[str, Any] = {"waiting": overdue.number, "hours": hours, "address": address}
        reached: dict[str, Any] = {"to": account.email, "owner": account.key, "locale": account.locale}
        queue_mail(session, **reached, template="moderation_waits", data=data, now=now, not_before=not_before)
    return len(judges)


def forget_person(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """Erase a person: posts and the words of flags go, cases and appeals no longer lead to anybody, blocks end.

    The words of blocks are withheld from the log: a moderator may have written what tells who it was.
    """
    blocks = queries.blocks_of(session, account)
    if blocks:
        settle(session)
    for block in blocks:
        fields = queries.opened_texts(session, block.ref, ("words",))
        facts: dict[str, Any] = {"event": LogEvent.ERASURE_EXECUTED, "reason": ERASURE_REASON}
        if fields:
            withhold_fields(
                session, fields, actor=actor, now=now, subject=block.ref, process=block.process.ref, **facts
            )
        block.words, block.ended_because = "—", None
        block.account_id = None
    session.execute(delete(Post).where(Post.account_id == account.id))
    session.execute(update(Flag).where(Flag.account_id == account.id).values(account_id=None, words=None))
    session.execute(update(Case).where(Case.author_id == account.id).values(author_id=None))
    session.execute(update(Appeal).where(Appeal.account_id == account.id).values(account_id=None, words="—"))
    for column in (Decision.decided_by_id, Appeal.decided_by_id, Block.blocked_by_id):
        session.execute(update(column.class_).where(column == account.id).values({column.key: None}))
