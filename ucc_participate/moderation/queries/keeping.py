"""What the clock and people who leave need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from ...accounts.models import Account
from ...accounts.queries import staff_with_roles
from ...kernel.identity import Role
from ...processes.models import Process, ProcessState
from ..models import Appeal, Case, Decision, Flag, Notice, Post


def old_posts(before: datetime) -> Select[int]:
    return select(Post.id).where(Post.at < before)


def closed_processes() -> Select[int]:
    return select(Process.id).where(Process.status == ProcessState.CLOSED)


def open_processes(session: Session) -> list[Process]:
    return list(session.scalars(select(Process).where(Process.status == ProcessState.OPEN).order_by(Process.id)))


@dataclass(frozen=True, slots=True)
class Overdue:
    """How many cases have waited too long, and since when the last of them."""

    number: int
    newest: datetime


def overdue(session: Session, process: Process, *, hours: int, told: datetime | None, now: datetime) -> Overdue | None:
    """What has waited longer than some hours; None when nobody has to be told of anything new."""
    late = (Case.process_id == process.id, Case.waiting_since <= now - timedelta(hours=hours))
    number, newest = session.execute(select(func.count(), func.max(Case.waiting_since)).where(*late)).one()
    if newest is None or (told is not None and newest <= told):
        return None
    return Overdue(number, newest)


def notice_to_change(session: Session, process: Process) -> Notice | None:
    return session.scalar(select(Notice).where(Notice.process_id == process.id).with_for_update())


def judges(session: Session, now: datetime) -> list[Account]:
    """Everybody who judges now: the moderators, or the coordinators of a city that has none."""
    staff = [(account, roles) for account, roles in staff_with_roles(session, now) if account.is_active]
    moderators = [account for account, roles in staff if Role.MODERATOR in roles]
    return moderators or [account for account, roles in staff if Role.COORDINATOR in roles]


def appeals_by(session: Session, account: Account) -> list[Appeal]:
    return list(session.scalars(select(Appeal).where(Appeal.account_id == account.id).order_by(Appeal.id)))


def flags_by(session: Session, account: Account) -> list[Flag]:
    return list(session.scalars(select(Flag).where(Flag.account_id == account.id).order_by(Flag.id)))


def decisions_about(session: Session, account: Account) -> list[Decision]:
    """What was decided about contributions of an account, oldest first."""
    query = select(Decision).join(Case, Case.id == Decision.case_id).where(Case.author_id == account.id)
    return list(session.scalars(query.order_by(Decision.id)))
