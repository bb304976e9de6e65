"""The seat of an evaluator: the link, questions, counting again, leaving."""

from __future__ import annotations

from flask import render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...accounts.links import LinkSpent
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Invalid, NotFound
from ...kernel.web import current_actor, limiter, public, say, see_other
from ...processes.frame import phases_of
from .. import operations, policies, queries, seats
from ..forms import QuestionForm
from ..models import Evaluator
from ..recount import recount
from .blueprint import OPEN, Page, bp, dossier_of, load_process
from .public import reading_page


@bp.route("/evaluator/<token>", methods=["GET", "POST"])
@public
@limiter.limit("30 per hour")
def come(token: str) -> Page:
    """Looking at the link changes nothing: programs that read mails open links too. The button takes the seat."""
    now = clock.now()
    evaluator = queries.evaluator_by_token(db.session(), token)
    if evaluator is None or not evaluator.may_read(now):
        return render_template("submission/come.html", evaluator=None), LinkSpent.status
    if request.method == "GET":
        return render_template("submission/come.html", evaluator=evaluator)
    process_id = evaluator.process.public_id
    seats.sit(_taken(token))
    return see_other("submission.show", process_id=process_id)


def _taken(token: str) -> Evaluator:
    """Whoever has come before changes nothing by coming again, and nothing is written then."""
    actor, now = current_actor(), clock.now()
    known = queries.evaluator_by_token(db.session(), token)
    if known is not None and known.came_at is not None and known.may_read(now):
        return known
    return perform(lambda session: operations.take_seat(session, token, actor=actor, now=now))


@bp.post(f"{OPEN}/questions")
@public
@limiter.limit("20 per hour")
def ask(process_id: str) -> Page:
    process, actor, now = load_process(process_id), current_actor(), clock.now()
    seat = seats.seat_of(process_id)
    dossier = dossier_of(process)
    if seat is None and seats.has_sat():
        return render_template("submission/come.html", evaluator=None, typed=request.form.get("text")), LinkSpent.status
    if seat is None or dossier is None:
        raise NotFound()
    require(policies.can_ask(actor, seat, now=now))
    form = QuestionForm()
    form.offer(dossier.form.content)
    if not form.validate_on_submit():
        return reading_page(process, dossier, now=now, form=form, status=422)
    text, section, known = form.text.data or "", form.section.data or "", seat.public_id

    def work(session: Session) -> None:
        evaluator = queries.evaluator_to_change(session, process, known)
        operations.put_question(session, evaluator, text=text, section=section, actor=actor, now=now)

    try:
        perform(work)
    except Invalid as refusal:
        form.refuse(refusal)
        return reading_page(process, dossier, now=now, form=form, status=refusal.status)
    say(_("Your question is with the city. It and the answer stand in the public log."))
    return see_other("submission.show", process_id=process_id, _anchor="questions")


@bp.post(f"{OPEN}/recount")
@public
@limiter.limit("10 per hour")
def tallies(process_id: str) -> Page:
    """Counts on the server, at the moment of asking; nothing is stored."""
    process = load_process(process_id)
    require(policies.can_recount(current_actor(), process, now=clock.now()))
    counted = recount(db.session(), process)
    return render_template(
        "submission/tallies.html", process=process, phases=phases_of(process), recounts=counted, at=clock.now()
    )


@bp.post(f"{OPEN}/leave")
@public
def leave(process_id: str) -> Page:
    seats.leave()
    say(_("You have left your seat. The link opens it again."))
    return see_other("processes.show", public_id=process_id)
