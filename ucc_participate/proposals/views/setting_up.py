"""What a proposal says in a process: a desk's page of sections, of which the questions of the process are the first.

Other subjects add sections: ``app.extensions["ucc.proposal_settings"]`` holds callables (process) → Markup or None,
each with a form and an address of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app, render_template, request
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.web import current_actor, say, see_other
from ...processes.frame import process_desk_menu
from ...processes.models import Process
from ...processes.queries import process_to_change
from .. import operations, policies, queries, wording
from ..forms import QuestionForm, typed_question
from ..models import FieldState, ProposalField
from .blueprint import Answer, bp, load_process

SECTIONS = "ucc.proposal_settings"


@bp.get("/staff/processes/<process_id>/proposal-settings")
def setting_up(process_id: str) -> str:
    process = _process(process_id)
    made = (section(process) for section in current_app.extensions[SECTIONS])
    return render_template(
        "proposals/setting_up.html",
        process=process,
        sections=[section for section in made if section],
        staff_navigation=process_desk_menu(process),
    )


def questions_section(process: Process) -> Markup:
    fields = queries.fields_of(db.session(), process)
    used = {one.code: queries.count_answers(db.session(), process, one.code) for one in fields}
    page = render_template("proposals/_questions.html", process=process, fields=fields, used=used, wording=wording)
    return Markup(page)  # noqa: S704  # a template has just escaped it


def districts_section(process: Process) -> Markup:
    maps = queries.list_maps(db.session())
    return Markup(render_template("proposals/_districts_section.html", maps=maps))  # noqa: S704


@bp.route("/staff/processes/<process_id>/proposal-settings/questions/new", methods=["GET", "POST"])
def new_question(process_id: str) -> Answer:
    process = _process(process_id)
    form = QuestionForm()
    return _asked(form, process, None, lambda: _change(process_id, operations.add_field, form.question()))


@bp.route("/staff/processes/<process_id>/proposal-settings/questions/<code>", methods=["GET", "POST"])
def edit_question(process_id: str, code: str) -> Answer:
    process = _process(process_id)
    found = queries.get_field(db.session(), process, code)
    form = QuestionForm(data=typed_question(found))
    form.kind.data = found.kind
    return _asked(form, process, found, lambda: _change(process_id, operations.revise_field, code, form.question()))


@bp.post("/staff/processes/<process_id>/proposal-settings/questions/<code>/change")
def change_question(process_id: str, code: str) -> Response:
    """Move, drop or ask again: one button each."""
    _process(process_id)
    deed = request.form.get("deed")
    if deed in ("up", "down"):
        _change(process_id, operations.move_field, code, by=-1 if deed == "up" else 1)
    elif deed == "drop":
        state = _change(process_id, operations.drop_field, code)
        is_gone = state is FieldState.REMOVED
        say(_("The question is removed.") if is_gone else _("The question is asked no more. Its answers stay."))
    elif deed == "resume":
        _change(process_id, operations.resume_field, code)
        say(_("The question is asked again."))
    return see_other("proposals.setting_up", process_id=process_id, _anchor="questions")


def _process(process_id: str) -> Process:
    process = load_process(process_id)
    require(policies.can_set_up(current_actor(), process, now=clock.now()))
    return process


def _change(process_id: str, operation: Callable[..., Any], *args: Any, **facts: Any) -> Any:
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> Any:
        process = process_to_change(session, process_id, actor=actor)
        return operation(session, process, *args, actor=actor, now=now, **facts)

    return perform(work)


def _asked(form: QuestionForm, process: Process, found: ProposalField | None, run: Callable[[], Any]) -> Answer:
    if not form.validate_on_submit():
        return _page(form, process, found, 422 if form.errors else 200)
    try:
        run()
    except (Conflict, Invalid) as refusal:
        form.refuse(refusal if isinstance(refusal, Invalid) else Invalid(refusal.reason))
        return _page(form, process, found, refusal.status)
    say(_("The question is kept. The public log says so too."))
    return see_other("proposals.setting_up", process_id=process.public_id, _anchor="questions")


def _page(form: QuestionForm, process: Process, found: ProposalField | None, status: int) -> Answer:
    facts: dict[str, Any] = {"process": process, "found": found, "staff_navigation": process_desk_menu(process)}
    return render_template("proposals/question.html", form=form, wording=wording, **facts), status
