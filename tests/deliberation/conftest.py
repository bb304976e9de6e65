"""What tests of discussions ask for beside the application."""

from __future__ import annotations

from typing import Any

import pytest

from tests.accounts.making import entries as all_entries
from tests.deliberation.making import Hall
from tests.processes.making import reload
from tests.proposals.making import person, proposing_process, submit
from ucc_participate.audit import drift as check
from ucc_participate.audit import log
from ucc_participate.kernel.db import db


@pytest.fixture
def now(clock: Any) -> Any:
    return clock.now()


@pytest.fixture
def hall(app: Any, perform: Any, read: Any, clock: Any, now: Any) -> Hall:
    """A proposal under discussion while its phase is open; the clock stands in that phase."""
    process, then = proposing_process(perform, now)
    account, author = person(perform, "Mina", now=now)
    clock.at = then
    proposal = submit(perform, process, author, now=then)
    return Hall(app, perform, read, clock, reload(read, process), proposal, account, author)


@pytest.fixture
def told(app: Any) -> Any:
    """``told(ref)``: (type, payload, role) of the entries about a subject, oldest first, as the log opens them now."""

    def run(ref: str) -> list[tuple[str, dict[str, Any], str]]:
        found = [each for each in all_entries(app) if each.values["subject"] == ref]
        return [(each.values["type"], each.payload, each.values["role"]) for each in found]

    return run


@pytest.fixture
def drift(app: Any) -> Any:
    """``drift()``: what the drift check says of the tables."""

    def run() -> list[str]:
        with app.app_context():
            log.sequence(db.engine)
            return check.check(db.session())

    return run
