"""Answering several proposals at once, and the public clock of answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from markupsafe import Markup

from ...kernel import clock as clocks
from ...kernel.db import db
from ...kernel.decision import Denied, require
from ...kernel.errors import Conflict, Forbidden, Invalid
from ...kernel.visitor_cache import shared_by_visitors
from ...kernel.web import current_actor, public
from ...processes.frame import phases_of, process_desk_menu
from ...processes.models import Process, ProcessState
from ...vocabularies import uccn
from .. import batches, operations, policies, queries, wording
from ..batches import MOST_AT_ONCE, Row
from ..forms import BatchForm, ListForm, asked_for, batch_form, filters_from
from ..models import Proposal, ProposalState
from .blueprint import Answer, address_of, bp, change, load_process
from .reading import addresses_of, place_in_address, proposals_on


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one row. ``refusal``: why it was not answered, or None."""

    row: Row
    proposal: Proposal
    refusal: Any


@bp.route("/staff/processes/<process_id>/answers/several", methods=["GET", "POST"])
def answer_several(process_id: str) -> Answer:
    """Type the answers, look whom they touch, then give them: each in a unit of work of its own."""
    process = load_process(process_id)
    require(policies.can_answer_in(current_actor(), process, now=clocks.now()))
    if request.method == "GET":
        return _typing(process)
    proposals = queries.with_numbers(db.session(), process, _numbers())
    form = batch_form([each.number or 0 for each in proposals])
    try:
        rows = _rows(process, form)
    except (Conflict, Invalid) as refusal:
        form.refuse(refusal if isinstance(refusal, Invalid) else Invalid(refusal.reason))
        return _page(
            "proposals/answer_several.html", process, form=form, proposals=proposals, page=None, addresses=None
        ), 422
    if "give" not in request.form:
        return _look(process, form, proposals, rows)
    return _page("proposals/answers_given.html", process, fates=_give(process, proposals, rows))


def _numbers() -> list[int]:
    typed = [int(text) for text in request.form.getlist("n") if text.isdecimal() and len(text) < 10]
    return sorted(set(typed))[:MOST_AT_ONCE]


def _typing(process: Process) -> str:
    asked = {"sort": "number", **request.args.to_dict(), "state": ProposalState.SUBMITTED.value}
    place = {name: place_in_address(name) for name in ("after", "before")}
    page = queries.browse(db.session(), process, filters_from(asked), **place, limit=MOST_AT_ONCE)
    proposals = proposals_on(page)
    return _page(
        "proposals/answer_several.html",
        process,
        form=batch_form([each.number or 0 for each in proposals]),
        proposals=proposals,
        page=page,
        addresses=addresses_of("proposals.answer_several", process, page, asked_for(request.args)),
    )


def _rows(process: Process, form: BatchForm) -> list[Row]:
    if not form.validate_on_submit():
        raise Invalid(_("Choose an answer from the list."))
    rows = form.rows()
    if not rows:
        raise Invalid(_("Choose an answer for at least one proposal."))
    given = queries.times_given(db.session(), process, [row.reason for row in rows])
    if "give" not in request.form:
        _require_no_plan(process, rows)
    batches.require_own_words(rows, {} if "give" in request.form else given)
    return rows


def _require_no_plan(process: Process, rows: list[Row]) -> None:
    """Said at the row before anything is published; who presses the button later reads it beside that row alone."""
    found = queries.with_numbers(db.session(), process, [row.number for row in rows])
    waiting = queries.waiting_elsewhere(db.session(), [each.id for each in found])
    for proposal in found:
        decision = policies.is_in_no_plan(proposal, waiting)
        if isinstance(decision, Denied):
            raise Invalid(decision.reason, field=f"outcome_{proposal.number}")


def _look(process: Process, form: BatchForm, proposals: list[Proposal], rows: list[Row]) -> str:
    """Whom it would touch, before it touches anybody."""
    by_number = {each.number: each for each in proposals}
    touched = [
        (row, by_number[row.number], len(queries.accounts_to_tell(db.session(), by_number[row.number]))) for row in rows
    ]
    return _page("proposals/answers_looked_at.html", process, form=form, touched=touched)


def _give(process: Process, proposals: list[Proposal], rows: list[Row]) -> list[Fate]:
    by_number = {each.number: each for each in proposals}
    return [_give_one(process, by_number[row.number], row) for row in rows]


def _give_one(process: Process, proposal: Proposal, row: Row) -> Fate:
    said = {"outcome": row.outcome, "reason": row.reason, "address": address_of(process.public_id, proposal.public_id)}
    try:
        change(process.public_id, proposal.public_id, operations.answer_proposal, **said)
    except (Forbidden, Invalid) as refusal:
        return Fate(row, proposal, refusal.reason)
    return Fate(row, proposal, None)


def _page(name: str, process: Process, **facts: Any) -> str:
    ids = [each.id for each in facts.get("proposals", ())]
    return render_template(
        name,
        process=process,
        filter_form=ListForm(request.args),
        plans=queries.open_plans(db.session(), ids) if ids else {},
        wording=wording,
        vocabularies=uccn,
        staff_navigation=process_desk_menu(process),
        **facts,
    )


@bp.get("/p/<process_id>/answers")
@public
@shared_by_visitors
def clock(process_id: str) -> str:
    """How many answers are given, when the others are due, by how many days they are late: for everybody."""
    process, now = load_process(process_id), clocks.now()
    asked = {"sort": "number", **request.args.to_dict(), "state": ProposalState.SUBMITTED.value}
    filters = filters_from(asked)
    after, before = place_in_address("after"), place_in_address("before")
    page = queries.browse(db.session(), process, filters, after=after, before=before)
    return render_template(
        "proposals/clock.html",
        process=process,
        phases=phases_of(process),
        clock=queries.clock_of(db.session(), process, now=now),
        kinds=queries.counts_by_kind(db.session(), process),
        filters=filters,
        page=page,
        proposals=proposals_on(page),
        addresses=addresses_of("proposals.clock", process, page, asked_for(request.args)),
        wording=wording,
        vocabularies=uccn,
    )


def panel(process: Process) -> Markup | None:
    """On the page of a process: how far the city has come with its answers."""
    if process.status in (ProcessState.DRAFT, ProcessState.PUBLISHED):
        return None
    found = queries.clock_of(db.session(), process, now=clocks.now())
    if not found.total and not found.carried_on:
        return None
    return Markup(render_template("proposals/_clock.html", process=process, clock=found))  # noqa: S704  # just escaped
