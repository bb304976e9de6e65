"""How accounts hook into the application."""

from __future__ import annotations

from flask import Flask

from ..kernel import clock, web
from ..kernel.db import perform
from ..kernel.identity import system_actor
from . import jobs, leftovers, operations, policies, purposes, sessions
from .models import Account, RoleGrant

LEFTOVER_SECONDS = 60.0
RETENTION_SECONDS = 24 * 3600.0
TIDY_SECONDS = 3600.0


def init_app(app: Flask) -> None:
    """``ucc.actor_facts``, ``ucc.erasers``, ``ucc.personal_data`` and ``ucc.personal_data_kinds`` are lists that higher
    domains add to; so is ``ucc.shelves``: folders of the instance with copies that can be made again, emptied when
    somebody is erased; and ``ucc.personal_subjects``: ``(session, account) -> list`` of the documents and organisations
    (as the log calls them) at which a look is a look at the person. ``ucc.personal_words``: name of a field → words for
    its values where people read their data."""
    settings = app.extensions["ucc.settings"]
    app.extensions.setdefault("ucc.personal_data_kinds", []).extend(purposes.kinds(settings))
    app.jinja_env.globals.update(about_questions=lambda: purposes.questions(settings))
    sessions.init_app(app)
    web.register_policies(app, policies, Account, RoleGrant)
    app.extensions.setdefault("ucc.erasers", [])
    app.extensions.setdefault("ucc.personal_data", [])
    app.extensions.setdefault("ucc.personal_words", {})
    app.extensions.setdefault("ucc.shelves", [])
    app.extensions.setdefault("ucc.personal_subjects", [])
    app.extensions.setdefault("ucc.personal_documents", [])
    app.extensions["ucc.jobs"].add("accounts.leftovers", leftovers.clear, every_seconds=LEFTOVER_SECONDS)
    app.extensions.setdefault("ucc.retention", {})
    app.extensions["ucc.jobs"].add("accounts.retention", jobs.run, every_seconds=RETENTION_SECONDS)
    app.extensions["ucc.jobs"].add("accounts.tidy", _tidy, every_seconds=TIDY_SECONDS)


def _tidy() -> None:
    actor, now = system_actor("tidy"), clock.now()
    perform(lambda session: operations.remove_stale(session, actor=actor, now=now))
