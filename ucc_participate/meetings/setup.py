"""How meetings hook into the application: policies, drift, jobs, news, own data, erasing, panels on other pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, current_app, render_template, url_for
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy.orm import Session

from ..accounts.models import Account
from ..accounts.retention import months_before
from ..audit import drift
from ..kernel import clock
from ..kernel.atom import MOST_ENTRIES
from ..kernel.clock import utc_text
from ..kernel.codes import Digests
from ..kernel.db import db
from ..kernel.i18n import dates, reader, zone
from ..kernel.identity import Actor
from ..kernel.web import register_policies
from ..outreach.feeds import Happening
from ..outreach.subjects import Followed
from ..processes.models import Process, ProcessState
from ..proposals.disputed import EXTENSION as DISPUTED
from ..proposals.disputed import Disputed
from ..proposals.models import DissentAbout, Proposal
from ..settings import Settings
from . import jobs, operations, policies, queries, wording
from .models import Meeting, MinutesState

REMIND_SECONDS = 900.0


def init_app(app: Flask) -> None:
    """``ucc.meeting_panels``: callables (meeting) → Markup or None, shown on the meeting's page."""
    app.extensions.setdefault("ucc.meeting_panels", [])
    register_policies(app, policies, Meeting)
    drift.register(app, "ucc.meeting/1", queries.live_meetings)
    drift.register(app, "ucc.meeting_rules/1", queries.live_rules)
    drift.register(app, "ucc.minutes/1", queries.live_minutes)
    drift.register(app, "ucc.minutes_voice/1", queries.live_voices)
    app.extensions.setdefault("ucc.news", []).extend([queries.meeting_news, queries.minutes_news])
    app.extensions.setdefault("ucc.followable", {})["meeting"] = _followable
    app.extensions.setdefault("ucc.feeds", []).extend([_announced, _minutes])
    app.extensions.setdefault(DISPUTED, {})["meeting"] = _disputed
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


def _followable(session: Session, ref: str, actor: Actor) -> Followed | None:
    """A meeting of the city's own, also when it was called off: its page says so."""
    found = queries.find_by_ref(session, ref)
    if found is None or found.process.is_imported or not policies.can_view(actor, found, now=clock.now()):
        return None
    return Followed(found.title, _page(found.process, found), found.process)


def _page(process: Process, meeting: Meeting, endpoint: str = "meetings.show") -> str:
    return url_for(endpoint, process_id=process.public_id, meeting_id=meeting.public_id)


def _announced(session: Session, process: Process, now: datetime) -> list[Happening]:
    """Meetings as they were announced, and those that were called off, for the feed of the process."""
    found = []
    for meeting in queries.newest_meetings(session, process, limit=MOST_ENTRIES):
        path = _page(process, meeting)
        announced_at = meeting.announced_at or now
        found.append(Happening(meeting.ref, _l("A meeting is announced"), meeting.title, announced_at, path))
        if meeting.cancelled_because is not None:
            at, what = meeting.changed_at or announced_at, _l("A meeting is called off")
            found.append(Happening(f"{meeting.ref}/off", what, meeting.title, at, path, meeting.cancelled_because))
    return found


def _minutes(session: Session, process: Process, now: datetime) -> list[Happening]:
    """Every version of the minutes, for the feed of the process: that it is there, and no text."""
    return [
        Happening(
            each.ref(each.meeting),
            _l("Minutes") if each.state is MinutesState.FINAL else _l("Draft minutes"),
            each.meeting.title,
            each.published_at,
            _page(process, each.meeting, "meetings.minutes"),
        )
        for each in queries.newest_minutes(session, process, limit=MOST_ENTRIES)
    ]


def _disputed(session: Session, ref: str) -> Disputed | None:
    """What people may file a minority statement on: what a meeting decided, once its minutes are final."""
    noun, _slash, _rest = ref.partition("/")
    found = queries.find_by_ref(session, ref)
    if found is None or noun != "meeting":
        return None
    standing = queries.standing(session, found)
    is_final = standing is not None and standing.state is MinutesState.FINAL
    decided_at = standing.published_at if standing is not None and is_final and standing.decisions else None
    path = f"/p/{found.process.public_id}/meetings/{found.public_id}/minutes"
    return Disputed(found.ref, found.process, DissentAbout.DECISION, found.title, path, decided_at, decided_at)


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
