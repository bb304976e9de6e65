"""What tests of moderation ask for beside the application."""

from __future__ import annotations

from typing import Any

import pytest

from tests.accounts.making import entries as all_entries
from tests.moderation.making import make_notes, person
from tests.processes.making import make_process, reload
from ucc_participate.audit import drift as check
from ucc_participate.audit import log
from ucc_participate.kernel.db import db
from ucc_participate.kernel.identity import Role
from ucc_participate.processes.models import ProcessState


@pytest.fixture
def now(clock: Any) -> Any:
    return clock.now()


@pytest.fixture
def process(perform: Any, now: Any, read: Any) -> Any:
    return reload(read, make_process(perform, now, ProcessState.OPEN))


@pytest.fixture
def notes(app: Any) -> Any:
    return make_notes(app)


@pytest.fixture
def sara(perform: Any, now: Any) -> Any:
    return person(perform, "Sara", now=now)[1]


@pytest.fixture
def mod(perform: Any, now: Any) -> Any:
    return person(perform, "Mod", Role.MODERATOR, now=now)[1]


@pytest.fixture
def other_mod(perform: Any, now: Any) -> Any:
    return person(perform, "Other", Role.MODERATOR, now=now)[1]


@pytest.fixture
def told(app: Any) -> Any:
    """``told(ref)``: (type, payload) of the entries about a subject, oldest first, as the log opens them now."""

    def run(ref: str) -> list[tuple[str, dict[str, Any]]]:
        return [(e.values["type"], e.payload) for e in all_entries(app) if e.values["subject"] == ref]

    return run


@pytest.fixture
def drift(app: Any) -> Any:
    def run() -> list[str]:
        with app.app_context():
            log.sequence(db.engine)
            return check.check(db.session())

    return run
