"""The public page of a record, where anybody can fetch it and learn how to verify it."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, send_file

from ..audit import queries as audit_queries
from ..audit import reading
from ..audit.extension import audit_log
from ..kernel import clock
from ..kernel.db import db
from ..kernel.events import AuditEvent
from ..kernel.qr import qr_svg
from ..kernel.visitor_cache import shared_by_visitors
from ..kernel.web import current_actor, limiter, public
from ..processes.queries import get_process, list_processes
from ..processes.timetable import phase_line
from ..proposals.queries import counts
from ..voting.queries import list_votes
from . import exporting, verify, verify_html
from .limits import limits

bp = Blueprint("record", __name__)


@bp.get("/record")
@public
@shared_by_visitors
def verify_page() -> str:
    """What a record is, the log's key, and the records there are."""
    return render_template(
        "record/index.html",
        processes=list_processes(db.session(), actor=current_actor()).processes,
        vkey=audit_log().signer.vkey,
        checkpoint=reading.latest_checkpoint(db.session.connection()),
    )


@bp.get("/record/<process_id>")
@public
@shared_by_visitors
def show(process_id: str) -> str:
    session, now = db.session(), clock.now()
    process = get_process(session, process_id, actor=current_actor())
    source = exporting.source_of(process)
    return render_template(
        "record/show.html",
        process=process,
        source=source,
        qr=qr_svg(source.url),
        proposals=counts(session, process, now=now),
        votes=list_votes(session, process),
        events=audit_queries.count_by_type(session.connection(), process.ref, before=source.size),
        phases=phase_line(process, now),
        texts=AuditEvent.all_texts(),
        limits=limits(),
    )


@bp.get("/record/<process_id>/record.zip")
@public
@limiter.limit("20 per hour")
def download(process_id: str) -> Response:
    made = exporting.at_newest_checkpoint(process_id, actor=current_actor())
    name = f"record-{process_id}-{made.summary['size']}.zip"
    return send_file(made.path, mimetype="application/zip", as_attachment=True, download_name=name, max_age=0)


@bp.get("/record/verify.py")
@public
def verifier() -> Response:
    """The very program that is in every record."""
    name = "verify.py"
    return send_file(verify.__file__, mimetype="text/x-python", as_attachment=True, download_name=name, max_age=0)


@bp.get("/record/verify.html")
@public
def verifier_page() -> Response:
    """The very page that is in every record; it may run its own script and style, and ask nobody for anything."""
    response = Response(verify_html.build(), mimetype="text/html")
    response.headers["Content-Security-Policy"] = f"{verify_html.policy()}; frame-ancestors 'none'"
    return response
