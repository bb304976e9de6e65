"""The lines of the log that a finding cites, where the first of their type would prove nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask

from tests.accounts.making import make_account
from tests.assisted.making import PROPOSING, begin, clerk, enter, entry, open_process
from tests.processes.making import change
from ucc_participate.audit import log
from ucc_participate.audit.queries import opened_fields
from ucc_participate.kernel.clock import FrozenClock
from ucc_participate.kernel.db import db
from ucc_participate.objections import checks, queries
from ucc_participate.objections.facts import Facts
from ucc_participate.processes.models import Process, WayIn
from ucc_participate.processes.participation import join
from ucc_participate.processes.queries import get_process


def gathered(app: Flask, process: Process, now: datetime) -> Facts:
    with app.app_context():
        log.sequence(db.engine)
        return queries.gather(db.session(), get_process(db.session(), process.public_id), now=now)


def joins(perform: Any, process: Process, email: str, now: datetime) -> None:
    """Somebody takes part on the internet."""
    account = make_account(perform, email, now=now)

    def take_part(session: Any, found: Process, *, actor: Any, now: datetime) -> None:
        join(session, found, account.id, actor=actor, now=now)

    change(perform, process, take_part, now=now)


def opened(app: Flask, line: int) -> dict[str, Any]:
    with app.app_context():
        return opened_fields(db.session.connection(), [line])[line]


def test_who_came_on_paper_is_cited_and_not_whoever_came_first(app: Flask, perform: Any, clock: FrozenClock) -> None:
    process = open_process(perform, clock.now())
    now = clock.now() + PROPOSING
    joins(perform, process, "first@example.org", now)
    _account, actor = clerk(perform, now)
    sitting = begin(perform, process, actor, now=now, way_in=WayIn.PAPER)
    enter(perform, process, sitting, entry("Parvaneh"), actor, now=now)
    joins(perform, process, "last@example.org", now)
    facts = gathered(app, process, now)
    [line] = checks.presence.there_is_a_way_without_internet(facts).lines
    assert opened(app, line) == {"way_in": "paper"}
    assert (line,) != facts.entries["participant.joined"]


def test_nobody_is_cited_where_everybody_came_on_the_internet(app: Flask, perform: Any, clock: FrozenClock) -> None:
    process = open_process(perform, clock.now())
    joins(perform, process, "first@example.org", clock.now())
    assert "participant.joined:assisted" not in gathered(app, process, clock.now()).entries


def test_every_passed_gate_is_cited_with_its_reason(app: Flask, perform: Any, clock: FrozenClock) -> None:
    facts = gathered(app, open_process(perform, clock.now()), clock.now())
    lines = checks.presence.no_gate_was_passed(facts).lines
    assert len(lines) == facts.overrides == 1
    assert opened(app, lines[0])["reason"]
