"""What the clock does: telling people who follow a process, and reminding organisations that are silent.

Each does nothing when nothing is due and nothing in quiet hours; being late, doubled or halted for a day changes only
when a mail goes out: what is due stays due (WINDOW of news, silence of organisations) until it is noted as told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from ..kernel import clock
from ..kernel.codes import Digests
from ..kernel.db import db, perform
from ..kernel.i18n import site_timezone
from ..kernel.identity import system_actor
from ..processes.models import Process
from ..processes.queries import process_to_change
from . import operations, queries
from .addresses import Links, city_quiet, digests, links, quiet_hours
from .models import ReminderWish
from .queries import Due
from .quiet import QuietHours

ACTOR = system_actor("reminders")
BATCH = 100
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

    def is_time(self, wish: ReminderWish | None, last: datetime | None) -> bool:
        """Not in quiet hours, and not on a day on which a mail went out already."""
        told_today = last is not None and self.day(last) == self.day(self.now)
        return not told_today and not quiet_hours(wish, self.city).covers(self.now)


def _round() -> Round:
    return Round(clock.now(), city_quiet(), links(), digests(), site_timezone())


def tell_followers() -> None:
    """One mail to each follower for whom there is news, at most one on each day of the city, never in quiet hours."""
    this, session = _round(), db.session()
    news = [each for source in current_app.extensions["ucc.news"] for each in source(session, this.now)]
    due = queries.due_accounts(session, news)
    last = queries.digest_days(session, [each.account.id for each in due])
    wanted = [each for each in due if this.is_time(each.wish, last.get(each.account.id))]
    for start in range(0, len(wanted), BATCH):
        perform(partial(_tell, wanted[start : start + BATCH], this))


def _tell(batch: list[Due], this: Round, session: Session) -> None:
    """What was found is looked at once more inside the unit of work: two jobs at once tell nothing twice."""
    known = {each.process_id: session.get_one(Process, each.process_id) for due in batch for each in due.news}
    for due in batch:
        account = queries.account_to_tell(session, due.account.id)
        if account is None or not this.is_time(due.wish, queries.digest_days(session, [account.id]).get(account.id)):
            continue
        told = queries.told_among(session, account, [news.key for news in due.news])
        news = [each for each in due.news if each.key not in told]
        links: dict[str, Any] = {"address": this.links.of_process, "stop_link": this.links.stop_account(account)}
        if news:
            operations.tell_news(session, account, news, known, tz=this.zone_name, actor=ACTOR, now=this.now, **links)


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
