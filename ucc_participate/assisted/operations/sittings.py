"""Sessions of clerks: opened for some hours, scans attached, closed with their totals."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...audit.log import record
from ...documents.attaching import attach
from ...documents.models import Document
from ...documents.uploads import StoredUpload
from ...kernel.decision import require
from ...kernel.errors import Forbidden, Invalid
from ...kernel.identity import Actor, new_public_id
from ...meetings.models import Meeting
from ...processes.models import Process, WayIn
from .. import policies
from ..events import IntakeEvent
from ..models import ASSISTED_WAYS, Intake

LASTS = timedelta(hours=8)


def open_intake(
    session: Session,
    process: Process,
    *,
    way_in: WayIn,
    place: str,
    held_on: date,
    today: date,
    needs_second: bool,
    meeting: Meeting | None = None,
    actor: Actor,
    now: datetime,
) -> Intake:
    """Begin to write down what people gave on a day at a place. It ends by itself after LASTS. ``meeting``: where they
    gave it; of the same process, and then the way in is a workshop.

    Raises Invalid naming the field: a day to come, or one before the process took proposals.
    """
    require(policies.can_open(actor, process, now=now))
    if actor.account_id is None:
        raise Forbidden(policies.CLERKS_ONLY)
    if way_in not in ASSISTED_WAYS:
        raise Invalid(_l("Choose how people came."), field="way_in")
    if held_on > today:
        raise Invalid(_l("This day is still to come."), field="held_on")
    if process.opened_at is not None and held_on < process.opened_at.date():
        raise Invalid(_l("The process was not open on this day."), field="held_on")
    if meeting is not None and (meeting.process_id != process.id or way_in is not WayIn.WORKSHOP):
        raise Invalid(_l("For a meeting, choose “workshop”."), field="way_in")
    intake = Intake(
        public_id=new_public_id(),
        process_id=process.id,
        process=process,
        meeting_id=meeting.id if meeting is not None else None,
        meeting=meeting,
        way_in=way_in,
        place=place,
        held_on=held_on,
        needs_second=needs_second,
        clerk_id=actor.account_id,
        opened_at=now,
        ends_at=now + LASTS,
        items=0,
    )
    session.add(intake)
    session.flush()
    _record(session, IntakeEvent.OPENED, intake, actor, now)
    return intake


def attach_scan(
    session: Session, intake: Intake, stored: StoredUpload, *, title: str, actor: Actor, now: datetime
) -> Document:
    """Keep a scanned sheet as evidence: for the city's staff alone; the log has its fingerprint."""
    require(policies.can_close(actor, intake, now=now))
    document = attach(session, intake.ref, stored, kind="scan", title=title, actor=actor, now=now)
    scan = {"scan": document.public_payload()}
    record(
        session,
        IntakeEvent.SCANNED,
        actor=actor,
        subject=f"{intake.ref}/scan/{document.public_id}",
        process=intake.process.ref,
        payload=scan,
        schema="ucc.scan/1",
        now=now,
    )
    return document


def close_intake(session: Session, intake: Intake, *, actor: Actor, now: datetime) -> None:
    """End the session; nothing more is entered in it. What waits for a second clerk goes on waiting."""
    require(policies.can_close(actor, intake, now=now))
    intake.closed_at = now
    _record(session, IntakeEvent.CLOSED, intake, actor, now)


def _record(session: Session, event: IntakeEvent, intake: Intake, actor: Actor, now: datetime) -> None:
    payload: dict[str, Any] = intake.public_payload()
    record(session, event, actor=actor, subject=intake.ref, process=intake.process.ref, payload=payload, now=now)
