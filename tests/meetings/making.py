"""Meetings for tests, made through the domain's own operations."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.accounts.making import CITY, acting
from ucc_participate.accounts.models import AboutYou, Account
from ucc_participate.kernel.codes import Digests
from ucc_participate.kernel.identity import VISITOR, Actor
from ucc_participate.meetings import operations, queries
from ucc_participate.meetings.entry import Came, NewDecision
from ucc_participate.meetings.mailing import Mailing
from ucc_participate.meetings.models import AgendaItem, Attendance, Meeting, Minutes, Mode, Notice, VoiceKind
from ucc_participate.processes.models import Process
from ucc_participate.processes.queries import process_to_change

DIGESTS = Digests("a secret that only tests know, long enough")
AHEAD = timedelta(days=10)
HOURS = timedelta(hours=2)
FLOOR = 5
TEXT = "The weavers told of their looms, and the school of its empty hall.\n\nEverybody spoke."


def mailing(now: datetime) -> Mailing:
    return Mailing("http://127.0.0.1:8000/p/place1/meetings/place2", "Asia/Tehran", now, now)


def notice(starts_at: datetime, **changes: Any) -> Notice:
    facts: dict[str, Any] = {
        "title": {"en": "Crafts in the old bazaar"},
        "text": {"en": "What the workshops need."},
        "mode": Mode.IN_PERSON,
        "place": "Hall of the weavers",
        "starts_at": starts_at,
        "ends_at": starts_at + HOURS,
        "agenda": (AgendaItem("Welcome", 10, "Leila Moradi"), AgendaItem("What is missing", 60)),
    }
    return Notice(**facts | changes)


def announce(
    perform: Any, process: Process, *, now: datetime, because: str = "", actor: Actor = CITY, **changes: Any
) -> Meeting:
    """Announced now, for AHEAD from now unless ``starts_at`` says otherwise."""
    told = notice(changes.pop("starts_at", now + AHEAD), **changes)

    def work(session: Any) -> Meeting:
        found = process_to_change(session, process.public_id, actor=CITY)
        return operations.announce_meeting(session, found, told, short_because=because, actor=actor, now=now)

    made: Meeting = perform(work)
    return made


def change(
    perform: Any, meeting: Meeting, operation: Any, *args: Any, now: datetime, actor: Actor = CITY, **facts: Any
) -> Any:
    """Run an operation on the meeting, loaded and locked in the same unit of work."""

    def work(session: Any) -> Any:
        process = process_to_change(session, meeting.process.public_id, actor=CITY)
        found = queries.meeting_to_change(session, process, meeting.public_id)
        return operation(session, found, *args, actor=actor, now=now, **facts)

    return perform(work)


def reload(read: Any, meeting: Meeting) -> Meeting:
    found: Meeting = read(lambda s: queries.get_meeting(s, meeting.process, meeting.public_id))
    return found


def register(perform: Any, meeting: Meeting, account: Account, *, now: datetime, **facts: Any) -> Any:
    known: dict[str, Any] = {"needs": "", "wants_childcare": False} | facts
    return change(perform, meeting, operations.register, account, now=now, actor=acting(account), **known)


def unregister(perform: Any, meeting: Meeting, account: Account, *, now: datetime) -> None:
    by: dict[str, Any] = {"now": now, "actor": acting(account), "mailing": mailing(now)}
    change(perform, meeting, operations.withdraw_registration, account, **by)


def scan(
    perform: Any, meeting: Meeting, account: Account | None, *, now: datetime, actor: Actor | None = None, **facts: Any
) -> Attendance:
    """Somebody who stands before a code that is good: signed in, or with the short form."""
    known: dict[str, Any] = {"code_opens": True, "locale": "en", "key": None} | facts
    came = known.pop("came", Came())
    who = actor or (acting(account) if account is not None else VISITOR)
    made: Attendance = change(perform, meeting, operations.attend, account, came, now=now, actor=who, **known)
    return made


def write_down(
    perform: Any, meeting: Meeting, about: AboutYou | None = None, *, now: datetime, actor: Actor = CITY, **facts: Any
) -> Attendance:
    """A line of the clerk's list."""
    key = facts.pop("key", None)
    came = Came(about=about or AboutYou(), **facts)
    made: Attendance = change(
        perform, meeting, operations.note_attendance, came, locale="en", key=key, now=now, actor=actor
    )
    return made


def hold(perform: Any, meeting: Meeting, *, now: datetime, actor: Actor = CITY) -> None:
    change(perform, meeting, operations.hold_meeting, floor=FLOOR, now=now, actor=actor)


def publish(
    perform: Any, meeting: Meeting, *, now: datetime, text: str = TEXT, decisions: tuple[NewDecision, ...] = ()
) -> Minutes:
    facts: dict[str, Any] = {"text": text, "decisions": decisions, "mailing": mailing(now)}
    made: Minutes = change(perform, meeting, operations.publish_minutes, now=now, **facts)
    return made


def speak(
    perform: Any, meeting: Meeting, account: Account, *, now: datetime, actor: Actor | None = None, **facts: Any
) -> Any:
    known: dict[str, Any] = {
        "kind": VoiceKind.OBJECTION,
        "text": "The school was promised the hall.",
        "organisation": None,
        "shows_name": False,
        "was_there": True,
    } | facts
    who = actor or acting(account)
    return change(perform, meeting, operations.speak_on_minutes, account, now=now, actor=who, **known)
