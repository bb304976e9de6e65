"""Who follows which process, wants to be told of what, and has not been told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from ...accounts.models import Account
from ...processes.models import Phase, Process, ProcessState
from ..models import Following, NewsKind, ReminderWish, Told
from ..news import WINDOW, News

PORTION = 500
"""Followers that are looked at together: of a hundred thousand, so many are in memory at a time."""
Sought = Sequence[tuple[News, tuple[str, ...]]]
"""Pieces of news, each with the refs that one follows to be told of it."""


@dataclass(frozen=True, slots=True)
class Due:
    """An account and the news of which it is to be told, each with what it follows that brings it."""

    account_id: int
    wish: ReminderWish | None
    news: list[tuple[News, tuple[str, ...]]]


def wish_of(session: Session, account: Account) -> ReminderWish | None:
    return session.get(ReminderWish, account.id)


def followed_by(session: Session, account: Account) -> list[Following]:
    """With their processes, oldest first."""
    query = select(Following).where(Following.account_id == account.id).options(joinedload(Following.process))
    return list(session.scalars(query.order_by(Following.since, Following.subject)))


def is_following(session: Session, account_id: int, subject: str) -> bool:
    return session.get(Following, (account_id, subject)) is not None


def process_refs(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """How the processes with these keys are called."""
    rows = session.execute(select(Process.id, Process.public_id).where(Process.id.in_(set(ids))))
    return {row.id: f"process/{row.public_id}" for row in rows}


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


def due_accounts(session: Session, sought: Sought) -> Iterator[list[Due]]:
    """Whom to tell what: followers who want that kind and were not told, a portion at a time.

    A portion costs four queries and one for each piece of news that concerns some accounts only, however many follow.
    """
    last = 0
    while sought and (ids := _next_followers(session, sought, last)):
        last = ids[-1]
        yield _due_among(session, ids, sought)


def _next_followers(session: Session, sought: Sought, after: int) -> list[int]:
    """The next accounts, by key, that follow what there is news of, were not told all of it and have not stopped."""
    by_refs: dict[tuple[str, ...], list[str]] = {}
    for news, refs in sought:
        by_refs.setdefault(refs, []).append(news.key)
    untold = [Following.subject.in_(refs) & (_told_of(keys) < len(keys)) for refs, keys in by_refs.items()]
    stopped = exists().where(ReminderWish.account_id == Account.id, ReminderWish.stopped_at.is_not(None))
    query = (
        select(Account.id)
        .join(Following, Following.account_id == Account.id)
        .where(Account.is_active, Account.id > after, or_(*untold), ~stopped)
    )
    return list(session.scalars(query.distinct().order_by(Account.id).limit(PORTION)))


def _told_of(keys: Sequence[str]) -> Any:
    count = select(func.count()).where(Told.account_id == Account.id, Told.key.in_(keys))
    return count.correlate(Account).scalar_subquery()


def _due_among(session: Session, ids: Sequence[int], sought: Sought) -> list[Due]:
    follows = _subjects_of(session, ids, {ref for _news, refs in sought for ref in refs})
    wishes = {wish.account_id: wish for wish in session.scalars(_wishes_of(ids))}
    told = told_among(session, ids, [news.key for news, _refs in sought])
    found: dict[int, Due] = {account_id: Due(account_id, wishes.get(account_id), []) for account_id in ids}
    for news, refs in sought:
        concerned = None if news.accounts is None else set(session.scalars(_concerned(news.accounts, ids)))
        for account_id, due in found.items():
            through = tuple(ref for ref in refs if ref in follows.get(account_id, ()))
            wanted = due.wish is None or due.wish.wants(news.kind)
            is_new = news.key not in told.get(account_id, ())
            if through and wanted and is_new and (concerned is None or account_id in concerned):
                due.news.append((news, through))
    return [due for due in found.values() if due.news]


def _subjects_of(session: Session, ids: Sequence[int], refs: set[str]) -> dict[int, set[str]]:
    query = select(Following.account_id, Following.subject).where(Following.account_id.in_(ids))
    found: dict[int, set[str]] = {}
    for account_id, subject in session.execute(query.where(Following.subject.in_(refs))):
        found.setdefault(account_id, set()).add(subject)
    return found


def _wishes_of(ids: Sequence[int]) -> Select[ReminderWish]:
    return select(ReminderWish).where(ReminderWish.account_id.in_(ids))


def _concerned(accounts: Select[Any], ids: Sequence[int]) -> Select[Any]:
    return select(Account.id).where(Account.id.in_(ids), Account.id.in_(accounts))


def digest_days(session: Session, account_ids: Iterable[int]) -> dict[int, datetime]:
    """When each of these accounts last got the mail of a day."""
    query = select(Told.account_id, func.max(Told.told_at)).where(Told.account_id.in_(set(account_ids)), Told.is_digest)
    return {row[0]: row[1] for row in session.execute(query.group_by(Told.account_id))}


def accounts_to_tell(session: Session, account_ids: Iterable[int]) -> dict[int, Account]:
    """Those that are still there, locked until the unit of work ends."""
    query = select(Account).where(Account.id.in_(set(account_ids)), Account.is_active).order_by(Account.id)
    return {account.id: account for account in session.scalars(query.with_for_update())}


def told_to(session: Session, account: Account) -> list[Told]:
    """Of what the account was told lately, newest first."""
    query = select(Told).where(Told.account_id == account.id).order_by(Told.told_at.desc(), Told.key)
    return list(session.scalars(query))


def told_among(session: Session, account_ids: Iterable[int], keys: Iterable[str]) -> dict[int, set[str]]:
    """Account → those pieces of news that it was told already."""
    query = select(Told.account_id, Told.key).where(Told.account_id.in_(set(account_ids)), Told.key.in_(list(keys)))
    found: dict[int, set[str]] = {}
    for account_id, key in session.execute(query):
        found.setdefault(account_id, set()).add(key)
    return found
