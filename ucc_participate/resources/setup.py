"""How people, money and bodies hook into the application."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l

from ..accounts.purposes import DataKind
from ..audit import drift
from ..kernel import web
from . import policies, queries
from .models import Body, Resource


def init_app(app: Flask) -> None:
    """``ucc.plan_terms``: callable (session, process) → PlanTerms or None; the plan, which lies above, puts its own."""
    app.extensions.setdefault("ucc.plan_terms", _no_plan)
    web.register_policies(app, policies, Resource, Body)
    drift.register(app, "ucc.resource/1", queries.live_resources)
    drift.register(app, "ucc.management_body/1", queries.live_bodies)
    app.extensions.setdefault("ucc.personal_data_kinds", []).append(_members())


def _no_plan(_session: Any, _process: Any) -> None:
    return None


def _members() -> DataKind:
    return DataKind(
        "management_bodies",
        _l("That you sit in a body that manages the plan"),
        _l("So that the city knows who decides, and can show that sectors, women and men share in it."),
        _l("The city’s public task of consulting its people."),
        _l("Your name and sex until your seat ends or you ask for it; the function for good."),
        _l(
            "Your name: the city’s staff, and the log notes who looked. Functions, and how many women and men:"
            " everybody."
        ),
        frozenset({"body_member.person", "body_member.sex"}),
    )
