"""Taking over meetings that were held elsewhere, with numbers as reported: they are nobody's attendance here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from ...audit.log import record
from ...kernel.decision import require
from ...kernel.errors import Forbidden
from ...kernel.identity import Actor, new_public_id
from ...processes.events import ProcessEvent
from ...processes.models import Process, ProcessState
from .. import policies, queries
from ..entry import ImportedMeeting, Taken
from ..events import MeetingEvent
from ..models import Meeting, MeetingState, Mode
from ..recording import record_state


def open_imported_process(
    session: Session,
    *,
    title: str,
    origin: str,
    language: str,
    first: datetime,
    last: datetime,
    actor: Actor,
    now: datetime,
) -> Process:
    """A closed process that stands for one held elsewhere."""
    if not actor.is_system:
        raise Forbidden
    process = Process(
        public_id=new_public_id(),
        title={language: title},
        purpose={"en": origin},
        scope={},
        open_questions={},
        promise={},
        decision_maker={},
        responsible="",
        targets={},
        min_open_days=21,
        is_imported=True,
        status=ProcessState.CLOSED,
        created_at=now,
        published_at=first,
        opened_at=first,
        closed_at=last,
        phases=[],
        documents=[],
    )
    session.add(process)
    session.flush()
    for event in (ProcessEvent.CREATED, ProcessEvent.CLOSED):
        payload = process.public_payload()
        record(session, event, actor=actor, subject=process.ref, process=process.ref, payload=payload, now=now)
    return process


def import_meetings(
    session: Session, process: Process, rows: Sequence[ImportedMeeting], *, actor: Actor, now: datetime
) -> list[Taken]:
    """Take over what is not there yet, by what its source calls it."""
    require(policies.can_import(actor, process, now=now))
    known = queries.known_sources(session, process)
    fates = []
    for row in rows:
        is_new = row.source not in known
        fates.append(Taken(row, is_new))
        if is_new:
            known.add(row.source)
            meeting = _imported(process, row)
            session.add(meeting)
            record_state(session, MeetingEvent.IMPORTED, meeting, actor=actor, now=now)
    session.flush()
    return fates


def _imported(process: Process, row: ImportedMeeting) -> Meeting:
    meeting = Meeting(
        public_id=new_public_id(),
        process_id=process.id,
        process=process,
        title={row.language: row.title},
        text={row.language: row.text} if row.text else {},
        mode=Mode.IN_PERSON,
        place=row.place,
        district=row.district,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        has_hours=False,
        status=MeetingState.HELD,
        source=row.source,
        source_url=row.url,
        reported=row.reported,
        agenda=[],
        accessibility="",
        childcare="",
        is_for_women=False,
        is_for_youth=False,
        revision=0,
    )
    meeting.last_attendance = meeting.last_voice = meeting.last_hands = 0
    return meeting
