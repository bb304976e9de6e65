"""The coordinators' desk of a vote: announce, open, extend, add to the roll, close."""

from __future__ import annotations

from typing import Any

from flask import current_app, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...accounts.queries import account_by_email
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.web import current_actor, decide, say, see_other
from ...processes.models import PhaseKind, Process
from ...processes.queries import get_process, process_to_change
from ...proposals.models import Proposal
from ...proposals.queries import count_without_support, shortlist_candidates
from .. import operations, policies, queries
from ..building import OptionLine
from ..forms import AnnouncementForm, ExtensionForm, RollForm
from ..models import Franchise
from .blueprint import Answer, bp, change, load


@bp.route("/staff/processes/<process_id>/votes/new", methods=["GET", "POST"])
def announce(process_id: str) -> Answer:
    process = get_process(db.session(), process_id, actor=current_actor())
    require(policies.can_announce_in(current_actor(), process, now=clock.now()))
    candidates = shortlist_candidates(db.session(), process)
    form = AnnouncementForm(data=_defaults(process)) if request.method == "GET" else AnnouncementForm()
    form.offer_shortlist(candidates)
    if form.validate_on_submit():
        try:
            public_id = _announce(process_id, form, candidates)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(_("The vote is announced. Its rules and options are sealed now."))
            return see_other("voting.show", process_id=process_id, public_id=public_id)
    status = 422 if request.method == "POST" else 200
    facts = {"candidates": candidates, "without_support": count_without_support(db.session(), process)}
    return render_template("voting/announce.html", process=process, form=form, **facts), status


def _defaults(process: Process) -> dict[str, Any]:
    phase = process.phase_of(PhaseKind.VOTE)
    return {"opens_at": max(phase.starts_at, clock.now()), "closes_at": phase.ends_at} if phase else {}


def _announce(process_id: str, form: AnnouncementForm, candidates: list[Proposal]) -> str:
    actor, now = current_actor(), clock.now()
    rules = form.rules(current_app.extensions["ucc.settings"].currency)
    chosen = [each for each in candidates if each.public_id in (form.shortlist.data or [])]
    options = [OptionLine(each.public_id, each.title, each.cost, each.id, each.ref) for each in chosen]
    facts = {
        "title": form.title.data,
        "franchise": Franchise(form.franchise.data),
        "opens_at": form.opens_at.data,
        "closes_at": form.closes_at.data,
    }

    def work(session: Session) -> str:
        process = process_to_change(session, process_id, actor=actor)
        vote = operations.announce_vote(session, process, actor=actor, now=now, rules=rules, options=options, **facts)
        return vote.public_id

    return perform(work)


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
