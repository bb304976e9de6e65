"""The blueprint that all views of assisted participation share."""

from __future__ import annotations

from flask import Blueprint, current_app
from werkzeug.wrappers import Response

from ...kernel.db import db
from ...kernel.web import current_actor
from ...processes.models import Process
from ...processes.queries import get_process

bp = Blueprint("assisted", __name__)
Answer = str | Response | tuple[str, int]


def load(public_id: str) -> Process:
    """The process as far as the present actor may see it. Raises NotFound."""
    return get_process(db.session(), public_id, actor=current_actor())


def currency() -> str:
    return str(current_app.extensions["ucc.settings"].currency)
