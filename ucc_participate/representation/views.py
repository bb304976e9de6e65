"""The public page of who took part."""

from __future__ import annotations

from flask import Blueprint, render_template

from ..kernel import clock
from ..kernel.db import db
from ..kernel.visitor_cache import shared_by_visitors
from ..kernel.web import current_actor, public
from ..processes.queries import get_process
from ..processes.timetable import phase_line
from . import charts, wording
from .queries import presence

bp = Blueprint("representation", __name__)


@bp.get("/p/<process_id>/presence")
@public
@shared_by_visitors
def show(process_id: str) -> str:
    session, now = db.session(), clock.now()
    process = get_process(session, process_id, actor=current_actor())
    figures = presence(session, process, now=now)
    return render_template(
        "representation/show.html",
        process=process,
        phases=phase_line(process, now),
        figures=figures,
        rows=charts.rows(figures),
        group_names=wording.GROUPS,
        stage_names=wording.STAGES,
        definitions=wording.DEFINITIONS,
    )
