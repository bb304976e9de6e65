"""Attack 14: the server is killed while ballots come in; nothing acknowledged is lost, nothing is half there."""

from __future__ import annotations

import random

from tests.faults.killing import siege

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
