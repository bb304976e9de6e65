"""Attack 14: the server is killed among ballots; nothing that was acknowledged is lost, nothing is half there."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys

from tests.faults.breaking import COMMIT
from tests.faults.city import voting_city
from tests.faults.killing import siege
from ucc_participate.audit import log
from ucc_participate.kernel.db import db

KILLS = 3


def test_a_server_killed_among_ballots_loses_none_that_it_acknowledged(environment):
    chance = random.Random(14)
    with siege(environment) as under_fire:
        for _ in range(KILLS):
            under_fire.one_kill(chance)
    tally = under_fire.tally
    assert tally.faults == []
    assert (tally.kills, tally.lost, tally.doubled) == (KILLS, 0, 0)
    assert tally.sent == tally.acknowledged > 3 * KILLS
    assert tally.answered_by_silence > 0
    assert tally.receipts > 0


def test_a_process_killed_at_any_statement_leaves_the_whole_ballot_or_nothing(environment, app, perform, clock):
    city = voting_city(perform, clock.now(), residents=1)
    with app.app_context():
        log.sequence(db.engine)
        db.engine.dispose()
    command = [sys.executable, "-m", "tests.faults.dying", city.vote_id, str(city.residents[0].id)]
    done = subprocess.run(
        [*command, city.then.isoformat()], env=os.environ | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    *deaths, alive = [json.loads(line) for line in done.stdout.splitlines()]
    assert [tried["after"] for tried in deaths] == [tried["before"] for tried in deaths]
    assert all(tried["after"]["faults"] == [] for tried in (*deaths, alive))
    died_at = " ".join(tried["died_at"] for tried in deaths)
    assert len(deaths) > 10
    for statement in ("INSERT INTO ballot ", "INSERT INTO ballot_link ", "UPDATE roll_entry", "INSERT INTO log_"):
        assert statement in died_at
    assert deaths[-1]["died_at"] == COMMIT
    assert alive["died_at"] is None
    assert alive["after"]["ballots"] == alive["before"]["ballots"] + 1
    assert alive["after"]["entries"] == alive["before"]["entries"] + 2  # the person joined, and the slot voted
