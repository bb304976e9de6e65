"""Who wants to be told what, and telling them: one mail a day at most, never twice the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete
from sqlalchemy.orm import Session

from ...accounts.models import Account
from ...accounts.references import account_ref
from ...audit.log import record
from ...kernel.decision import require
from ...kernel.errors import Forbidden, Invalid
from ...kernel.i18n import dates, in_language
from ...kernel.identity import Actor
from ...notifications.operations import queue_mail
from ...processes import policies as processes
from ...processes.models import Process
from .. import queries
from ..events import ReminderEvent
from ..models import ContactStop, Following, NewsKind, ReminderWish, Told
from ..news import News

ProcessAddress = Callable[[Process], str]
MOST_NEWS = 20
"""In one mail; what is left over comes with the next one."""


def follow(session: Session, process: Process, account: Account, *, actor: Actor, now: datetime) -> None:
    """From now on the account is told what happens in the process; whoever had stopped everything begins again."""
    require(processes.can_view(actor, process, now=now))
    if not queries.is_following(session, account.id, process):
        session.add(Following(account_id=account.id, process_id=process.id, since=now))
    wish = queries.wish_of(session, account)
    if wish is not None:
        wish.stopped_at = None
    _record(session, account, actor=actor, now=now)


def unfollow(session: Session, process: Process, account: Account, *, actor: Actor, now: datetime) -> None:
    found = session.get(Following, (account.id, process.id))
    if found is not None:
        session.delete(found)
    _record(session, account, actor=actor, now=now)


def set_wishes(
    session: Session,
    account: Account,
    *,
    kinds: Sequence[NewsKind],
    quiet_from: int | None,
    quiet_until: int | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Of what to be told, and when not. Raises Invalid (``quiet_until``) when one hour is given without the other."""
    _require_own(account, actor)
    if (quiet_from is None) != (quiet_until is None):
        raise Invalid(_l("Choose both hours, or neither."), field="quiet_until")
    wish = _wish(session, account)
    wish.kinds = [kind.value for kind in NewsKind if kind in kinds]
    wish.quiet_from, wish.quiet_until, wish.stopped_at = quiet_from, quiet_until, None
    _record(session, account, actor=actor, now=now)


def stop_account(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """Tell the account nothing until it says so again."""
    _require_own(account, actor)
    _wish(session, account).stopped_at = now
    _record(session, account, actor=actor, now=now)


def stop_contact(session: Session, address: str, *, actor: Actor, now: datetime) -> None:
    """Remind an organisation's address of nothing. ``address``: its digest."""
    if session.get(ContactStop, address) is None:
        session.add(ContactStop(address=address, stopped_at=now))


def tell_news(
    session: Session,
    account: Account,
    news: Sequence[News],
    processes_by_id: dict[int, Process],
    *,
    address: ProcessAddress,
    stop_link: str,
    tz: str,
    actor: Actor,
    now: datetime,
) -> None:
    """One mail with all of it, and a note of each piece so that it is told once."""
    told = sorted(news, key=lambda each: (each.process_id, list(NewsKind).index(each.kind), each.key))[:MOST_NEWS]
    lines = [_line(each, processes_by_id[each.process_id], account.locale, address, tz) for each in told]
    session.add_all([Told(account_id=account.id, key=each.key, told_at=now) for each in told])
    data = {"name": account.display_name, "news": lines, "stop_link": stop_link}
    facts: dict[str, Any] = {"to": account.email, "owner": account.key, "locale": account.locale}
    queue_mail(session, **facts, template="digest", data=data, now=now)


def _line(news: News, process: Process, locale: str, address: ProcessAddress, tz: str) -> list[str]:
    """Kind, title, title of the process, until when, address: what the template makes a sentence of."""
    title = news.title if isinstance(news.title, str) else in_language(news.title, locale).text
    until = dates.moment(news.at, locale=locale, tz=tz) if news.at is not None else ""
    return [news.kind.value, title, in_language(process.title, locale).text, until, address(process)]


def forget_wishes(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """When a person is erased: nothing says any more what they wanted to know."""
    for table in (Following, ReminderWish, Told):
        session.execute(delete(table).where(table.account_id == account.id))


def _wish(session: Session, account: Account) -> ReminderWish:
    wish = queries.wish_of(session, account)
    if wish is None:
        wish = ReminderWish(account_id=account.id, kinds=[kind.value for kind in NewsKind])
        session.add(wish)
    return wish


def _require_own(account: Account, actor: Actor) -> None:
    if actor.account_id != account.id:
        raise Forbidden


def _record(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    subject = account_ref(session, account)
    record(session, ReminderEvent.CHANGED, actor=actor, subject=subject, now=now)
