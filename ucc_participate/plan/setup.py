"""How the plan hooks into the application."""

from __future__ import annotations

from flask import Flask

from .terms import plan_terms


def init_app(app: Flask) -> None:
    """``ucc.plan_terms``: years, currency and initiatives, for the rooms below."""
    app.extensions["ucc.plan_terms"] = plan_terms
