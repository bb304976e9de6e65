"""How figures hook into the application: policies, the daily job, the check of the counts against the log."""

from __future__ import annotations

from flask import Flask

from ..audit import drift
from ..kernel.db import db
from ..kernel.web import register_policies
from . import jobs, policies, queries
from .models import Population

EVERY_SECONDS = 300.0


def init_app(app: Flask) -> None:
    register_policies(app, policies, Population)
    drift.register(app, "ucc.population/1", queries.live_populations)
    app.extensions["ucc.vote_margins"].append(queries.vote_margins)
    app.jinja_env.globals.update(known_districts=_known_districts)
    app.extensions["ucc.jobs"].add("representation.publish", jobs.publish_due, every_seconds=EVERY_SECONDS)


def _known_districts() -> tuple[str, ...]:
    """Names to offer where people say in which district they live: those by which they will be counted."""
    newest = queries.newest_population(db.session())
    return newest.census.districts if newest is not None else ()
