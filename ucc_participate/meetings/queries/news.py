"""Of what followers are told: meetings that were announced, moved or called off, and their minutes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from ...accounts.models import Account
from ...outreach.models import NewsKind
from ...outreach.news import WINDOW, News
from ...processes.models import Process
from ..models import Attendance, Meeting, MeetingState, Minutes, MinutesState, Registration, RegistrationState


def find_by_ref(session: Session, ref: str) -> Meeting | None:
    """The meeting ``meeting/<public id>`` with its process, whoever may see it; None when there is none."""
    query = select(Meeting).where(Meeting.public_id == ref.partition("/")[2])
    found: Meeting | None = session.scalar(query.options(joinedload(Meeting.process)))
    return found


def meeting_news(session: Session, now: datetime) -> Iterator[News]:
    """Each meeting once, as long as it is to come; once more each time when it is moved, and when it is called off.

    Those who registered are told of changes at once, by a mail of their own.
    """
    to_come = Meeting.starts_at > now
    fresh = (Meeting.status == MeetingState.ANNOUNCED, Meeting.announced_at > now - WINDOW, to_come)
    for meeting in session.scalars(select(Meeting).where(*fresh).order_by(Meeting.id)):
        yield _of(meeting, f"meeting:{meeting.public_id}", None, None)
    changed = (Meeting.changed_at > now - WINDOW, to_come)
    states = Meeting.status.in_([MeetingState.ANNOUNCED, MeetingState.CANCELLED])
    for meeting in session.scalars(select(Meeting).where(*changed, states).order_by(Meeting.id)):
        is_off = meeting.status is MeetingState.CANCELLED
        key = f"meeting:{meeting.public_id}:{'off' if is_off else f'{meeting.changed_at:%Y%m%d%H%M%S}'}"
        yield _of(meeting, key, "meeting_cancelled" if is_off else "meeting_moved", _not_registered(meeting))


def minutes_news(session: Session, now: datetime) -> Iterator[News]:
    """Draft minutes while people can object, and the version that stays. Who was there has a mail of the draft."""
    fresh = select(Minutes).where(Minutes.published_at > now - WINDOW).options(joinedload(Minutes.meeting))
    for each in session.scalars(fresh.order_by(Minutes.id)):
        meeting, is_draft = each.meeting, each.state is MinutesState.DRAFT
        if is_draft and (meeting.status is not MeetingState.MINUTES_DRAFT or now >= each.objections_until):
            continue
        yield News(
            process_id=meeting.process_id,
            kind=NewsKind.MINUTES,
            key=f"minutes:{meeting.public_id}:{each.number}",
            title=meeting.title,
            at=each.objections_until if is_draft else None,
            accounts=_not_there(meeting) if is_draft else None,
            subject=meeting.ref,
            told_as="minutes_draft" if is_draft else None,
        )


def newest_meetings(session: Session, process: Process, *, limit: int) -> list[Meeting]:
    """As they were announced, the newest first; without what was held elsewhere."""
    query = select(Meeting).where(Meeting.process_id == process.id, Meeting.announced_at.is_not(None))
    return list(session.scalars(query.order_by(Meeting.announced_at.desc(), Meeting.id.desc()).limit(limit)))


def newest_minutes(session: Session, process: Process, *, limit: int) -> list[Minutes]:
    """Every version with its meeting, the newest first."""
    query = select(Minutes).join(Meeting).where(Meeting.process_id == process.id)
    newest = query.order_by(Minutes.published_at.desc(), Minutes.id.desc()).limit(limit)
    return list(session.scalars(newest.options(joinedload(Minutes.meeting))))


def _of(meeting: Meeting, key: str, told_as: str | None, accounts: Select[Any] | None) -> News:
    return News(
        process_id=meeting.process_id,
        kind=NewsKind.MEETING,
        key=key,
        title=meeting.title,
        at=meeting.starts_at,
        accounts=accounts,
        subject=meeting.ref,
        told_as=told_as,
    )


def _not_registered(meeting: Meeting) -> Select[Any]:
    mine = (Registration.meeting_id == meeting.id, Registration.state != RegistrationState.WITHDRAWN)
    return select(Account.id).where(Account.id.not_in(select(Registration.account_id).where(*mine)))


def _not_there(meeting: Meeting) -> Select[Any]:
    there = select(Attendance.account_id).where(Attendance.meeting_id == meeting.id, Attendance.account_id.is_not(None))
    return select(Account.id).where(Account.id.not_in(there))
