"""What people said of themselves goes some time after the last process in which they took part."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from ...accounts.models import Profile
from ...accounts.policies import can_retain
from ...accounts.retention import note_retention
from ...kernel.decision import require
from ...kernel.identity import Actor
from .. import queries

BATCH = 500


def forget_profiles(session: Session, *, closed_before: datetime, actor: Actor, now: datetime) -> int:
    """Remove sex, years of birth, district, sector of people whose processes were all closed by then; how many.

    Whoever has not taken part yet keeps what they said: they may be about to.
    """
    require(can_retain(actor, now=now))
    people = queries.profiles_past_their_time(session, closed_before)
    for start in range(0, len(people), BATCH):
        session.execute(delete(Profile).where(Profile.account_id.in_(people[start : start + BATCH])))
    if people:
        note_retention(session, "profiles", len(people), actor=actor, now=now)
    return len(people)
