"""How reaching out hooks into the application: drift, jobs, own data, erasing, a panel on the page of a process."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import Flask, render_template, url_for
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy.orm import Session

from ..accounts.models import Account
from ..accounts.retention import months_before
from ..audit import drift
from ..kernel import clock
from ..kernel.atom import MOST_ENTRIES
from ..kernel.clock import utc_text
from ..kernel.db import db, perform
from ..kernel.errors import NotFound
from ..kernel.identity import Actor, system_actor
from ..kernel.web import current_actor
from ..processes.models import Process, ProcessState
from ..processes.queries import process_in_brief
from ..settings import Settings
from . import jobs, merging, operations, queries
from .addresses import settings
from .feeds import Happening
from .models import NewsKind
from .newsletter import public_payload
from .subjects import Followed
from .wording import NEWS

TELL_SECONDS = 300.0
REMIND_SECONDS = 900.0
NEWSLETTER_SECONDS = 15.0
TIDY_SECONDS = 3600.0


def init_app(app: Flask) -> None:
    """``ucc.organisation_stages``: stage → callable (process) → select of ids of organisations that have reached it.

    ``ucc.account_stages``: the same of ids of accounts.
    ``ucc.news``: callables (session, now) → what followers are to be told (``news.News``).
    ``ucc.feeds``: callables (session, process, now) → what happened, for the feed of the process (``feeds.Happening``).
    ``ucc.followable``: first part of a ref → what can be followed (``subjects.Followable``).
    """
    drift.register(app, "ucc.outreach/1", queries.live_activities)
    drift.register(app, "ucc.newsletter/1", _sent_newsletters)
    app.extensions.setdefault("ucc.organisation_stages", {})
    app.extensions.setdefault("ucc.account_stages", {})
    app.extensions.setdefault("ucc.news", []).append(queries.phase_news)
    app.extensions.setdefault("ucc.followable", {})["process"] = _process
    app.extensions.setdefault("ucc.feeds", []).extend([_steps, _newsletters])
    app.jinja_env.globals.update(is_followed=_is_followed)
    app.extensions.setdefault("ucc.process_panels", []).append(_panel)
    app.extensions.setdefault("ucc.merge_parts", []).append(merging.PART)
    app.extensions.setdefault("ucc.erasers", []).append(operations.forget_wishes)
    app.extensions.setdefault("ucc.personal_data", []).append(_wishes)
    app.extensions["ucc.personal_words"]["kinds"] = {kind.value: words for kind, words in NEWS.items()}
    app.extensions.setdefault("ucc.retention", {})["invitation_notes"] = _forget_notes
    app.extensions["ucc.jobs"].add("outreach.tidy", _tidy, every_seconds=TIDY_SECONDS)
    app.extensions["ucc.jobs"].add("outreach.tell", jobs.tell_followers, every_seconds=TELL_SECONDS)
    app.extensions["ucc.jobs"].add("outreach.newsletters", jobs.send_newsletters, every_seconds=NEWSLETTER_SECONDS)
    app.extensions["ucc.jobs"].add("outreach.remind", jobs.remind_organisations, every_seconds=REMIND_SECONDS)


def _forget_notes(session: Session, settings: Settings, actor: Actor, now: datetime) -> int:
    closed_before = months_before(now, settings.profile_months)
    return operations.forget_notes(session, closed_before=closed_before, actor=actor, now=now)


def _tidy() -> None:
    actor, now = system_actor("tidy"), clock.now()
    perform(lambda session: operations.remove_stale(session, actor=actor, now=now))
    perform(lambda session: operations.forget_recipients(session, actor=actor, now=now))


def _panel(process: Process) -> Markup | None:
    """What was done to reach people, and a button for whoever wants to be told what happens."""
    if process.status is ProcessState.DRAFT or process.is_imported:
        return None
    totals = queries.reached(db.session(), process)
    page = render_template(
        "outreach/_panel.html",
        process=process,
        activities=sum(each.activities for each in totals),
        people=sum(each.people for each in totals),
        has_newsletters=bool(queries.sent_newsletters(db.session(), process, limit=1)),
    )
    return Markup(page)  # noqa: S704  # a template has just escaped it


def _process(session: Session, ref: str, actor: Actor) -> Followed | None:
    """A public process that is the city's own."""
    try:
        process = process_in_brief(session, ref.partition("/")[2], actor=actor)
    except NotFound:
        return None
    if process.status is ProcessState.DRAFT or process.is_imported:
        return None
    return Followed(process.title, url_for("processes.show", public_id=process.public_id), process)


def _steps(session: Session, process: Process, now: datetime) -> list[Happening]:
    """The steps of the process itself and the phases that have begun. Needs ``phases`` loaded."""
    path = url_for("processes.show", public_id=process.public_id)
    steps = (
        ("published", _l("A process is announced"), process.published_at),
        ("opened", _l("A process is open"), process.opened_at),
        ("closed", _l("A process is closed"), process.closed_at),
    )
    found = [Happening(f"{process.ref}/{name}", what, process.title, at, path) for name, what, at in steps if at]
    begun = [phase for phase in process.phases if process.opened_at and phase.starts_at <= now]
    return found + [
        Happening(f"{process.ref}/phase/{phase.kind.value}", NEWS[NewsKind.PHASE], phase.title, phase.starts_at, path)
        for phase in begun
    ]


def _sent_newsletters(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every newsletter that was sent, as the log should know it, for the drift check."""
    smallest = settings().smallest_group
    for ref, letter, _process in queries.live_newsletters(session):
        yield ref, public_payload(letter, smallest)


def _newsletters(session: Session, process: Process, now: datetime) -> list[Happening]:
    """The newest newsletters, for the feed of the process."""
    return [
        Happening(
            letter.ref(process),
            _l("Newsletter"),
            letter.title,
            letter.sent_at or now,
            url_for("outreach.newsletter", public_id=process.public_id, letter_id=letter.public_id),
        )
        for letter in queries.sent_newsletters(session, process, limit=MOST_ENTRIES)
    ]


def _is_followed(ref: str) -> bool:
    """Whether the present reader follows it, for templates."""
    actor = current_actor()
    return actor.account_id is not None and queries.is_following(db.session(), actor.account_id, ref)


def _wishes(session: Session, account: Account) -> dict[str, Any]:
    """Of what the account wants to be told and was told, as data for that person."""
    wish = queries.wish_of(session, account)
    followed = [
        {
            "subject": each.subject,
            "process": each.process.public_id if each.process else None,
            "title": each.process.title if each.process else None,
            "since": utc_text(each.since),
        }
        for each in queries.followed_by(session, account)
    ]
    told = [{"about": each.key, "at": utc_text(each.told_at)} for each in queries.told_to(session, account)]
    return {"reminders": wish.public_payload() if wish else None, "followed": followed, "told": told}
