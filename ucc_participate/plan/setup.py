"""How the action plan hooks into the application."""

from __future__ import annotations

from datetime import date

from flask import Flask

from ..audit import drift
from ..kernel import web
from . import discussing, policies, queries, uses
from .models import Plan
from .terms import plan_terms


def init_app(app: Flask) -> None:
    """``ucc.plan_frozen``: callables (session, plan, version, *, actor, now) inside the freezing of a plan.
    ``ucc.plan_terms``: years, currency and initiatives, for the rooms below."""
    app.extensions.setdefault("ucc.plan_frozen", [])
    app.extensions["ucc.plan_terms"] = plan_terms
    app.jinja_env.filters["iso_day"] = date.fromisoformat
    app.extensions.setdefault("ucc.inventory_uses", []).append(uses.of_items)
    web.register_policies(app, policies, Plan)
    drift.register(app, "ucc.plan/1", queries.live_plans)
    drift.register(app, "ucc.initiative/1", queries.live_initiatives)
    drift.register(app, "ucc.plan_version/1", queries.live_versions)
    discussing.init_app(app)
