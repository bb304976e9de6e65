"""How accounts hook into the application."""

from __future__ import annotations

from flask import Flask

from ..kernel import clock, web
from ..kernel.db import perform
from ..kernel.identity import system_actor
from . import operations, policies, sessions
from .models import Account, RoleGrant

TIDY_SECONDS = 3600.0


def init_app(app: Flask) -> None:
    """``ucc.actor_facts``, ``ucc.erasers`` and ``ucc.personal_data`` are lists that higher domains add to."""
    sessions.init_app(app)
    web.register_policies(app, policies, Account, RoleGrant)
    app.extensions.setdefault("ucc.erasers", [])
    app.extensions.setdefault("ucc.personal_data", [])
    app.extensions["ucc.jobs"].add("accounts.tidy", _tidy, every_seconds=TIDY_SECONDS)


def _tidy() -> None:
    actor, now = system_actor("tidy"), clock.now()
    perform(lambda session: operations.remove_stale(session, actor=actor, now=now))
