"""The coordinators' desk of a vote: open, extend, change the roll, close, draw the lot, certify."""

from __future__ import annotations

from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...accounts.queries import account_by_email
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.web import current_actor, decide, say, see_other
from ...proposals.queries import dissents_on
from .. import operations, queries
from ..forms import CertificationForm, DrawForm, ExtensionForm, RollForm
from .blueprint import Answer, bp, change, load


@bp.post("/staff/processes/<process_id>/votes/<public_id>/open")
def open_now(process_id: str, public_id: str) -> Answer:
    load(process_id, public_id)
    change(public_id, operations.open_vote)
    say(_("The vote is open. The roll is frozen."))
    return see_other("voting.show", process_id=process_id, public_id=public_id)


@bp.post("/staff/processes/<process_id>/votes/<public_id>/close")
def close(process_id: str, public_id: str) -> Answer:
    load(process_id, public_id)
    change(public_id, operations.close_vote)
    _process, vote = load(process_id, public_id)
    if vote.result is None:
        say(_("The vote is closed. It is counted when what it waits for is there."))
    else:
        say(_("The vote is closed and counted. The result is public."))
    return see_other("voting.show", process_id=process_id, public_id=public_id)


@bp.route("/staff/processes/<process_id>/votes/<public_id>/extend", methods=["GET", "POST"])
def extend(process_id: str, public_id: str) -> Answer:
    process, vote = load(process_id, public_id)
    require(decide("extend", vote))
    form = ExtensionForm()
    if form.validate_on_submit():
        try:
            change(public_id, operations.extend_vote, closes_at=form.closes_at.data)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(_("The vote is extended."))
            return see_other("voting.show", process_id=process_id, public_id=public_id)
    status = 422 if request.method == "POST" else 200
    return render_template("voting/extend.html", process=process, vote=vote, form=form), status


@bp.route("/staff/processes/<process_id>/votes/<public_id>/roll", methods=["GET", "POST"])
def extend_roll(process_id: str, public_id: str) -> Answer:
    process, vote = load(process_id, public_id)
    require(decide("extend_roll", vote))
    form = RollForm()
    if form.validate_on_submit():
        try:
            _extend_roll(public_id, form.email.data or "", form.reason.data or "")
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(_("The person is on the roll. The log says so, with your reason."))
            return see_other("voting.show", process_id=process_id, public_id=public_id)
    status = 422 if request.method == "POST" else 200
    return render_template("voting/roll.html", process=process, vote=vote, form=form), status


def _extend_roll(public_id: str, email: str, reason: str) -> None:
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> None:
        account = account_by_email(session, email)
        if account is None:
            raise Invalid(_l("No account has this address. The person must sign up first."), field="email")
        vote = queries.vote_to_change(session, public_id)
        operations.extend_roll(session, vote, account, actor=actor, now=now, reason=reason)

    perform(work)


@bp.route("/staff/processes/<process_id>/votes/<public_id>/roll/off", methods=["GET", "POST"])
def reduce_roll(process_id: str, public_id: str) -> Answer:
    process, vote = load(process_id, public_id)
    require(decide("change_roll", vote))
    form = RollForm()
    if form.validate_on_submit():
        try:
            had_voted = _reduce_roll(public_id, form.email.data or "", form.reason.data or "")
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            if had_voted:
                say(_("The person is off the roll. The ballot that they had cast stays and counts."))
            else:
                say(_("The person is off the roll. The log says so, with your reason."))
            return see_other("voting.roll", process_id=process_id, public_id=public_id)
    status = 422 if request.method == "POST" else 200
    return render_template("voting/roll_off.html", process=process, vote=vote, form=form), status


def _reduce_roll(public_id: str, email: str, reason: str) -> bool:
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> bool:
        account = account_by_email(session, email)
        if account is None:
            raise Invalid(_l("No account has this address."), field="email")
        vote = queries.vote_to_change(session, public_id)
        return operations.reduce_roll(session, vote, account, actor=actor, now=now, reason=reason)

    return perform(work)


@bp.route("/staff/processes/<process_id>/votes/<public_id>/draw", methods=["GET", "POST"])
def draw_lot(process_id: str, public_id: str) -> Answer:
    process, vote = load(process_id, public_id)
    require(decide("draw_lot", vote))
    form = DrawForm()
    if form.validate_on_submit():
        try:
            change(public_id, operations.draw_lot, public_value=form.public_value.data or "")
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(_("The lot is drawn. Everybody can repeat the draw."))
            return see_other("voting.lot", process_id=process_id, public_id=public_id)
    status = 422 if request.method == "POST" else 200
    return render_template("voting/draw.html", process=process, vote=vote, form=form), status


@bp.route("/staff/processes/<process_id>/votes/<public_id>/certify", methods=["GET", "POST"])
def certify(process_id: str, public_id: str) -> Answer:
    process, vote = load(process_id, public_id)
    require(decide("certify", vote))
    form = CertificationForm()
    if form.validate_on_submit():
        change(public_id, operations.certify_vote, by=form.by.data or "")
        say(_("The result is certified. The log says so."))
        return see_other("voting.show", process_id=process_id, public_id=public_id)
    status = 422 if request.method == "POST" else 200
    objections = dissents_on(db.session(), process, vote.ref, actor=current_actor())
    return render_template("voting/certify.html", process=process, vote=vote, form=form, objections=objections), status
