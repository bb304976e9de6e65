"""What the clock does: reminding those who come, a day before, once."""

from __future__ import annotations

from functools import partial

from sqlalchemy.orm import Session

from ..kernel import clock
from ..kernel.db import db, perform
from ..kernel.identity import system_actor
from ..outreach.addresses import city_quiet
from ..processes.queries import process_to_change
from . import operations, queries
from .mailing import Mailing, mailing

ACTOR = system_actor("meeting-reminders")


def remind() -> None:
    """Nothing in quiet hours; what is due then is due after them, as long as the meeting has not begun."""
    if city_quiet().covers(clock.now()):
        return
    for process_id, meeting_id in queries.meetings_to_remind_of(db.session(), clock.now()):
        perform(partial(_remind, process_id, meeting_id, mailing()))


def _remind(process_id: str, meeting_id: str, how: Mailing, session: Session) -> int:
    process = process_to_change(session, process_id, actor=ACTOR)
    meeting = queries.meeting_to_change(session, process, meeting_id)
    return operations.remind_registered(session, meeting, mailing=how, actor=ACTOR, now=how.now)
