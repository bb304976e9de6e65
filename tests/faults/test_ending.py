"""A server that dies while a vote opens, is committed to, closes, is drawn, counted or certified: whole or nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from typing import Any

from tests.faults.breaking import COMMIT
from tests.faults.city import CLOSED, OPENED, OPTIONS, RULES, begin
from tests.processes.making import day
from tests.stakeholders.making import CITY
from ucc_participate.audit import log
from ucc_participate.kernel.db import db
from ucc_participate.processes.queries import process_to_change
from ucc_participate.voting import operations
from ucc_participate.voting.models import Franchise

STEPS = ["opening", "batching", "closing", "drawing", "certifying"]
WRITES = {
    "opening": ("INSERT INTO roll_entry", "UPDATE vote", "INSERT INTO log_"),
    "batching": ("UPDATE ballot", "INSERT INTO log_"),
    "closing": ("UPDATE ballot", "DELETE FROM ballot_link", "UPDATE vote", "INSERT INTO log_"),
    "drawing": ("UPDATE vote", "INSERT INTO log_"),
    "certifying": ("UPDATE vote", "INSERT INTO log_"),
}


def announced(perform: Any, start: datetime) -> Any:
    process, _people, _invited = begin(perform, start, residents=12)

    def work(session: Any) -> Any:
        found = process_to_change(session, process.public_id, actor=CITY)
        return operations.announce_vote(
            session,
            found,
            actor=CITY,
            now=day(start, OPENED - 1),
            title={"en": "Priorities"},
            franchise=Franchise.INDIVIDUAL,
            rules=RULES | {"tie": "lot", "canvass_days": 2},
            options=OPTIONS,
            opens_at=day(start, OPENED),
            closes_at=day(start, CLOSED),
            public_value="the lottery of 12 May",
        )

    return perform(work)


def test_a_vote_killed_at_any_statement_from_opening_to_certification_is_whole_or_unchanged(
    environment, app, perform, clock
):
    vote = announced(perform, clock.now())
    with app.app_context():
        log.sequence(db.engine)
        db.engine.dispose()
    times = {"opens": vote.opens_at, "closes": vote.closes_at, "certifies": vote.closes_at + timedelta(days=2)}
    told = json.dumps({name: moment.isoformat() for name, moment in times.items()})
    command = [sys.executable, "-m", "tests.faults.ending", vote.public_id, told]
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    tries = [json.loads(line) for line in done.stdout.splitlines()]
    for step in STEPS:
        *deaths, done_at_last = [each for each in tries if each["step"] == step]
        assert [each["after"] for each in deaths] == [each["before"] for each in deaths], step
        assert done_at_last["after"]["faults"] == [], step
        assert done_at_last["after"]["entries"] > done_at_last["before"]["entries"], step
        assert deaths[-1]["died_at"] == COMMIT
        died_at = " ".join(each["died_at"] for each in deaths)
        assert all(statement in died_at for statement in WRITES[step]), step
    counted = [each["after"]["result"] for each in tries if each["after"]["result"] is not None]
    assert {each["step"] for each in tries if each["after"]["result"] is not None} == {"drawing", "certifying"}
    assert {each["ballots"] for each in counted} == {12}
    assert all(each["after"]["BallotLink"] == 0 for each in tries if each["after"]["status"] == "closed")
