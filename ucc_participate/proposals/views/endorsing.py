"""Standing behind a proposal and taking it back; how many are needed, at the desk."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.web import current_actor, limiter, say, see_other
from ...processes.frame import process_desk_menu
from ...processes.models import Process, ProcessState
from ...processes.queries import process_to_change
from .. import operations, policies, queries
from ..forms import RuleForm
from .blueprint import Answer, bp, change, load_process

ENDORSING_LIMIT = "120 per hour"


@bp.post("/p/<process_id>/proposals/<public_id>/endorse")
@limiter.limit(ENDORSING_LIMIT)
def endorse(process_id: str, public_id: str) -> Response:
    seen = request.form.get("text_version", type=int)
    change(process_id, public_id, operations.endorse_proposal, organisation=_organisation(), text_version=seen)
    say(_("Your endorsement is counted. You can take it back while the text may still change."))
    return _back(process_id, public_id)


@bp.post("/p/<process_id>/proposals/<public_id>/endorse/withdraw")
@limiter.limit(ENDORSING_LIMIT)
def withdraw_endorsement(process_id: str, public_id: str) -> Response:
    change(process_id, public_id, operations.withdraw_endorsement, organisation=_organisation())
    say(_("Your endorsement is taken back."))
    return _back(process_id, public_id)


def _organisation() -> str | None:
    return request.form.get("organisation") or None


def _back(process_id: str, public_id: str) -> Response:
    return see_other("proposals.show", process_id=process_id, public_id=public_id, _anchor="support")


@bp.route("/staff/processes/<process_id>/endorsements", methods=["GET", "POST"])
def endorsement_rule(process_id: str) -> Answer:
    """How many endorsements a proposal of this process needs."""
    process = load_process(process_id)
    rule = queries.get_rule(db.session(), process)
    require(policies.can_set_rule(current_actor(), process, now=clock.now()))
    form = RuleForm(obj=rule, data=None if rule else {"needed": 0})
    if form.validate_on_submit():
        try:
            _set_rule(process_id, form)
        except (Conflict, Invalid) as refusal:
            form.refuse(refusal if isinstance(refusal, Invalid) else Invalid(refusal.reason))
        else:
            say(_("It is set. Every proposal says how many endorsements it has and needs."))
            return see_other("proposals.setting_up", process_id=process_id, _anchor="endorsements")
    facts = {**_rule_facts(process), "form": form, "staff_navigation": process_desk_menu(process)}
    return render_template("proposals/endorsement_rule.html", **facts), 422 if form.errors else 200


def _rule_facts(process: Process) -> dict[str, Any]:
    return {
        "process": process,
        "is_open": process.status is ProcessState.OPEN,
        "without_support": queries.count_without_support(db.session(), process),
    }


def endorsements_section(process: Process) -> Markup:
    """On the page of what a proposal says: how many endorsements it needs."""
    rule = queries.get_rule(db.session(), process)
    form = RuleForm(formdata=None, obj=rule, data=None if rule else {"needed": 0})
    page = render_template("proposals/_endorsement_rule.html", form=form, **_rule_facts(process))
    return Markup(page)  # noqa: S704  # a template has just escaped it


def _set_rule(process_id: str, form: RuleForm) -> None:
    actor, now = current_actor(), clock.now()
    facts: dict[str, Any] = {"needed": form.needed.data or 0, "is_needed_for_ballot": form.is_needed_for_ballot.data}

    def work(session: Session) -> None:
        process = process_to_change(session, process_id, actor=actor)
        operations.set_rule(session, process, actor=actor, now=now, **facts)

    perform(work)
