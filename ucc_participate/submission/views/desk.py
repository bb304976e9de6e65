"""The desk: the texts field by field to be copied into the official form, the files, the preview."""

from __future__ import annotations

from flask import Response

from ...dossier.queries import dossiers_of
from ...kernel import clock
from ...kernel.db import db
from ...kernel.errors import NotFound
from ...kernel.qr import qr_svg
from ...kernel.web import limiter
from .. import exporting, files, queries
from .blueprint import DESK, FETCHING, Page, bp, chosen_language, desk_page, dossier_of, file_response, process_at_desk
from .public import reading_page


@bp.get(DESK)
def desk(process_id: str) -> Page:
    process = process_at_desk(process_id)
    dossier = dossier_of(process)
    if dossier is None:
        return desk_page("submission/desk.html", process, dossier=None)
    handed_in = exporting.at_newest_checkpoint(dossier, is_whole=True)
    return desk_page(
        "submission/desk.html",
        process,
        dossier=dossier,
        others=[each for each in dossiers_of(db.session(), process) if each.id != dossier.id],
        handed_in=handed_in,
        language=chosen_language(handed_in),
        files=files.names(handed_in),
        qr=qr_svg(handed_in.seal.url),
        unanswered=queries.count_unanswered(db.session(), process),
    )


@bp.get(f"{DESK}/files/<name>")
@limiter.limit(FETCHING)
def file(process_id: str, name: str) -> Response:
    """The edition that is handed in, with how people are reached."""
    dossier = dossier_of(process_at_desk(process_id))
    if dossier is None:
        raise NotFound()
    return file_response(process_id, name, is_whole=True, dossier=dossier)


@bp.get(f"{DESK}/preview")
def preview(process_id: str) -> Page:
    """As an evaluator sees it."""
    process = process_at_desk(process_id)
    dossier = dossier_of(process)
    if dossier is None:
        raise NotFound()
    return reading_page(process, dossier, now=clock.now(), is_preview=True)
