"""What everybody reads: the processes, one process, its documents."""

from __future__ import annotations

from flask import current_app, render_template, request
from werkzeug.wrappers import Response

from ...kernel.db import db
from ...kernel.files import KIND_OF, serve
from ...kernel.web import current_actor, public
from ...vocabularies.uccn import CREATIVE_FIELDS, SECTORS
from .. import queries, wording
from ..frame import phases_of, primary_deed
from ..models import Process, ProcessState
from .blueprint import bp, load

SHOWN = {
    "open": (ProcessState.OPEN,),
    "announced": (ProcessState.PUBLISHED,),
    "closed": (ProcessState.CLOSED,),
}


@bp.get("/processes")
@public
def index() -> str:
    state = request.args.get("state", "")
    states = SHOWN.get(state, (ProcessState.OPEN, ProcessState.PUBLISHED, ProcessState.CLOSED))
    after = request.args.get("after")
    page = queries.list_processes(db.session(), current_actor(), states=states, after=after)
    return render_template(
        "processes/index.html",
        page=page,
        state=state if state in SHOWN else "",
        wording=wording,
        fields=CREATIVE_FIELDS,
    )


@bp.get("/p/<public_id>")
@public
def show(public_id: str) -> str:
    process, session = load(public_id), db.session()
    return render_template(
        "processes/show.html",
        process=process,
        phases=phases_of(process),
        deed=primary_deed(process),
        invitations=queries.list_invitations(session, process),
        overrides=queries.list_overrides(session, process),
        panels=[panel for make in current_app.extensions["ucc.process_panels"] if (panel := make(process)) is not None],
        wording=wording,
        fields=CREATIVE_FIELDS,
        sectors=SECTORS,
        Process=Process,
    )


@bp.get("/p/<public_id>/documents/<document_id>")
@public
def document(public_id: str, document_id: str) -> Response:
    process = load(public_id)
    found = queries.get_document(process, document_id)
    kind = KIND_OF[found.media_type]
    return serve(
        current_app.extensions["ucc.store"],
        sha256=found.sha256,
        kind=kind,
        name=f"{found.title}.{kind.value}",
        is_public=process.status is not ProcessState.DRAFT,
    )
