"""Of what followers of a process are told: meetings that were announced."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...outreach.models import NewsKind
from ...outreach.news import WINDOW, News
from ..models import Meeting, MeetingState


def meeting_news(session: Session, now: datetime) -> Iterable[News]:
    """Each meeting once, as long as it is to come."""
    fresh = (Meeting.status == MeetingState.ANNOUNCED, Meeting.announced_at > now - WINDOW, Meeting.starts_at > now)
    for meeting in session.scalars(select(Meeting).where(*fresh).order_by(Meeting.id)):
        yield News(
            process_id=meeting.process_id,
            kind=NewsKind.MEETING,
            key=f"meeting:{meeting.public_id}",
            title=meeting.title,
            at=meeting.starts_at,
        )
