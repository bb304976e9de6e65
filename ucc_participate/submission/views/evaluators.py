"""The coordinators' pages: who may evaluate, and answers to their questions."""

from __future__ import annotations

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid, NotFound
from ...kernel.web import current_actor, say, see_other
from ...processes.models import Process
from ...processes.queries import process_in_brief
from .. import operations, policies, queries
from ..forms import AnswerForm, EvaluatorForm
from .blueprint import DESK, Page, bp, desk_page, load_process, process_at_desk


@bp.route(f"{DESK}/evaluators", methods=["GET", "POST"])
def evaluators(process_id: str) -> Page:
    process = process_at_desk(process_id)
    require(policies.can_invite_evaluators(current_actor(), process, now=clock.now()))
    form = EvaluatorForm()
    if not form.validate_on_submit():
        return _people(process, form, status=422 if form.errors else 200)
    try:
        _invite(form, process_id)
    except Invalid as refusal:
        form.refuse(refusal)
        return _people(process, form, status=refusal.status)
    say(_("The link is on its way."))
    return see_other("submission.evaluators", process_id=process_id)


def _people(process: Process, form: EvaluatorForm, *, status: int) -> Page:
    found = queries.list_evaluators(db.session(), process)
    return desk_page("submission/evaluators.html", process, status=status, form=form, evaluators=found, now=clock.now())


def _invite(form: EvaluatorForm, process_id: str) -> None:
    actor, now = current_actor(), clock.now()
    root, paths = current_app.extensions["ucc.settings"].public_url, current_app.url_map.bind("localhost")
    facts = {name: form[name].data for name in ("name", "office", "email", "locale")}
    until = form.ends_at()

    def work(session: Session) -> None:
        operations.invite_evaluator(
            session,
            process_in_brief(session, process_id, actor=actor),
            **facts,
            until=until,
            address=lambda token: root + paths.build("submission.come", {"token": token}),
            actor=actor,
            now=now,
        )

    perform(work)


@bp.post(f"{DESK}/evaluators/<evaluator_id>/revoke")
def revoke(process_id: str, evaluator_id: str) -> Page:
    process_at_desk(process_id)
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> None:
        process = process_in_brief(session, process_id, actor=actor)
        evaluator = queries.evaluator_to_change(session, process, evaluator_id)
        operations.revoke_evaluator(session, evaluator, actor=actor, now=now)

    perform(work)
    say(_("The invitation is ended. The link and the seat are closed."))
    return see_other("submission.evaluators", process_id=process_id)


@bp.get(f"{DESK}/questions")
def questions(process_id: str) -> Page:
    return _questions(process_at_desk(process_id), {}, status=200)


def _questions(process: Process, forms: dict[str, AnswerForm], *, status: int) -> Page:
    """``forms``: by question, where something was typed that could not be taken, also beside an answer of another."""
    found = queries.list_questions(db.session(), process)
    asked = {each.public_id: AnswerForm(formdata=None, prefix=each.public_id) for each in found if each.answer is None}
    may_answer = policies.can_invite_evaluators(current_actor(), process, now=clock.now())
    return desk_page(
        "submission/questions.html", process, status=status, questions=found, forms=asked | forms, may_answer=may_answer
    )


@bp.post(f"{DESK}/questions/<question_id>")
def answer(process_id: str, question_id: str) -> Page:
    process = process_at_desk(process_id)
    actor, now = current_actor(), clock.now()
    require(policies.can_invite_evaluators(actor, process, now=now))
    if question_id not in {each.public_id for each in queries.list_questions(db.session(), process)}:
        raise NotFound()
    form = AnswerForm(prefix=question_id)
    if not form.validate_on_submit():
        return _questions(process, {question_id: form}, status=422)
    text = form.text.data or ""

    def work(session: Session) -> None:
        here = process_in_brief(session, process_id, actor=actor)
        question = queries.question_to_answer(session, here, question_id)
        operations.answer_question(session, question, text=text, actor=actor, now=now)

    try:
        perform(work)
    except (Conflict, Invalid) as refusal:
        form.refuse(refusal if isinstance(refusal, Invalid) else Invalid(refusal.reason, field="text"))
        return _questions(load_process(process_id), {question_id: form}, status=refusal.status)
    say(_("The answer is public, with your name and function."))
    return see_other("submission.questions", process_id=process_id)
