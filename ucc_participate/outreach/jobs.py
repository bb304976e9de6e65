"""What the clock does: telling people who follow a process, and reminding organisations that are silent.

Each does nothing when nothing is due and nothing in quiet hours; being late, doubled or halted for a day changes only
when a mail goes out: what is due stays due (WINDOW of news, silence of organisations) until it is noted as told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from flask import current_app
from sqlalchemy.orm import Session

from ..accounts.models import Account
from ..kernel import clock
from ..kernel.codes import Digests
from ..kernel.db import db, perform
from ..kernel.i18n import site_timezone
from ..kernel.identity import system_actor
from ..notifications.queries import count_bulk_waiting
from ..processes.queries import process_to_change
from . import operations, queries
from .addresses import Links, city_quiet, digests, links, newsletter_post, quiet_hours
from .news import News
from .newsletter import Post
from .operations import Piece
from .queries import Due
from .quiet import QuietHours
from .subjects import find_all

ACTOR = system_actor("reminders")
Ready = tuple[News, tuple[str, ...]]
NEWSLETTERS = system_actor("newsletters")
BATCH = 100
MOST_WAITING = 200
"""Mails of newsletters in the outbox that the server has not taken yet."""
CODE_LIFE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Round:
    """One run of a job: what it needs to know inside units of work, where there is no application."""

    now: datetime
    city: QuietHours
    links: Links
    digests: Digests
    zone_name: str

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self.city.zone).date()

    def ready(self, due: Due, last: datetime | None) -> tuple[list[Ready], bool]:
        """What is to be told now, and whether at once: nothing in quiet hours, what can wait in one mail a day."""
        if quiet_hours(due.wish, self.city).covers(self.now):
            return [], False
        urgent = [each for each in due.news if due.wish is not None and due.wish.wants_at_once(each[0].kind)]
        if last is not None and self.day(last) == self.day(self.now):
            return urgent, True
        return due.news, len(urgent) == len(due.news)


def _round() -> Round:
    return Round(clock.now(), city_quiet(), links(), digests(), site_timezone())


def tell_followers() -> None:
    """One mail to each follower for whom there is news, at most one on each day of the city, never in quiet hours.

    What somebody wants to know at once goes out at once, in one mail with whatever else is due in this round.
    """
    this, session = _round(), db.session()
    news = [each for source in current_app.extensions["ucc.news"] for each in source(session, this.now)]
    pieces = _pieces(session, news, this.links.site)
    sought = [(piece.news, piece.followed_as) for piece in pieces.values()]
    for portion in queries.due_accounts(session, sought):
        last = queries.digest_days(session, [due.account_id for due in portion])
        ready = [due for due in portion if this.ready(due, last.get(due.account_id))[0]]
        for start in range(0, len(ready), BATCH):
            perform(partial(_tell, ready[start : start + BATCH], pieces, this))


def _pieces(session: Session, news: Iterable[News], site: str) -> dict[str, Piece]:
    """News by key, with titles and addresses, without what not everybody may see (hidden, withdrawn meanwhile)."""
    news = list(news)
    processes = queries.process_refs(session, {each.process_id for each in news})
    refs = {each.key: each.followed_as(processes[each.process_id]) for each in news}
    with current_app.test_request_context():
        known = find_all(session, {*processes.values(), *(ref for found in refs.values() for ref in found)})
    pieces = {}
    for each in news:
        place, process = known.get(each.subject or ""), known.get(processes[each.process_id])
        if process is not None and (each.subject is None or place is not None):
            address = site + (place or process).address
            pieces[each.key] = Piece(each, refs[each.key], process.title, address, known)
    return pieces


def _tell(batch: list[Due], pieces: dict[str, Piece], this: Round, session: Session) -> None:
    """What was found is looked at once more inside the unit of work: two jobs at once tell nothing twice."""
    ids, keys = [due.account_id for due in batch], {news.key for due in batch for news, _through in due.news}
    accounts = queries.accounts_to_tell(session, ids)
    last, told = queries.digest_days(session, ids), queries.told_among(session, ids, keys)
    for due in batch:
        account = accounts.get(due.account_id)
        new = [each for each in due.news if each[0].key not in told.get(due.account_id, ())]
        ready, at_once = this.ready(replace(due, news=new), last.get(due.account_id))
        if account is not None and ready:
            _tell_one(session, account, ready, pieces, this, at_once=at_once)


def _tell_one(
    session: Session, account: Account, ready: Sequence[Ready], pieces: dict[str, Piece], this: Round, *, at_once: bool
) -> None:
    through = {ref: pieces[news.key].known[ref] for news, refs in ready for ref in refs}
    operations.tell_news(
        session,
        account,
        [pieces[news.key] for news, _through in ready],
        at_once=at_once,
        stops=[(each.title, this.links.stop_following(account, ref)) for ref, each in sorted(through.items())],
        stop_everything=this.links.stop_account(account),
        tz=this.zone_name,
        actor=ACTOR,
        now=this.now,
    )


def send_newsletters() -> None:
    """Put the next portion of each newsletter into the outbox; none at night, none while the last ones wait there.

    So stopping one stops it, however long the mail server is away.
    """
    this, session, post = _round(), db.session(), newsletter_post()
    if this.city.covers(this.now):
        return
    for key in queries.sending_newsletters(session):
        if count_bulk_waiting(session, this.now) < MOST_WAITING:
            perform(partial(_portion, key, post, this.now))
            session.rollback()


def _portion(key: int, post: Post, now: datetime, session: Session) -> None:
    letter = queries.newsletter_in_turn(session, key)
    operations.queue_portion(session, letter, post, limit=BATCH, actor=NEWSLETTERS, now=now)


def remind_organisations() -> None:
    """Remind invited organisations that have been silent for as long as their batch says."""
    this = _round()
    if this.city.covers(this.now):
        return
    for days in queries.silence_limits(db.session()):
        due = queries.silent_invitations(db.session(), days=days, now=this.now, today=this.day(this.now))
        for process_id, found in due.items():
            for start in range(0, len(found), BATCH):
                perform(_reminding(process_id, found[start : start + BATCH], this))


def _reminding(process_id: str, organisation_ids: list[str], this: Round) -> Callable[[Session], int]:
    def work(session: Session) -> int:
        process = process_to_change(session, process_id, actor=ACTOR)
        invited = queries.invitations_to_change(session, process, organisation_ids)
        return operations.remind(
            session,
            process,
            invited,
            expires_on=this.day(this.now + CODE_LIFE),
            digests=this.digests,
            addresses=this.links.addresses(),
            not_before=this.now,
            actor=ACTOR,
            now=this.now,
        )

    return work
