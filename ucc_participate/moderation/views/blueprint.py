"""The blueprint that all views of moderation share, and what they give to operations."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, current_app, request, url_for
from werkzeug.wrappers import Response

from ...kernel.codes import Digests
from ...kernel.db import db
from ...kernel.web import current_actor
from ...processes.models import Process
from ...processes.queries import get_process
from ...settings import Settings
from .. import networks
from ..deciding import Addresses

bp = Blueprint("moderation", __name__)
Answer = str | Response | tuple[str, int]
_PLACE, _CASE = "process-here", "case-here"


def load(process_id: str) -> Process:
    """The process as far as the present actor may see it. Raises NotFound."""
    return get_process(db.session(), process_id, actor=current_actor())


def addresses() -> Addresses:
    """Public addresses for mails; made here, because operations know no application."""
    settings: Settings = current_app.extensions["ucc.settings"]
    pattern = settings.public_url + url_for("moderation.own", process_id=_PLACE, case_id=_CASE)
    return Addresses(
        own=lambda process, case: pattern.replace(_PLACE, process.public_id).replace(_CASE, case),
        site=settings.public_url,
    )


def network(now: datetime) -> str | None:
    """The sketch of the sender's network on this day."""
    return networks.sketch(request.remote_addr, digests=Digests(str(current_app.secret_key)), now=now)
