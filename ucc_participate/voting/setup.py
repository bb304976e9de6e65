"""How votes hook into the application: policies, drift checks, what the clock does."""

from __future__ import annotations

from flask import Flask

from ..audit import drift
from ..kernel.web import register_policies
from . import drift as ballots_and_rolls
from . import jobs, policies, queries
from .models import Vote

CLOCK_SECONDS = 1.0
BATCH_SECONDS = 60.0


def init_app(app: Flask) -> None:
    register_policies(app, policies, Vote)
    drift.register(app, "ucc.vote/1", queries.live_states)
    drift.register(app, "ucc.tally/1", queries.live_tallies)
    drift.register(app, "ucc.ballot/1", queries.live_open_ballots)
    drift.register_faults(app, ballots_and_rolls.faults)
    app.extensions["ucc.jobs"].add("voting.open_and_close", jobs.open_and_close, every_seconds=CLOCK_SECONDS)
    app.extensions["ucc.jobs"].add("voting.batch", jobs.batch_waiting, every_seconds=BATCH_SECONDS)
