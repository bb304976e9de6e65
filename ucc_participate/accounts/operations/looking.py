"""Staff looks at somebody's personal data: the log says so, once an hour for each page."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ...audit.log import record
from ...kernel.decision import require
from ...kernel.identity import Actor
from .. import policies
from ..events import PersonalDataEvent
from ..models import DataLook
from ..references import Page

QUIET = timedelta(hours=1)
"""Looks of the same actor at the same page of the same subject are one look for so long."""


def note_look(session: Session, subject: str, page: Page, *, actor: Actor, now: datetime) -> None:
    """``subject``: ``account/<pseudonym>`` or ``organisation/…``. Nothing happens within an hour of the last look."""
    require(policies.can_look(actor, now=now))
    look = session.get(DataLook, (actor.key, subject, page.value), with_for_update=True)
    if look is not None and now - look.at < QUIET:
        return
    session.merge(DataLook(actor=actor.key, subject=subject, page=page.value, at=now))
    payload = {"page": page.value}
    record(session, PersonalDataEvent.READ, actor=actor, subject=subject, payload=payload, now=now)
