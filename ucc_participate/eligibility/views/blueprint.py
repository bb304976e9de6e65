"""The blueprint that all views of eligibility share."""

from __future__ import annotations

from datetime import date, datetime

from flask import Blueprint
from werkzeug.wrappers import Response

from ...kernel.db import db
from ...kernel.i18n import site_day
from ...kernel.web import current_actor
from ...processes.models import Process
from ...processes.queries import get_process

bp = Blueprint("eligibility", __name__)
Answer = str | Response | tuple[str, int]


def load(public_id: str) -> Process:
    """The process as far as the present actor may see it. Raises NotFound."""
    return get_process(db.session(), public_id, actor=current_actor())


def today(now: datetime) -> date:
    return site_day(now)
