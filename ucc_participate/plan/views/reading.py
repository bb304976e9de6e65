"""What everybody reads of one initiative: what it is, what it costs and brings, whose proposals it came from."""

from __future__ import annotations

from flask import current_app, render_template, url_for
from sqlalchemy.orm.attributes import set_committed_value

from ...kernel import clock
from ...kernel.db import db
from ...kernel.web import public
from ...processes.frame import phases_of
from ...processes.models import Process
from ...vocabularies import uccn
from .. import discussing, lineage, wording
from ..models import Initiative
from ..parts import ASKED
from .blueprint import bp, load_initiative, load_process


def _in(process: Process, initiative: Initiative) -> Initiative:
    """With the process of the page, which has its phases."""
    set_committed_value(initiative.plan, "process", process)
    return initiative


@bp.get("/p/<process_id>/plan/initiatives/<public_id>")
@public
def initiative(process_id: str, public_id: str) -> str:
    """Staff and evaluators read it before it is public."""
    process = load_process(process_id)
    found = load_initiative(process, public_id)
    return render_template(
        "plan/initiative.html",
        process=process,
        phases=phases_of(process),
        whole=url_for("plan.show", process_id=process_id) if "plan.show" in current_app.view_functions else None,
        plan=found.plan,
        now=clock.now(),
        initiative=found,
        talk=discussing.initiative_panel(_in(process, found)),
        roots=lineage.roots_of(db.session(), found),
        asked=ASKED,
        vocabularies=uccn,
        wording=wording,
    )
