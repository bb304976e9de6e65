"""How meetings hook into the application: policies, drift, jobs, news, own data, erasing, panels on other pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, current_app, render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from ..accounts.models import Account
from ..accounts.retention import months_before
from ..audit import drift
from ..kernel import clock
from ..kernel.clock import utc_text
from ..kernel.codes import Digests
from ..kernel.db import db
from ..kernel.i18n import dates, reader, zone
from ..kernel.identity import Actor
from ..kernel.web import register_policies
from ..processes.models import Process, ProcessState
from ..proposals.models import Proposal
from ..settings import Settings
from . import jobs, operations, policies, queries, wording
from .models import Meeting

REMIND_SECONDS = 900.0


def init_app(app: Flask) -> None:
    """``ucc.meeting_panels``: callables (meeting) → Markup or None, shown on the meeting's page."""
    app.extensions.setdefault("ucc.meeting_panels", [])
    register_policies(app, policies, Meeting)
    drift.register(app, "ucc.meeting/1", queries.live_meetings)
    drift.register(app, "ucc.meeting_rules/1", queries.live_rules)
    drift.register(app, "ucc.minutes/1", queries.live_minutes)
    drift.register(app, "ucc.minutes_voice/1", queries.live_voices)
    app.extensions.setdefault("ucc.news", []).append(queries.meeting_news)
    app.extensions.setdefault("ucc.process_panels", []).insert(0, _next_meetings)
    app.extensions.setdefault("ucc.proposal_panels", []).append(_decisions)
    app.extensions.setdefault("ucc.erasers", []).append(operations.forget_person)
    app.extensions.setdefault("ucc.personal_data", []).append(_meetings_of)
    app.extensions.setdefault("ucc.personal_subjects", []).append(queries.lists_with)
    app.extensions.setdefault("ucc.retention", {})["meeting_names"] = _forget_names
    app.jinja_env.filters["clock_time"] = _clock_time
    app.extensions["ucc.jobs"].add("meetings.remind", jobs.remind, every_seconds=REMIND_SECONDS)


def _clock_time(moment: datetime) -> str:
    """The hour in the city, for the reader: agendas say it many times on one day."""
    reading = reader()
    return dates.clock_time(moment.astimezone(zone(reading.tz)), locale=reading.locale)


def digests() -> Digests:
    return Digests(str(current_app.secret_key))


def _forget_names(session: Session, settings: Settings, actor: Actor, now: datetime) -> int:
    held_before = months_before(now, settings.profile_months)
    return operations.forget_names(session, held_before=held_before, actor=actor, now=now)


def _next_meetings(process: Process) -> Markup | None:
    """On the page of a process: where people meet next."""
    if process.status in (ProcessState.DRAFT, ProcessState.CLOSED):
        return None
    meetings = queries.list_to_come(db.session(), process, now=clock.now())[:3]
    if not meetings:
        return None
    page = render_template("meetings/_next.html", process=process, meetings=meetings, wording=wording)
    return Markup(page)  # noqa: S704  # a template has just escaped it


def _decisions(proposal: Proposal) -> Markup | None:
    """On the page of a proposal: what meetings decided on it."""
    found = queries.decisions_on(db.session(), proposal)
    if not found:
        return None
    page = render_template("meetings/_decisions.html", proposal=proposal, found=found, wording=wording)
    return Markup(page)  # noqa: S704  # a template has just escaped it


def _meetings_of(session: Session, account: Account) -> dict[str, Any]:
    """For which meetings the account registered, where it was, and what it said of minutes, as data for that person."""
    registered = [
        {
            "meeting": each.meeting.title,
            "state": each.state.value,
            "needs": each.needs,
            "wants_childcare": each.wants_childcare,
            "at": utc_text(each.registered_at),
        }
        for each in queries.registrations_of(session, account)
    ]
    attended = [
        {
            "meeting": each.meeting.title,
            "organisation": each.organisation.name if each.organisation else None,
            "name": each.name,
            "at": utc_text(each.at),
        }
        for each in queries.attendances_of(session, account)
    ]
    said = [
        {
            "meeting": each.meeting.title,
            "kind": each.kind.value,
            "text": each.text,
            "shown_name": each.author,
            "at": utc_text(each.said_at),
            "answer": each.answer,
        }
        for each in queries.voices_of(session, account)
    ]
    return {"meetings": {"registered": registered, "attended": attended, "said": said}}
