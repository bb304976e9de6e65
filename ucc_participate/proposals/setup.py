"""How proposals hook into the application."""

from __future__ import annotations

from flask import Flask

from ..audit import drift
from ..kernel import clock, web
from ..kernel.db import perform
from ..kernel.identity import system_actor
from . import operations, policies, queries
from .models import Proposal
from .views import fragments

RECOUNT_SECONDS = 24 * 3600.0


def init_app(app: Flask) -> None:
    """``ucc.unanswered`` counts, for the gate of closing, the proposals of a process that have no answer."""
    web.register_policies(app, policies, Proposal)
    drift.register(app, "ucc.proposal/1", queries.live_states)
    fragments.init_app(app)
    app.extensions["ucc.unanswered"] = queries.count_unanswered
    app.extensions.setdefault("ucc.erasers", []).append(operations.forget_author)
    app.extensions["ucc.jobs"].add("proposals.recount", _recount, every_seconds=RECOUNT_SECONDS)


def _recount() -> None:
    actor, now = system_actor("recount"), clock.now()
    perform(lambda session: operations.recount_tags(session, actor=actor, now=now))
