"""Who wants to be told what, and telling them: one mail a day at most, never twice the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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
from ...kernel.i18n import dates
from ...kernel.identity import Actor
from ...notifications.operations import queue_mail
from ...processes.models import Process
from .. import policies, queries
from ..events import ReminderEvent
from ..models import ContactStop, Following, NewsKind, NewsletterRecipient, ReminderWish, Told
from ..news import News, Titles, in_words
from ..subjects import Followed
from ..subscribing import begin_following

MOST_NEWS = 20
"""In one mail; what is left over comes with the next one."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of news with what its sentence needs; ``followed_as``: refs that one follows to be told of it.

    ``known``: what these and all others of the round are.
    """

    news: News
    followed_as: tuple[str, ...]
    process_title: Titles
    address: str
    known: Mapping[str, Followed]

    @property
    def process_id(self) -> int:
        return self.news.process_id


def follow(
    session: Session,
    process: Process | None,
    account: Account,
    *,
    subject: str | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """From now on the account is told what happens to the subject; whoever had stopped everything begins again.

    ``subject``: what the caller has found for this actor (``subjects.find_followed``), a part of the process, None: the
    process itself.
    """
    _require_own(account, actor)
    require(policies.can_follow(actor, process, now=now))
    ref = subject or (process.ref if process is not None else "")
    begin_following(session, account.id, ref, process.id if process is not None else None, now=now)
    wish = queries.wish_of(session, account)
    if wish is not None:
        wish.stopped_at = None
    _record(session, account, actor=actor, now=now)


def unfollow(session: Session, subject: str, account: Account, *, actor: Actor, now: datetime) -> None:
    _require_own(account, actor)
    found = session.get(Following, (account.id, subject))
    if found is not None:
        session.delete(found)
    _record(session, account, actor=actor, now=now)


def set_wishes(
    session: Session,
    account: Account,
    *,
    kinds: Sequence[NewsKind],
    at_once: Sequence[NewsKind] = (),
    quiet_from: int | None,
    quiet_until: int | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Of what to be told, of which of it at once, and when not.

    Raises Invalid (``quiet_until``) when one hour is given without the other.
    """
    _require_own(account, actor)
    if (quiet_from is None) != (quiet_until is None):
        raise Invalid(_l("Choose both hours, or neither."), field="quiet_until")
    wish = _wish(session, account)
    wish.kinds = [kind.value for kind in NewsKind if kind in kinds]
    wish.at_once = [kind.value for kind in NewsKind if kind in at_once and kind in kinds]
    wish.quiet_from, wish.quiet_until, wish.stopped_at = quiet_from, quiet_until, None
    _record(session, account, actor=actor, now=now)


def stop_account(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """Tell the account nothing until it says so again."""
    _require_own(account, actor)
    _wish(session, account).stopped_at = now
    _record(session, account, actor=actor, now=now)


def stop_newsletters(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """Send the account no more newsletters; it is told of everything else as before."""
    _require_own(account, actor)
    wish = _wish(session, account)
    wish.kinds = [kind for kind in wish.kinds if kind != NewsKind.NEWSLETTER.value]
    _record(session, account, actor=actor, now=now)


def stop_contact(session: Session, address: str, *, actor: Actor, now: datetime) -> None:
    """Remind an organisation's address of nothing. ``address``: its digest."""
    if session.get(ContactStop, address) is None:
        session.add(ContactStop(address=address, stopped_at=now))


def tell_news(
    session: Session,
    account: Account,
    news: Sequence[Piece],
    *,
    at_once: bool,
    stops: Sequence[tuple[Titles, str]],
    stop_everything: str,
    tz: str,
    actor: Actor,
    now: datetime,
) -> None:
    """One mail with all of it, and a note of each piece so that it is told once.

    ``at_once``: not the mail of the day. ``stops``: title of what is followed, and the link that stops just that.
    """
    order = sorted(news, key=lambda each: (each.process_id, list(NewsKind).index(each.news.kind), each.news.key))
    told = order[:MOST_NEWS]
    notes = [Told(account_id=account.id, key=each.news.key, told_at=now, is_digest=not at_once) for each in told]
    session.add_all(notes)
    own = [[in_words(title, account.locale), link] for title, link in stops]
    data = {
        "name": account.display_name,
        "news": _lines(told, account.locale, tz),
        "stops": own,
        "stop_everything": stop_everything,
        "stop_link": own[0][1] if len(own) == 1 else stop_everything,
    }
    facts: dict[str, Any] = {"to": account.email, "owner": account.key, "locale": account.locale}
    queue_mail(session, **facts, template="digest", data=data, now=now)


def _lines(pieces: Iterable[Piece], locale: str, tz: str) -> list[list[str]]:
    """Sentence, title, title of the process, moment, address: what the template makes a sentence of; each one once."""
    lines = []
    for piece in pieces:
        moment = dates.moment(piece.news.at, locale=locale, tz=tz) if piece.news.at is not None else ""
        title, process = in_words(piece.news.title, locale), in_words(piece.process_title, locale)
        line = [piece.news.sentence, title, process, moment, piece.address]
        if line not in lines:  # ten comments on one proposal are one sentence
            lines.append(line)
    return lines


def forget_wishes(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """When a person is erased: nothing says any more what they wanted to know."""
    for table in (Following, ReminderWish, Told, NewsletterRecipient):
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
