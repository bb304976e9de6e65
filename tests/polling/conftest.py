"""What tests of polling places ask for beside the application."""

from __future__ import annotations

import pytest

from tests.polling.making import announce, clerk
from tests.processes.making import day
from tests.stakeholders.making import told
from tests.voting.making import CLOSES_ON, OPENS_ON, make_vote, residents
from ucc_participate.audit import drift as check
from ucc_participate.audit import log
from ucc_participate.kernel.db import db
from ucc_participate.voting.models import VoteState


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def voters(perform, now):
    return [actor for _account, actor in residents(perform, 12, now=now)]


@pytest.fixture
def vote(perform, now, voters):
    return make_vote(perform, now, VoteState.OPEN)


@pytest.fixture
def during(now):
    return day(now, OPENS_ON + 1)


@pytest.fixture
def after(now):
    return day(now, CLOSES_ON)


@pytest.fixture
def place(perform, vote, now):
    return announce(perform, vote, now)


@pytest.fixture
def clerks(perform, now):
    """Three of them."""
    return [clerk(perform, now, name)[1] for name in ("Omid", "Nasrin", "Parisa")]


@pytest.fixture
def entries(app):
    return lambda subject: told(app, subject=subject)


@pytest.fixture
def drift(app):
    def run():
        with app.app_context():
            log.sequence(db.engine)
            return check.check(db.session())

    return run
