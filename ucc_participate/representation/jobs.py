"""What the clock does to figures: published once a day at most, and at once when a process has closed."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..kernel import clock
from ..kernel.db import db
from ..kernel.identity import system_actor
from ..processes.models import Process
from . import queries
from .publishing import publish

ACTOR = system_actor("representation")
RHYTHM = timedelta(days=1)


def publish_due() -> None:
    """Publish the figures of every process whose last ones are a day old, or older than its closing."""
    now, session = clock.now(), db.session()
    due = [process.public_id for process in queries.list_counted(session) if _is_due(process, now)]
    for public_id in due:
        publish(public_id, actor=ACTOR, now=now)


def _is_due(process: Process, now: datetime) -> bool:
    last = queries.last_published(db.session(), process.ref)
    if last.at is None:
        return True
    if process.closed_at is not None:
        return last.at <= process.closed_at
    return now - last.at >= RHYTHM
