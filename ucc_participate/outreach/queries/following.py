"""Who follows which process, wants to be told of what, and has not been told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from ...accounts.models import Account
from ...processes.models import Phase, Process, ProcessState
from ..models import Following, NewsKind, ReminderWish, Told
from ..news import WINDOW, News


@dataclass(frozen=True, slots=True)
class Due:
    """An account and the news of which it is to be told."""

    account: Account
    wish: ReminderWish | None
    news: list[News]


def wish_of(session: Session, account: Account) -> ReminderWish | None:
    return session.get(ReminderWish, account.id)


def followed_by(session: Session, account: Account) -> list[Following]:
    """With their processes, oldest first."""
    query = select(Following).where(Following.account_id == account.id).options(joinedload(Following.process))
    return list(session.scalars(query.order_by(Following.since, Following.process_id)))


def is_following(session: Session, account_id: int, process: Process) -> bool:
    return session.get(Following, (account_id, process.id)) is not None


def account_of_key(session: Session, public_id: str) -> Account | None:
    """An account that is still there, by what a link to stop reminders names."""
    return session.scalar(select(Account).where(Account.public_id == public_id, Account.is_active))


def phase_news(session: Session, now: datetime) -> Iterator[News]:
    """Phases of open processes that began within the window and still run."""
    query = (
        select(Phase)
        .join(Process)
        .where(Process.status == ProcessState.OPEN, Phase.starts_at <= now, Phase.starts_at > now - WINDOW)
    )
    for phase in session.scalars(query.where(Phase.ends_at > now).options(selectinload(Phase.process))):
        key = f"phase/{phase.process.public_id}/{phase.kind.value}"
        yield News(phase.process_id, NewsKind.PHASE, key, dict(phase.title), phase.ends_at)


def due_accounts(session: Session, news: Iterable[News]) -> list[Due]:
    """Whom to tell what: followers who want that kind and were not told. One query for each piece of news."""
    found: dict[int, Due] = {}
    for each in news:
        for account, wish in session.execute(_followers(each)):
            if wish is None or wish.wants(each.kind):
                found.setdefault(account.id, Due(account, wish, [])).news.append(each)
    return list(found.values())


def _followers(news: News) -> Any:
    """SQL: account and wish of those who follow, and were not told."""
    told = exists().where(Told.account_id == Account.id, Told.key == news.key)
    query: Any = (
        select(Account, ReminderWish)
        .join(Following, and_(Following.account_id == Account.id, Following.process_id == news.process_id))
        .outerjoin(ReminderWish, ReminderWish.account_id == Account.id)
        .where(Account.is_active, ~told)
    )
    return query if news.accounts is None else query.where(Account.id.in_(news.accounts))


def digest_days(session: Session, account_ids: Iterable[int]) -> dict[int, datetime]:
    """When each of these accounts was last told anything."""
    query = select(Told.account_id, func.max(Told.told_at)).where(Told.account_id.in_(set(account_ids)))
    return {row[0]: row[1] for row in session.execute(query.group_by(Told.account_id))}


def account_to_tell(session: Session, account_id: int) -> Account | None:
    """The account, locked until the unit of work ends; None when it is gone."""
    query = select(Account).where(Account.id == account_id, Account.is_active)
    return session.scalar(query.with_for_update())


def told_to(session: Session, account: Account) -> list[Told]:
    """Of what the account was told lately, newest first."""
    query = select(Told).where(Told.account_id == account.id).order_by(Told.told_at.desc(), Told.key)
    return list(session.scalars(query))


def told_among(session: Session, account: Account, keys: Iterable[str]) -> set[str]:
    """Those pieces of news that the account was told already."""
    query = select(Told.key).where(Told.account_id == account.id, Told.key.in_(list(keys)))
    return set(session.scalars(query))
