"""Registering for a meeting, with places and a waiting list; reminding those who come."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from ...accounts.models import Account
from ...kernel.decision import require
from ...kernel.errors import Conflict, NotFound
from ...kernel.identity import Actor
from .. import policies, queries
from ..events import RegistrationEvent
from ..mailing import Mailing
from ..models import Meeting, MeetingTold, Registration, RegistrationState
from ..recording import name_within, record_part
from ..waiting import move_up


def register(
    session: Session,
    meeting: Meeting,
    account: Account,
    *,
    needs: str,
    wants_childcare: bool,
    actor: Actor,
    now: datetime,
) -> Registration:
    """Take a place, or one on the waiting list; once more changes what the person needs. ``meeting`` is locked, so that
    the last place is given once."""
    require(policies.can_register(actor, meeting, now=now))
    found = queries.registration_of(session, meeting, account.id)
    if found is None or found.state is RegistrationState.WITHDRAWN:
        if found is not None:
            session.delete(found)  # whoever comes back queues at the end
            session.flush()
        is_full = queries.places_of(session, meeting).is_full
        state = RegistrationState.WAITING if is_full else RegistrationState.COMING
        found = Registration(meeting_id=meeting.id, account_id=account.id, state=state, registered_at=now)
    found.needs, found.wants_childcare = needs, wants_childcare
    session.add(found)
    session.flush()
    _record(session, RegistrationEvent.MADE, meeting, actor, now)
    return found


def withdraw_registration(
    session: Session, meeting: Meeting, account: Account, *, mailing: Mailing, actor: Actor, now: datetime
) -> None:
    """Take it back; who has waited longest gets the place and is told. ``meeting`` is locked."""
    require(policies.can_withdraw_registration(actor, meeting, now=now))
    found = queries.registration_of(session, meeting, account.id)
    if found is None or found.state is RegistrationState.WITHDRAWN:
        raise Conflict()
    found.state, found.needs, found.wants_childcare = RegistrationState.WITHDRAWN, "", False
    session.flush()
    move_up(session, meeting, mailing=mailing, now=now)
    _record(session, RegistrationEvent.WITHDRAWN, meeting, actor, now)


def remind_registered(session: Session, meeting: Meeting, *, mailing: Mailing, actor: Actor, now: datetime) -> int:
    """Write to everybody who comes and was not reminded of this time yet; how many. ``meeting`` is locked."""
    if not actor.is_system:
        raise NotFound
    accounts = queries.unreminded(session, meeting)
    for account in accounts:
        session.add(MeetingTold(meeting_id=meeting.id, account_id=account.id, starts_at=meeting.starts_at))
        mailing.write(session, meeting, account, "meeting_reminder", now=now, link=meeting.link or "")
    return len(accounts)


def _record(session: Session, event: RegistrationEvent, meeting: Meeting, actor: Actor, now: datetime) -> None:
    part = f"registration/{name_within(session, meeting, actor)}"
    record_part(session, event, meeting, part, actor=actor, now=now, by_random_name=True)
