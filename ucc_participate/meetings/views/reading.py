"""What everybody reads: the meetings of a process, one of them, its minutes; and the same for calendars."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, request

from ...kernel import clock
from ...kernel.comparing import Difference, compare
from ...kernel.db import db
from ...kernel.i18n import in_language, reader, site_day
from ...kernel.web import current_actor, public
from .. import policies, queries
from ..calendars import calendar_of
from ..models import Meeting, MeetingState, Minutes, Registration, RegistrationState, agenda_times
from .blueprint import Answer, address_of, bp, load, load_process, page, settings


@bp.get("/p/<process_id>/meetings")
@public
def index(process_id: str) -> Answer:
    process, session, now = load_process(process_id), db.session(), clock.now()
    after = request.args.get("after")
    return page(
        "meetings/index.html",
        process,
        to_come=[] if after else queries.list_to_come(session, process, now=now),
        past=queries.list_past(session, process, now=now, after=after),
        is_first=after is None,
        may_manage=bool(policies.can_read_desk(current_actor(), process, now=now)),
        now=now,
    )


@bp.get("/p/<process_id>/meetings/<meeting_id>")
@public
def show(process_id: str, meeting_id: str) -> Answer:
    process, meeting = load(process_id, meeting_id)
    session, actor, now = db.session(), current_actor(), clock.now()
    registration = queries.registration_of(session, meeting, actor.account_id)
    line = queries.attendance_of(session, meeting, actor.account_id)
    is_registered = registration is not None and registration.state is RegistrationState.COMING
    is_live = meeting.status is MeetingState.ANNOUNCED
    return page(
        "meetings/show.html",
        process,
        meeting=meeting,
        agenda=agenda_times(meeting.starts_at, meeting.items),
        registration=registration,
        queue=queries.place_in_queue(session, registration)
        if registration is not None and _waits(registration)
        else None,
        places=queries.places_of(session, meeting) if is_live else None,
        link=meeting.link if is_registered or line is not None or actor.is_staff else None,
        is_there=line is not None,
        may_register=policies.can_register(actor, meeting, now=now),
        invited=queries.invited_by_sector(session, meeting),
        organisations=[] if is_live else queries.organisations_there(session, meeting),
        minutes=queries.standing(session, meeting),
        hands=[] if meeting.source else queries.shows(session, meeting),
        panels=[panel for make in current_app.extensions["ucc.meeting_panels"] if (panel := make(meeting))],
        may_manage=bool(policies.can_manage(actor, process, now=now)),
        now=now,
    )


def _waits(registration: Registration) -> bool:
    return registration.state is RegistrationState.WAITING


@bp.get("/p/<process_id>/meetings/<meeting_id>/minutes")
@public
def minutes(process_id: str, meeting_id: str) -> Answer:
    """The minutes that hold, what changed from the draft, who objected and what became of it."""
    process, meeting = load(process_id, meeting_id)
    session, actor, now = db.session(), current_actor(), clock.now()
    found = queries.versions(session, meeting)
    standing = found[0] if found else None
    was_there = queries.was_there(session, meeting, actor.account_id, now=now, today=site_day(now))
    facts: dict[str, Any] = {"minutes": standing, "was_there": was_there}
    has_spoken = queries.has_spoken(session, standing, actor.account_id)
    return page(
        "meetings/minutes.html",
        process,
        meeting=meeting,
        versions=found,
        standing=standing,
        changes=_changes(found),
        voices=queries.voices(session, meeting),
        named=queries.named_in(session, found[:1]),
        may_speak=policies.can_speak_on_minutes(actor, meeting, now=now, has_spoken=has_spoken, **facts),
        may_manage=bool(policies.can_manage(actor, process, now=now)),
        now=now,
    )


def _changes(found: list[Minutes]) -> Difference | None:
    """From the version before the last to the last, text and decisions; None where nothing is different."""
    if len(found) < 2:
        return None
    later, earlier = (_whole(each) for each in found[:2])
    return compare(earlier, later) if earlier != later else None


def _whole(minutes: Minutes) -> str:
    decisions = (f"{each['number']}. {each['text']}" for each in minutes.decisions)
    return "\n".join([minutes.text, *decisions])


@bp.get("/p/<process_id>/meetings.ics")
@public
def feed(process_id: str) -> Answer:
    """All meetings of the process, for a calendar that asks again and again."""
    process, now = load_process(process_id), clock.now()
    title = in_language(process.title, reader().locale).text
    return _calendar(queries.list_for_calendar(db.session(), process, now=now), title, f"meetings-{process_id}")


@bp.get("/p/<process_id>/meetings/<meeting_id>.ics")
@public
def calendar(process_id: str, meeting_id: str) -> Answer:
    _process, meeting = load(process_id, meeting_id)
    title = in_language(meeting.title, reader().locale).text
    return _calendar([meeting], title, f"meeting-{meeting.public_id}")


def _calendar(meetings: list[Meeting], name: str, file_name: str) -> Response:
    host = urlsplit(settings().public_url).netloc
    facts: dict[str, Any] = {"name": name, "locale": reader().locale, "host": host, "now": clock.now()}
    response = Response(calendar_of(meetings, address=address_of, **facts), mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}.ics"'
    return response
