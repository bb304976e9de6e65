"""What tests of proposals ask for beside the application."""

from __future__ import annotations

import pytest

from ucc_participate.audit import log
from ucc_participate.audit import queries as log_queries
from ucc_participate.kernel.db import db


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def entries(app):
    """``entries(subject)``: its entries, oldest first, with what they publish."""

    def told(subject):
        with app.app_context():
            log.sequence(db.engine)
            found = log_queries.latest_entries(db.session.connection(), subject=subject, limit=1000)
            db.session.rollback()
            return found[::-1]

    return told


@pytest.fixture
def drift(app):
    """``drift()``: what the drift check says of the tables."""
    from ucc_participate.audit import drift as check

    def run():
        with app.app_context():
            log.sequence(db.engine)
            return check.check(db.session)

    return run
