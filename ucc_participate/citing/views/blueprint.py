"""What the pages of citations share."""

from __future__ import annotations

from flask import Blueprint

from ...dossier.models import Dossier
from ...dossier.queries import application_of
from ...dossier.views.blueprint import Page, desk_page, load_process
from ...kernel import clock
from ...kernel.db import db
from ...kernel.decision import require
from ...kernel.web import current_actor
from ...processes.models import Process
from .. import policies

bp = Blueprint("citing", __name__)
HOME = "/staff/processes/<process_id>/citations"
TEXT = f"{HOME}/<dossier_id>/<section>/<language>"

__all__ = ["HOME", "TEXT", "Page", "bp", "desk_page", "load_application"]


def load_application(process_id: str) -> tuple[Process, Dossier | None]:
    """The dossier is None before the city began it. Raises for whoever does not read the desk."""
    process = load_process(process_id)
    dossier = application_of(db.session(), process)
    seen = dossier or Dossier(process=process)
    require(policies.can_read_citations(current_actor(), seen, now=clock.now()))
    return process, dossier
