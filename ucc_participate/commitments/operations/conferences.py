"""What the city told the Network at the conference of each year (rule L2)."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...documents.uploads import StoredUpload
from ...dossier.recording import named
from ...kernel.decision import require
from ...kernel.errors import Invalid, NotFound
from ...kernel.identity import Actor, new_public_id
from ...kernel.text import clean_line, clean_text
from ...processes.models import Process
from .. import policies, queries
from ..entries import Told
from ..events import CommitmentEvent, ConferenceEvent
from ..models import (
    LINE_LENGTH,
    NOTE_LENGTH,
    SETTLED,
    YEARS,
    Attendance,
    Commitment,
    CommitmentKind,
    CommitmentState,
    Conference,
)
from ..recording import keep_file, note, require_past


def record_conference(
    session: Session,
    process: Process,
    year: int,
    told: Told,
    *,
    stored: StoredUpload | None,
    today: date,
    actor: Actor,
    now: datetime,
) -> Conference:
    """Enter the conference of a year of membership; entered anew, it is put right. The duty of that year is settled.

    Raises Invalid: whoever was there says what was told.
    """
    designation = queries.designation_of(session, process)
    require(policies.can_read_indicators(actor, process, now=now, designation=designation))
    if year not in YEARS:
        raise NotFound()
    require_past(told.held_on, today, field="held_on")
    if designation is not None and told.held_on < designation.designated_on:
        raise Invalid(_l("The city was no member yet on this day."), field="held_on")
    found = queries.conference_to_change(session, process, year) or _new(process, year)
    _write(found, told)
    found.recorded_by, found.recorded_at = named(session, actor), now
    session.add(found)
    session.flush()
    if stored is not None:
        found.files = [*found.files, keep_file(session, found, stored, actor=actor, now=now)]
    note(session, ConferenceEvent.RECORDED, found, actor=actor, now=now)
    _settle(session, found, actor=actor, now=now)
    return found


def _new(process: Process, year: int) -> Conference:
    return Conference(public_id=new_public_id(), process=process, process_id=process.id, year=year, files=[])


def _write(conference: Conference, told: Told) -> None:
    cleaned = {name: clean_text(text, max_length=NOTE_LENGTH[1]) for name, text in told.achievements.items()}
    achievements = {name: text for name, text in cleaned.items() if text}
    was_there = told.attendance is not Attendance.ABSENT
    if was_there and not achievements:
        raise Invalid(_l("Write what the city told there, in at least one language."), field="achievements")
    conference.held_on, conference.attendance = told.held_on, told.attendance
    conference.place = clean_line(told.place, max_length=160)
    conference.sent = clean_line(told.sent, max_length=LINE_LENGTH) if was_there else ""
    conference.achievements = achievements
    if not conference.place:
        raise Invalid(_l("Say in which city it was held."), field="place")


def _settle(session: Session, conference: Conference, *, actor: Actor, now: datetime) -> None:
    duty = queries.duty(session, conference.process, CommitmentKind.CONFERENCE, conference.year)
    if duty is None:
        return
    was_there = conference.attendance is not Attendance.ABSENT
    state = CommitmentState.KEPT if was_there else CommitmentState.NOT_KEPT
    before = duty.public_payload()
    _put(duty, state, on=conference.held_on)
    duty.about, duty.moved_by, duty.changed_at = conference.ref, conference.recorded_by, now
    if duty.public_payload() != before:
        note(session, CommitmentEvent.MOVED, duty, actor=actor, now=now)


def _put(duty: Commitment, state: CommitmentState, *, on: date) -> None:
    """What was entered wrongly is first under way again."""
    if duty.status in SETTLED:
        duty.move_to(CommitmentState.UNDER_WAY, on=on)
    duty.move_to(state, on=on)
