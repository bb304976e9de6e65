"""How reaching out hooks into the application: drift, jobs, own data, erasing, a panel on the page of a process."""

from __future__ import annotations

from typing import Any

from flask import Flask, render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from ..accounts.models import Account
from ..audit import drift
from ..kernel.clock import utc_text
from ..kernel.db import db
from ..kernel.web import current_actor
from ..processes.models import Process, ProcessState
from . import jobs, operations, queries

TELL_SECONDS = 300.0
REMIND_SECONDS = 900.0


def init_app(app: Flask) -> None:
    """``ucc.organisation_stages``: stage → callable (process) → select of ids of organisations that have reached it.

    ``ucc.news``: callables (session, now) → what followers of processes are to be told (``news.News``).
    """
    drift.register(app, "ucc.outreach/1", queries.live_activities)
    app.extensions.setdefault("ucc.organisation_stages", {})
    app.extensions.setdefault("ucc.news", []).append(queries.phase_news)
    app.extensions.setdefault("ucc.process_panels", []).append(_panel)
    app.extensions.setdefault("ucc.erasers", []).append(operations.forget_wishes)
    app.extensions.setdefault("ucc.personal_data", []).append(_wishes)
    app.extensions["ucc.jobs"].add("outreach.tell", jobs.tell_followers, every_seconds=TELL_SECONDS)
    app.extensions["ucc.jobs"].add("outreach.remind", jobs.remind_organisations, every_seconds=REMIND_SECONDS)


def _panel(process: Process) -> Markup | None:
    """What was done to reach people, and a button for whoever wants to be told what happens."""
    if process.status is ProcessState.DRAFT or process.is_imported:
        return None
    session, actor = db.session(), current_actor()
    follows = actor.account_id is not None and queries.is_following(session, actor.account_id, process)
    totals = queries.reached(session, process)
    page = render_template(
        "outreach/_panel.html",
        process=process,
        follows=follows,
        activities=sum(each.activities for each in totals),
        people=sum(each.people for each in totals),
    )
    return Markup(page)  # noqa: S704  # a template has just escaped it


def _wishes(session: Session, account: Account) -> dict[str, Any]:
    """Of what the account wants to be told, as data for that person."""
    wish = queries.wish_of(session, account)
    followed = [
        {"process": each.process.public_id, "since": utc_text(each.since)}
        for each in queries.followed_by(session, account)
    ]
    return {"reminders": wish.public_payload() if wish is not None else None, "followed": followed}
