"""How processes hook into the application: policies and drift checks."""

from __future__ import annotations

from flask import Flask

from ..audit import drift
from ..kernel.web import register_policies
from . import policies, queries
from .models import Process


def init_app(app: Flask) -> None:
    register_policies(app, policies, Process)
    drift.register(app, "ucc.process/1", queries.live_processes)
    drift.register(app, "ucc.stakeholder/1", queries.live_invitations)
