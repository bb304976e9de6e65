"""What is given: the public page with the file for other instances, sheets on good practices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app, render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ...audit.extension import audit_log
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.errors import Conflict, Invalid
from ...kernel.forms import require_seen
from ...kernel.web import current_actor, limiter, public, say, see_other
from ...processes.frame import phases_of
from ...processes.models import Process
from ...processes.queries import process_to_change
from .. import making, operations, policies, queries, wording
from ..bundle import text_of
from ..forms import PracticeForm, ReasonForm
from ..models import PARTS, Practice, PracticeText
from .blueprint import Answer, bp, desk_page, initiative_names, process_at_desk, process_here

MAKING_LIMIT = "30 per minute"


@bp.get("/p/<process_id>/sharing")
@public
def index(process_id: str) -> str:
    """Practices and exchanges for everybody, and the signed file."""
    process, actor = process_here(process_id), current_actor()
    return render_template(
        "sharing/index.html",
        process=process,
        phases=phases_of(process),
        practices=queries.practices_of(db.session(), process, actor=actor),
        exchanges=queries.exchanges_of(db.session(), process),
        vkey=audit_log().signer.vkey,
        may_share=policies.can_share(actor, process, now=clock.now()),
        wording=wording,
    )


@bp.get("/p/<process_id>/sharing/practices/<public_id>")
@public
def show(process_id: str, public_id: str) -> str:
    process = process_here(process_id)
    practice = _practice(process, public_id)
    return _shown(process, practice, ReasonForm())


@bp.get("/p/<process_id>/sharing/ucc-share.note")
@public
@limiter.limit(MAKING_LIMIT)
def file(process_id: str) -> Response:
    """Everything public as a signed note (docs/record-format.md §10)."""
    process, signer = process_here(process_id), audit_log().signer
    city = str(current_app.extensions["ucc.settings"].city_name)
    content = making.content_of(
        db.session(), process, origin=signer.origin, vkey=signer.vkey, city=city, now=clock.now()
    )
    answer = Response(signer.share(text_of(content)), mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="ucc-share-{process.public_id}.note"'
    return answer


@bp.get("/staff/processes/<process_id>/sharing")
def desk(process_id: str) -> str:
    process = process_at_desk(process_id)
    return desk_page(
        "sharing/desk.html",
        process,
        practices=queries.practices_of(db.session(), process, actor=current_actor()),
        exchanges=queries.exchanges_of(db.session(), process, with_void=True),
        shares=queries.shares_of(db.session(), process),
        wording=wording,
    )


@bp.route("/staff/processes/<process_id>/sharing/practices/new", methods=["GET", "POST"])
def new_practice(process_id: str) -> Answer:
    process = process_at_desk(process_id)
    form = PracticeForm.of(None, initiative_names(process))
    if not form.validate_on_submit():
        return _page(form, process, None, status=422 if form.errors else 200)
    return _tried(form, process, None)


@bp.route("/staff/processes/<process_id>/sharing/practices/<public_id>/edit", methods=["GET", "POST"])
def edit_practice(process_id: str, public_id: str) -> Answer:
    process = process_at_desk(process_id)
    practice = _practice(process, public_id)
    form = PracticeForm.of(practice, initiative_names(process))
    if not form.validate_on_submit():
        return _page(form, process, practice, status=422 if form.errors else 200)
    return _tried(form, process, practice)


@bp.post("/staff/processes/<process_id>/sharing/practices/<public_id>/publish")
def publish_practice(process_id: str, public_id: str) -> Answer:
    process = process_at_desk(process_id)
    practice = _practice(process, public_id)
    form = PracticeForm.of(practice, initiative_names(process))
    try:
        _change(process, public_id, operations.publish_practice)
    except Invalid as refusal:
        form.refuse(refusal)
        return _page(form, process, practice, status=422)
    say(_("The sheet is public, and other cities can take it."))
    return see_other("sharing.show", process_id=process_id, public_id=public_id)


@bp.post("/staff/processes/<process_id>/sharing/practices/<public_id>/withdraw")
def withdraw_practice(process_id: str, public_id: str) -> Answer:
    process = process_at_desk(process_id)
    practice, form = _practice(process, public_id), ReasonForm()
    if not form.validate_on_submit():
        return _shown(process, practice, form), 422
    _change(process, public_id, operations.withdraw_practice, reason=form.reason.data)
    say(_("The sheet is not public any more."))
    return see_other("sharing.desk", process_id=process_id)


def _practice(process: Process, public_id: str) -> Practice:
    return queries.get_practice(db.session(), process, public_id, actor=current_actor(), now=clock.now())


def _shown(process: Process, practice: Practice, form: ReasonForm) -> str:
    may_share = policies.can_share(current_actor(), process, now=clock.now())
    facts: dict[str, Any] = {"process": process, "phases": phases_of(process), "practice": practice}
    return render_template("sharing/show.html", form=form, may_share=may_share, parts=PARTS, wording=wording, **facts)


def _change(
    process: Process, public_id: str, operation: Callable[..., Any], *args: Any, seen: Any = None, **facts: Any
) -> str:
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> str:
        here = process_to_change(session, process.public_id, actor=actor)
        practice = queries.practice_to_change(session, here, public_id)
        require_seen(seen, practice.version)
        operation(session, practice, *args, actor=actor, now=now, **facts)
        return practice.public_id

    return perform(work)


def _draft(process: Process, told: PracticeText) -> str:
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> str:
        here = process_to_change(session, process.public_id, actor=actor)
        return operations.draft_practice(session, here, told, actor=actor, now=now).public_id

    return perform(work)


def _tried(form: PracticeForm, process: Process, practice: Practice | None) -> Answer:
    """To the sheet as saved, or back to the form with the reason."""
    told = form.told()
    try:
        if practice is None:
            public_id = _draft(process, told)
        else:
            public_id = _change(process, practice.public_id, operations.revise_practice, told, seen=form.seen.data)
    except (Conflict, Invalid) as refusal:
        form.refuse(refusal if isinstance(refusal, Invalid) else Invalid(refusal.reason))
        return _page(form, process, practice, status=refusal.status)
    say(_("The sheet is saved."))
    return see_other("sharing.show", process_id=process.public_id, public_id=public_id)


def _page(form: PracticeForm, process: Process, practice: Practice | None, *, status: int) -> Answer:
    return desk_page("sharing/edit.html", process, form=form, practice=practice, parts=PARTS), status
