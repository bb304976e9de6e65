"""How moderation hooks into the application."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, url_for

from ..audit import drift
from ..kernel.db import db
from . import queries
from .kinds import EXTENSION
from .wording import REASONS


@dataclass(frozen=True, slots=True)
class Concealed:
    """In words: ``reason`` is lazy text, ``address`` the page on which the author reads what was decided."""

    is_held: bool = False
    reason: Any = None
    words: str | None = None
    address: str | None = None


def concealed_words(found: queries.Concealment | None) -> Concealed:
    if found is None:
        return Concealed()
    address = url_for("moderation.own", process_id=found.process, case_id=found.case)
    return Concealed(found.is_held, REASONS[found.reason] if found.reason else None, found.words, address)


def init_app(app: Flask) -> None:
    """``ucc.moderated``: the kinds of contributions that rooms register (kinds.register)."""
    app.extensions.setdefault(EXTENSION, {})
    app.jinja_env.globals.update(concealment=concealment)
    drift.register(app, "ucc.moderation/1", queries.live_rules)


def concealment(ref: str) -> Concealed:
    """Why a contribution is not shown, for the macro ``concealed``."""
    return concealed_words(queries.concealments(db.session(), [ref]).get(ref))
