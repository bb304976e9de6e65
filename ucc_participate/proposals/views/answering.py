"""The desk at which the city answers: what waits, and one proposal after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from ...kernel import clock
from ...kernel.db import db
from ...kernel.decision import Denied, require
from ...kernel.errors import Conflict, Invalid
from ...kernel.web import current_actor, decide, say, see_other
from ...processes.frame import process_desk_menu
from ...processes.models import Process
from ...vocabularies import uccn
from .. import operations, policies, queries, wording
from ..forms import AnswerForm
from ..models import Proposal, ProposalState
from ..queries import Filters
from .blueprint import Answer, address_of, bp, change, load, load_process
from .reading import addresses_of, place_in_address, proposals_on

STATES = (ProposalState.SUBMITTED, ProposalState.ANSWERED)


@bp.get("/staff/processes/<process_id>/answers")
def answers(process_id: str) -> str:
    process, now = load_process(process_id), clock.now()
    require(policies.can_list_answers(current_actor(), process, now=now))
    state = next((state for state in STATES if state.value == request.args.get("state")), ProposalState.SUBMITTED)
    filters = Filters(state=state.value, oldest_first=True)
    page = queries.browse(
        db.session(), process, filters, after=place_in_address("after"), before=place_in_address("before")
    )
    return render_template(
        "proposals/answers.html",
        process=process,
        state=state,
        may_answer=policies.can_answer_in(current_actor(), process, now=now),
        page=page,
        proposals=proposals_on(page),
        counts=queries.counts(db.session(), process, now=now),
        addresses=addresses_of("proposals.answers", process, page, {"state": state.value}),
        wording=wording,
        vocabularies=uccn,
        staff_navigation=process_desk_menu(process),
    )


@bp.route("/staff/processes/<process_id>/answers/<public_id>", methods=["GET", "POST"])
def answer(process_id: str, public_id: str) -> Answer:
    """Give the first answer."""
    process, proposal = load(process_id, public_id)
    if request.method == "GET" and proposal.outcome is not None:
        return see_other("proposals.correct", process_id=process_id, public_id=public_id)
    return _answer(process, proposal, "answer", operations.answer_proposal)


@bp.route("/staff/processes/<process_id>/answers/<public_id>/correct", methods=["GET", "POST"])
def correct(process_id: str, public_id: str) -> Answer:
    """Replace the answer that stands."""
    process, proposal = load(process_id, public_id)
    return _answer(process, proposal, "correct", operations.correct_answer)


def _answer(process: Process, proposal: Proposal, verb: str, operation: Callable[..., Any]) -> Answer:
    _require_official(proposal, verb)
    form = AnswerForm(obj=proposal)
    if not form.validate_on_submit():
        return _page(form, process, proposal, verb, status=422 if form.errors else 200)
    said = {"outcome": form.outcome.data, "reason": form.reason.data}
    address = address_of(process.public_id, proposal.public_id)
    try:
        change(process.public_id, proposal.public_id, operation, **said, address=address)
    except (Conflict, Invalid) as refusal:
        form.refuse(refusal if isinstance(refusal, Invalid) else Invalid(refusal.reason))
        return _page(form, process, proposal, verb, status=refusal.status)
    say(_("Your answer to “%(title)s” is public. Its author is told by mail.", title=proposal.title))
    return _go_on(process, proposal)


def _require_official(proposal: Proposal, verb: str) -> None:
    """Who may not answer at all is sent away; what somebody else answered meanwhile is said above the typed text."""
    decision = decide(verb, proposal)
    came_too_late = isinstance(decision, Denied) and decision.error is Conflict
    if request.method == "GET" or not came_too_late:
        require(decision)


def _page(form: AnswerForm, process: Process, proposal: Proposal, verb: str, *, status: int) -> Answer:
    page = render_template(
        "proposals/answer.html",
        form=form,
        process=process,
        proposal=proposal,
        is_correction=verb == "correct",
        plan=queries.open_plans(db.session(), [proposal.id]).get(proposal.id),
        near=queries.neighbours(db.session(), process, proposal.number or 0),
        counts=queries.counts(db.session(), process, now=clock.now()),
        wording=wording,
        vocabularies=uccn,
        staff_navigation=process_desk_menu(process),
    )
    return page, status


def _go_on(process: Process, proposal: Proposal) -> Response:
    """To the next proposal that waits, back to an earlier one at the end, to the list when none is left."""
    near = queries.neighbours(db.session(), process, proposal.number or 0)
    following = near.next or near.previous
    if following is None:
        return see_other("proposals.answers", process_id=process.public_id)
    return see_other("proposals.answer", process_id=process.public_id, public_id=following)
