"""What the clock does: forgetting sketches, and writing to moderators about what waits for too long."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import current_app, url_for
from sqlalchemy.orm import Session

from ..kernel import clock
from ..kernel.db import db, perform
from ..kernel.identity import system_actor
from ..outreach.addresses import city_quiet
from ..processes.queries import process_in_brief
from ..settings import Settings
from . import operations, queries

ACTOR = system_actor("moderation")


def forget_traces() -> None:
    perform(partial(operations.forget_traces, actor=ACTOR, now=clock.now()))


def tell_moderators() -> None:
    """Counts only, each contribution once, not in the city's quiet hours."""
    now, settings = clock.now(), _settings()
    for process in queries.open_processes(db.session()):
        with current_app.test_request_context():
            path = url_for("moderation.queue", process_id=process.public_id)
        facts: dict[str, Any] = {"not_before": city_quiet().next_moment(now), "address": settings.public_url + path}
        perform(partial(_tell, process.public_id, facts, now))


def _tell(process_id: str, facts: dict[str, Any], now: Any, session: Session) -> None:
    process = process_in_brief(session, process_id, actor=ACTOR)
    operations.tell_moderators(session, process, **facts, actor=ACTOR, now=now)


def _settings() -> Settings:
    found: Settings = current_app.extensions["ucc.settings"]
    return found
