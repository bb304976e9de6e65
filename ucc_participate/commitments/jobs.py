"""What the clock does: writing to the coordinators what is due, once a week, never in the city's quiet hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial

from flask import current_app, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ..kernel import clock
from ..kernel.db import db, perform
from ..kernel.i18n import LOCALES, in_language, site_day, writing_for
from ..kernel.identity import system_actor
from ..outreach.addresses import city_quiet
from ..processes.queries import process_to_change
from ..settings import Settings
from . import operations, queries
from .models import Commitment, Designation
from .operations.reminding import RHYTHM
from .overview import overview_of, title_of
from .standing import Series

ACTOR = system_actor("promises")
AHEAD = timedelta(days=30)
MOST_LINES = 30


def remind_coordinators() -> None:
    """Nothing when nothing is due within 30 days, or when the last reminder is younger than a week."""
    now = clock.now()
    if city_quiet().covers(now):
        return
    for designation in queries.designated(db.session()):
        if designation.reminded_at is None or now - designation.reminded_at >= RHYTHM:
            _remind(designation, now)


def _remind(designation: Designation, now: datetime) -> None:
    today, process = site_day(now), designation.process
    due = queries.due_until(db.session(), process, today + AHEAD)
    unread = [each for each in overview_of(process, today).series if each.due(today)]
    if not due and not unread:
        return
    with current_app.test_request_context():
        lines = {locale: _lines(locale, due, unread, today) for locale in LOCALES}
        path = url_for("commitments.desk", process_id=process.public_id)
    address = _settings().public_url + path
    perform(partial(_tell, process.public_id, lines, address, now))


def _lines(locale: str, due: Sequence[Commitment], unread: Sequence[Series], today: date) -> list[str]:
    """The longest overdue first, then what is due, then what is to be read off."""
    with writing_for(locale):
        told = [_line(each, today, locale) for each in due]
        told += [_("To be read: %(title)s", title=str(in_language(each.measured.title, locale))) for each in unread]
        more = len(told) - MOST_LINES
        return [*told[:MOST_LINES], *([_("and %(count)s more", count=more)] if more > 0 else [])]


def _line(commitment: Commitment, today: date, locale: str) -> str:
    facts = {"title": str(title_of(commitment, locale)), "day": commitment.due_on}
    if commitment.is_overdue(today):
        return str(_("Late since %(day)s: %(title)s", **facts))
    return str(_("Due on %(day)s: %(title)s", **facts))


def _tell(process_id: str, lines: dict[str, list[str]], address: str, now: datetime, session: Session) -> int:
    process = process_to_change(session, process_id, actor=ACTOR)
    return operations.remind(session, process, lines, address=address, actor=ACTOR, now=now)


def _settings() -> Settings:
    found: Settings = current_app.extensions["ucc.settings"]
    return found
