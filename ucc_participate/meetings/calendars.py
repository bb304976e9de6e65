"""Meetings for calendars (RFC 5545): one as a file, all of a process as a feed. The online address is in neither."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from icalendar import Calendar, Event

from ..kernel.i18n import in_language
from .models import Meeting, MeetingState
from .models.meeting import MILLION

Address = Callable[[Meeting], str]


def calendar_of(
    meetings: Iterable[Meeting], *, name: str, locale: str, host: str, address: Address, now: datetime
) -> bytes:
    """``host``: of this site, a part of what calendars know a meeting by; ``address``: of its page."""
    calendar = Calendar()
    calendar.add("prodid", f"-//ucc_participate//{host}//{locale.upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval;value=duration", "PT6H")
    for meeting in meetings:
        calendar.add_component(_event(meeting, locale, host, address, now))
    return bytes(calendar.to_ical())


def _event(meeting: Meeting, locale: str, host: str, address: Address, now: datetime) -> Event:
    event, url = Event(), address(meeting)
    event.add("uid", f"meeting-{meeting.public_id}@{host}")
    event.add("dtstamp", now)
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", meeting.ends_at)
    event.add("sequence", meeting.revision)
    event.add("status", "CANCELLED" if meeting.status is MeetingState.CANCELLED else "CONFIRMED")
    event.add("summary", in_language(meeting.title, locale).text)
    event.add("description", "\n\n".join(part for part in (in_language(meeting.text, locale).text, url) if part))
    event.add("url", url)
    if meeting.place:
        event.add("location", meeting.place)
    if meeting.latitude is not None and meeting.longitude is not None:
        event.add("geo", (meeting.latitude / MILLION, meeting.longitude / MILLION))
    return event
