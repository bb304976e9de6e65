"""What tests of votes ask for beside the application."""

from __future__ import annotations

import pytest

from tests.stakeholders.making import told
from ucc_participate.audit import drift as check
from ucc_participate.audit import log
from ucc_participate.kernel.db import db


@pytest.fixture
def now(clock):
    """The first day: the process opens."""
    return clock.now()


@pytest.fixture
def entries(app):
    """``entries(subject)``: its entries, oldest first, with what they publish."""
    return lambda subject: told(app, subject=subject)


@pytest.fixture
def drift(app):
    """``drift()``: what the drift check says of the tables."""

    def run():
        with app.app_context():
            log.sequence(db.engine)
            return check.check(db.session())

    return run
