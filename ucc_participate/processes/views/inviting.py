"""The desk of a process: who of which sector was invited, answered and takes part."""

from __future__ import annotations

from flask import render_template

from ...kernel.db import db
from ...kernel.decision import require
from ...kernel.web import decide
from ...vocabularies.uccn import SECTORS
from .. import queries, wording
from ..frame import process_desk_menu
from ..models import Process
from .blueprint import bp, load


@bp.get("/staff/processes/<public_id>/stakeholders")
def board(public_id: str) -> str:
    process, session = load(public_id), db.session()
    require(decide("read_desk", Process))
    return render_template(
        "processes/board.html",
        process=process,
        board=queries.presence_of_stakeholders(session, process),
        overrides=queries.list_overrides(session, process),
        wording=wording,
        sectors=SECTORS,
        staff_navigation=process_desk_menu(process),
    )
