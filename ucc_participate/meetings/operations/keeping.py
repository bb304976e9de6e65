"""What goes: names of those without an account after some months, and everything that tells who somebody was."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ...accounts.models import Account, Profile
from ...accounts.policies import can_retain
from ...accounts.retention import note_retention
from ...audit.events import LogEvent
from ...audit.log import settle
from ...audit.operations import withhold_fields
from ...kernel.decision import require
from ...kernel.identity import Actor
from .. import queries
from ..models import Registration

ERASURE_REASON = "The author asked for erasure."


def forget_person(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """When a person is erased: registrations go; that somebody came, and what they objected, stays without a name."""
    session.execute(delete(Registration).where(Registration.account_id == account.id))
    for line in queries.attendances_of(session, account):
        line.name = None
    named = [voice for voice in queries.voices_of(session, account) if voice.author is not None]
    if not named:
        return
    settle(session)
    for process in {voice.meeting.process for voice in named}:
        refs = [voice.ref(voice.meeting) for voice in named if voice.meeting.process is process]
        withhold_fields(
            session,
            [(position, "author") for position in queries.logged_authors(session, refs)],
            actor=actor,
            now=now,
            event=LogEvent.ERASURE_EXECUTED,
            subject=process.ref,
            process=process.ref,
            reason=ERASURE_REASON,
        )
    for voice in named:
        voice.author = None


def forget_names(session: Session, *, held_before: datetime, actor: Actor, now: datetime) -> int:
    """Names that people without an account gave at meetings that ended before then, what they said of themselves where
    no process counts it, and what people asked for when they registered; how much."""
    require(can_retain(actor, now=now))
    named = queries.attendances_with_names(session, held_before)
    for line in named:
        line.name = None
    accounts = list(queries.profiles_without_participation(session, held_before))
    if accounts:
        session.execute(delete(Profile).where(Profile.account_id.in_(accounts)))
    needy = list(
        session.scalars(select(Registration).where(Registration.id.in_(queries.needs_past(session, held_before))))
    )
    for registration in needy:
        registration.needs, registration.wants_childcare = "", False
    count = len(named) + len(accounts) + len(needy)
    if count:
        note_retention(session, "meeting_names", count, actor=actor, now=now)
    return count
