"""How figures hook into the application: policies, the daily job, the check of the counts against the log."""

from __future__ import annotations

from flask import Flask

from ..audit import drift
from ..kernel.web import register_policies
from . import jobs, policies, queries
from .models import Population

EVERY_SECONDS = 300.0


def init_app(app: Flask) -> None:
    register_policies(app, policies, Population)
    drift.register(app, "ucc.population/1", queries.live_populations)
    app.extensions["ucc.jobs"].add("representation.publish", jobs.publish_due, every_seconds=EVERY_SECONDS)
