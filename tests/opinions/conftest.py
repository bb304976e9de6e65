"""What tests of opinion maps ask for beside the application."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from ucc_participate.audit import log
from ucc_participate.audit import queries as log_queries
from ucc_participate.audit.models import LogOpening
from ucc_participate.kernel.db import db


@pytest.fixture
def now(clock):
    return clock.now()


@dataclass(frozen=True)
class Told:
    """An entry of the log with what it publishes."""

    position: int
    values: dict[str, Any]
    payload: dict[str, Any]


@pytest.fixture
def entries(app):
    """``entries(subject)``: its entries, oldest first, with what they publish."""

    def told(subject):
        with app.app_context():
            log.sequence(db.engine)
            connection = db.session.connection()
            found = log_queries.latest_entries(connection, subject=subject, limit=1000)
            at = [entry.position for entry in found]
            rows = connection.execute(select(LogOpening.__table__).where(LogOpening.position.in_(at)))
            public = {row.position: log_queries.visible_fields(row) for row in rows}
            db.session.rollback()
            return [Told(entry.position, entry.values, public.get(entry.position, {})) for entry in found[::-1]]

    return told


@pytest.fixture
def drift(app):
    """``drift()``: what the drift check says of the tables."""
    from ucc_participate.audit import drift as check

    def run():
        with app.app_context():
            log.sequence(db.engine)
            return check.check(db.session())

    return run
