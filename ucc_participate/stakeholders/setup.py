"""How the register hooks into the application: policies, drift check, whom an account may act for."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import Flask

from ..audit import drift
from ..kernel.db import db
from ..kernel.i18n import site_timezone, zone
from ..kernel.identity import Role
from ..kernel.web import register_policies
from . import policies, queries
from .models import Delegate, Organisation


def init_app(app: Flask) -> None:
    """``ucc.actor_facts``: callables (account id, now) → what an actor is allowed beyond its roles.

    ``ucc.organisation_panels``: callables (organisation) → Markup or None, shown on the organisation's page.
    """
    register_policies(app, policies, Organisation, Delegate)
    drift.register(app, "ucc.organisation/1", queries.live_states)
    app.extensions.setdefault("ucc.actor_facts", []).append(_delegations)
    app.extensions.setdefault("ucc.organisation_panels", [])
    app.jinja_env.globals.update(site_day=site_day)


def site_day(now: datetime) -> date:
    """The day that it is in the city."""
    return now.astimezone(zone(site_timezone())).date()


def _delegations(account_id: int, now: datetime) -> dict[str, Any]:
    found = queries.delegations(db.session(), account_id, now=now, today=site_day(now))
    return {"delegations": found, "roles": frozenset({Role.DELEGATE}) if found else frozenset()}
