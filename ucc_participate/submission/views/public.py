"""What everybody reads once the dossier is frozen, and evaluators before: texts, who shaped them, plan, record."""

from __future__ import annotations

from datetime import datetime

from flask import Response, render_template

from ...dossier import wording
from ...dossier.models import Dossier
from ...kernel import clock
from ...kernel.db import db
from ...kernel.qr import qr_svg
from ...kernel.web import current_actor, limiter, public
from ...processes.frame import phases_of
from ...processes.models import Process
from .. import exporting, files, planning, policies, queries
from ..forms import QuestionForm
from ..seats import seat_of
from ..shaping import shaped
from .blueprint import FETCHING, OPEN, Page, bp, chosen_language, dossier_to_read, file_response, load_process


@bp.get(OPEN)
@public
def show(process_id: str) -> Page:
    dossier = dossier_to_read(process_id)
    return reading_page(load_process(process_id), dossier, now=clock.now())


@bp.get(f"{OPEN}/files/<name>")
@public
@limiter.limit(FETCHING)
def fetch(process_id: str, name: str) -> Response:
    """The edition for everybody: without how people are reached and without papers that are not public."""
    return file_response(process_id, name, is_whole=False, dossier=dossier_to_read(process_id))


def reading_page(
    process: Process,
    dossier: Dossier,
    *,
    now: datetime,
    is_preview: bool = False,
    form: QuestionForm | None = None,
    status: int = 200,
) -> Page:
    session, seat = db.session(), seat_of(process.public_id)
    handed_in = exporting.at_newest_checkpoint(dossier, is_whole=False)
    if form is None:
        form = QuestionForm(formdata=None)
        form.offer(dossier.form.content)
    page = render_template(
        "submission/show.html",
        process=process,
        phases=phases_of(process),
        dossier=dossier,
        handed_in=handed_in,
        language=chosen_language(handed_in),
        shaped=shaped(session, handed_in),
        initiatives=planning.ordered(handed_in.plan) if handed_in.plan else [],
        plan_words=planning,
        files=files.names(handed_in),
        qr=qr_svg(handed_in.seal.url),
        questions=queries.list_questions(session, process),
        form=form,
        seat=seat,
        is_preview=is_preview,
        may_recount=policies.can_recount(current_actor(), process, now=now),
        words=wording,
    )
    return page, status
