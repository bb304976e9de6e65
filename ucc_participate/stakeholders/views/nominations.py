"""Naming an organisation that the register lacks, and the desk at which the city answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.web import current_actor, decide, limiter, public, say, see_other
from .. import operations, queries
from ..forms import AnswerForm, NominationForm, tag_choices
from ..models import Nomination, Organisation
from ..operations import Nominated, OrganisationDetails
from ..wording import LABELS
from .blueprint import Answer, bp

USUAL_WAIT = timedelta(days=14)


@bp.get("/stakeholders/nominations")
@public
def nominations() -> str:
    """What people named and what the city answered."""
    session = db.session()
    return render_template(
        "stakeholders/nominations.html",
        page=queries.list_nominations(session, after=request.args.get("after")),
        counts=queries.count_nominations(session, overdue_before=clock.now() - USUAL_WAIT),
        labels=LABELS,
    )


@bp.route("/stakeholders/nominate", methods=["GET", "POST"])
@public
@limiter.limit("5 per minute; 30 per hour", methods=["POST"])
def nominate() -> Answer:
    form = NominationForm()
    if form.validate_on_submit() and _nominated(form):
        say(_("Thank you. The city will answer, and everybody can read the answer on this page."))
        return see_other("stakeholders.nominations")
    known = queries.registered_as(db.session(), form.name.data or "") if form.is_submitted() else None
    page = render_template("stakeholders/nominate.html", form=form, known=known, labels=LABELS)
    return (page, 422) if form.errors or form.form_errors else page


def _nominated(form: NominationForm) -> bool:
    actor, now, said = current_actor(), clock.now(), Nominated(**form.said())
    try:
        perform(lambda session: operations.nominate(session, said, actor=actor, now=now))
    except Invalid as refusal:
        form.refuse(refusal)
        return False
    return True


@bp.get("/staff/stakeholders/nominations")
def nomination_queue() -> str:
    require(decide("see_queue", Nomination))
    page = queries.waiting_nominations(db.session(), after=request.args.get("after"))
    return render_template("stakeholders/nomination_queue.html", page=page, labels=LABELS)


@bp.route("/staff/stakeholders/nominations/<public_id>", methods=["GET", "POST"])
def answer_nomination(public_id: str) -> Answer:
    nomination = queries.get_nomination(db.session(), public_id)
    require(decide("answer", nomination))
    form = _answer_form(nomination)
    if form.validate_on_submit() and _answered(public_id, form):
        say(_("The answer is public."))
        return see_other("stakeholders.nomination_queue")
    page = render_template("stakeholders/answer_nomination.html", form=form, nomination=nomination, labels=LABELS)
    return (page, 422) if form.errors or form.form_errors else page


def _answer_form(nomination: Nomination) -> AnswerForm:
    session = db.session()
    found_by = _("Named by people of the city")
    form = AnswerForm(name=nomination.name, sector=nomination.sector, identified_by=found_by)
    form.tags.offer(tag_choices(queries.list_tags(session)))
    wanted = request.args.get("q") or nomination.name
    form.organisation.offer([(each.public_id, each.name) for each in queries.similar_organisations(session, wanted)])
    return form


def _answered(public_id: str, form: AnswerForm) -> bool:
    actor, now, reason = current_actor(), clock.now(), form.reason.data or ""
    facts: dict[str, Any] = {"reason": reason, "actor": actor, "now": now}

    def work(session: Session) -> None:
        nomination = queries.nomination_to_change(session, public_id)
        if form.enters:
            operations.accept_nomination(session, nomination, OrganisationDetails(**form.details()), **facts)
            return
        meant = _meant(session, form)
        operations.answer_nomination(session, nomination, outcome=form.outcome.data, organisation=meant, **facts)

    try:
        perform(work)
    except Invalid as refusal:
        form.refuse(refusal)
        return False
    return True


def _meant(session: Session, form: AnswerForm) -> Organisation | None:
    chosen = form.organisation.data
    return queries.get_organisation(session, chosen) if chosen else None
