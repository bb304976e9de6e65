"""The waiting list: who has waited longest gets what is free, inside the operation that frees it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from . import queries
from .mailing import Mailing
from .models import Meeting, RegistrationState


def move_up(session: Session, meeting: Meeting, *, mailing: Mailing, now: datetime) -> int:
    """Give free places to those who wait, and tell them; how many. Part of the operation that frees places."""
    left = queries.places_of(session, meeting).left
    free = queries.next_waiting(session, meeting, limit=1_000_000 if left is None else left)
    for each in free:
        each.state = RegistrationState.COMING
        mailing.write(session, meeting, each.account, "meeting_place", now=now)
    session.flush()
    return len(free)
