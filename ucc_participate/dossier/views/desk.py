"""The dossier as a whole: beginning it, how far every text is, its deadlines."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.i18n import in_language, reader, site_day
from ...kernel.web import current_actor, say, see_other
from ...processes.models import Process
from ...processes.queries import process_to_change
from .. import operations, policies, queries
from ..forms import BeginForm, TermsForm
from ..models import Dossier, Purpose
from ..shipped import shipped
from ..standing import Row, Standing, days_left, standing_of
from .blueprint import HOME, ONE, Page, bp, change, desk_page, load, load_process

FILTERS = ("mine", "open", "long")


@bp.get(HOME)
def desk(process_id: str) -> Page:
    """The application, or the form with which it begins."""
    process = load_process(process_id)
    dossier = queries.application_of(db.session(), process)
    if dossier is None:
        require(policies.can_read(current_actor(), Dossier(process=process), now=clock.now()))
        return _begin_page(process, BeginForm(formdata=None, data=_suggested()), status=200)
    require(policies.can_read(current_actor(), dossier, now=clock.now()))
    return _show(process, dossier)


@bp.post(f"{HOME}/begin")
def begin(process_id: str) -> Page:
    process, actor, now = load_process(process_id), current_actor(), clock.now()
    require(policies.can_begin(actor, process, now=now))
    form = BeginForm()
    form.form_code.offer(_offered())
    if not form.validate_on_submit():
        return _begin_page(process, form, status=422)

    def work(session: Session) -> str:
        here = process_to_change(session, process_id, actor=actor)
        code, terms = form.form_code.data, form.terms()
        return operations.begin_dossier(session, here, code, terms, actor=actor, now=now).public_id

    try:
        made = perform(work)
    except (Conflict, Invalid) as refusal:
        form.refuse(refusal if isinstance(refusal, Invalid) else Invalid(refusal.reason))
        return _begin_page(process, form, status=refusal.status)
    say(_("The dossier is there. Give its sections to those who write them."))
    return see_other("dossier.show", process_id=process_id, dossier_id=made)


@bp.get(ONE)
def show(process_id: str, dossier_id: str) -> Page:
    return _show(*load(process_id, dossier_id))


@bp.route(f"{ONE}/settings", methods=["GET", "POST"])
def settings(process_id: str, dossier_id: str) -> Page:
    process, dossier = load(process_id, dossier_id)
    require(policies.can_edit(current_actor(), dossier, now=clock.now()))
    saved = {name: getattr(dossier, name) for name in ("submits_in", "national_deadline", "unesco_deadline")}
    form = TermsForm(data=saved)
    if not form.validate_on_submit():
        return desk_page(
            "dossier/settings.html", process, status=422 if form.errors else 200, dossier=dossier, form=form
        )
    try:
        change(process_id, dossier_id, operations.revise_dossier, form.terms())
    except Invalid as refusal:
        form.refuse(refusal)
        return desk_page("dossier/settings.html", process, status=422, dossier=dossier, form=form)
    say(_("Saved."))
    return see_other("dossier.show", process_id=process_id, dossier_id=dossier_id)


def _show(process: Process, dossier: Dossier) -> Page:
    session, actor, now = db.session(), current_actor(), clock.now()
    answers = queries.answers_of(session, dossier)
    standing = standing_of(dossier, answers, queries.open_comments(session, dossier))
    chosen = request.args.get("show")
    today = site_day(now)
    return desk_page(
        "dossier/desk.html",
        process,
        dossier=dossier,
        others=[each for each in queries.dossiers_of(session, process) if each.id != dossier.id],
        standing=standing,
        rows=_filtered(standing, chosen, actor.account_id),
        chosen=chosen if chosen in FILTERS else None,
        left={name: days_left(getattr(dossier, name), today) for name in ("national_deadline", "unesco_deadline")},
        may_edit=bool(policies.can_edit(actor, dossier, now=now)),
        may_unfreeze=bool(policies.can_unfreeze(actor, dossier, now=now)),
    )


def _filtered(standing: Standing, chosen: str | None, account_id: int | None) -> list[Row]:
    """All, mine, what is not final in the language that is handed in, or what is too long."""
    if chosen == "mine":
        return [
            row
            for row in standing.rows
            if any(cell.answer and cell.answer.assigned_to_id == account_id is not None for cell in row.cells)
        ]
    if chosen == "open":
        return [row for row in standing.rows if row.cells and row.cells[1].state not in ("final", "frozen")]
    if chosen == "long":
        return [row for row in standing.rows if any(cell.over for cell in row.cells)]
    return standing.rows


def _begin_page(process: Process, form: BeginForm, *, status: int) -> Page:
    form.form_code.offer(_offered())
    may_begin = policies.can_begin(current_actor(), process, now=clock.now())
    return desk_page("dossier/begin.html", process, status=status, form=form, may_begin=may_begin)


def _offered() -> dict[str, Any]:
    """Titles of the forms for applying, by code: those in use with their corrections, those of the release."""
    locale, used = reader().locale, queries.forms(db.session())
    found = {form.code: form.title for form in used if form.purpose is Purpose.APPLICATION}
    unused = [content for content in shipped().values() if content["purpose"] == Purpose.APPLICATION]
    found |= {content["code"]: content["title"] for content in reversed(unused) if content["code"] not in found}
    return {code: f"{in_language(title, locale)} ({code})" for code, title in found.items()}


def _suggested() -> dict[str, Any]:
    return {"submits_in": "en", "form_code": next(reversed(list(shipped())), None)}
