"""Merging and splitting: choosing, asking, the authors' word, carrying out; and what came from what for everybody."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ...accounts.queries import names_by_key
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid, NotFound
from ...kernel.i18n import reader, text_direction
from ...kernel.visitor_cache import shared_by_visitors
from ...kernel.web import current_actor, public, say, see_other
from ...processes.frame import phases_of, process_desk_menu
from ...processes.models import Process
from ...processes.queries import process_to_change
from ...vocabularies import uccn
from .. import graph, operations, policies, queries, wording
from ..forms import CarryOutForm, ListForm, MergeForm, SplitForm, asked_for, filters_from
from ..models import MOST_SOURCES, LineageKind, Proposal, ProposalState, Regrouping, RegroupingState
from ..queries import Asked
from .blueprint import Answer, bp, load, load_process, settings
from .reading import addresses_of, place_in_address, proposals_on

ROWS = 50
PLACE = "00000000"


def _chosen() -> list[int]:
    """The numbers in the address, each once, as many as can be merged and one more."""
    numbers = [int(text) for text in request.args.getlist("n") if text.isdecimal() and len(text) < 10]
    return sorted(set(numbers))[: MOST_SOURCES + 1]


@bp.get("/staff/processes/<process_id>/merging")
def merging(process_id: str) -> str:
    """Choose what shall become one proposal; and the plans that wait or are done."""
    process, now = load_process(process_id), clock.now()
    require(policies.can_list_answers(current_actor(), process, now=now))
    filters = filters_from({"sort": "number", **request.args.to_dict(), "state": ProposalState.SUBMITTED.value})
    place = {name: place_in_address(name) for name in ("after", "before")}
    page = queries.browse(db.session(), process, filters, **place, limit=ROWS)
    found = queries.with_numbers(db.session(), process, _chosen())
    chosen = [each for each in found if policies.reads_text(current_actor(), each)]
    asked: dict[str, Any] = asked_for(request.args) | {"n": [each.number for each in chosen]}
    return render_template(
        "proposals/merging.html",
        process=process,
        form=ListForm(request.args),
        page=page,
        proposals=proposals_on(page),
        chosen=chosen,
        addresses=addresses_of("proposals.merging", process, page, asked),
        regroupings=queries.list_regroupings(db.session(), process),
        may_merge=policies.can_regroup(current_actor(), process, now=now),
        **_words(process),
    )


@bp.route("/staff/processes/<process_id>/merging/new", methods=["GET", "POST"])
def merge(process_id: str) -> Answer:
    """Write the one proposal and ask the authors of those that were chosen."""
    process = load_process(process_id)
    require(policies.can_regroup(current_actor(), process, now=clock.now()))
    sources = queries.with_numbers(db.session(), process, _chosen())
    form = MergeForm(data=_first_text(sources) if request.method == "GET" else None)
    return _ask(form, process, LineageKind.MERGE, sources)


@bp.route("/staff/processes/<process_id>/splitting/<public_id>", methods=["GET", "POST"])
def split(process_id: str, public_id: str) -> Answer:
    process, proposal = load(process_id, public_id)
    require(policies.can_regroup(current_actor(), process, now=clock.now()))
    sources = queries.with_numbers(db.session(), process, [proposal.number or 0])
    return _ask(SplitForm(), process, LineageKind.SPLIT, sources)


def _first_text(sources: list[Proposal]) -> dict[str, str]:
    return {name: getattr(sources[0], name) for name in ("title", "summary", "body")} if sources else {}


def _ask(form: MergeForm | SplitForm, process: Process, kind: LineageKind, sources: list[Proposal]) -> Answer:
    refusal = _refusal(kind, sources)
    if not form.validate_on_submit():
        return _plan_page(form, process, kind, sources, refusal, status=422 if form.errors else 200)
    try:
        made = perform(_asking(form, process, kind, [each.number or 0 for each in sources]))
    except (Conflict, Invalid) as failed:
        form.refuse(failed if isinstance(failed, Invalid) else Invalid(failed.reason))
        return _plan_page(form, process, kind, sources, refusal, status=failed.status)
    say(_("The authors are asked by mail. You can carry it out as soon as all agree, or with a public reason."))
    return see_other("proposals.regrouping", process_id=process.public_id, public_id=made.public_id)


def _refusal(kind: LineageKind, sources: list[Proposal]) -> Any:
    """Why these cannot be merged or split now, or None."""
    ids = [source.id for source in sources]
    ancestors = queries.ancestors_of(db.session(), ids)
    waiting = queries.waiting_elsewhere(db.session(), ids)
    return getattr(policies.may_be_regrouped(kind, sources, ancestors=ancestors, waiting=waiting), "reason", None)


def _asking(
    form: MergeForm | SplitForm, process: Process, kind: LineageKind, numbers: list[int]
) -> Callable[[Session], Regrouping]:
    actor, now = current_actor(), clock.now()
    facts: dict[str, Any] = {"reason": form.reason.data or "", "actor": actor, "now": now}
    address = _addresses(url_for("proposals.regrouping", process_id=process.public_id, public_id=PLACE))
    parts = form.parts()

    def work(session: Session) -> Regrouping:
        here = process_to_change(session, process.public_id, actor=actor)
        sources = queries.with_numbers_to_change(session, here, numbers)
        return operations.ask_to_regroup(session, here, kind, sources, parts, address=address, **facts)

    return work


def _addresses(path: str) -> Callable[[str], str]:
    """From a public id to a full address, where no request is: in a unit of work. ``path``: with PLACE for the id."""
    return partial(f"{settings().public_url}{path}".replace, PLACE)


def _plan_page(
    form: MergeForm | SplitForm,
    process: Process,
    kind: LineageKind,
    sources: list[Proposal],
    refusal: Any,
    *,
    status: int,
) -> Answer:
    page = render_template(
        "proposals/regroup.html",
        form=form,
        process=process,
        kind=kind,
        sources=sources,
        refusal=refusal,
        **_words(process),
    )
    return page, status


@bp.get("/p/<process_id>/regroupings/<public_id>")
def regrouping(process_id: str, public_id: str) -> str:
    """The plan: for the authors who are asked, for the desk, and for everybody once it is done."""
    process, asked = _load(process_id, public_id)
    return _regrouping_page(process, asked, CarryOutForm())


def _load(process_id: str, public_id: str) -> tuple[Process, Asked]:
    process = load_process(process_id)
    return process, queries.get_regrouping(db.session(), process, public_id, actor=current_actor())


def _regrouping_page(process: Process, asked: Asked, form: CarryOutForm) -> str:
    actor, now, plan = current_actor(), clock.now(), asked.regrouping
    return render_template(
        "proposals/regrouping.html",
        process=process,
        phases=phases_of(process),
        asked=asked,
        parts=_parts(asked),
        form=form,
        asked_by=names_by_key(db.session(), [plan.asked_by]),
        may_consent=policies.can_consent(actor, plan, process, is_asked=asked.own is not None, now=now),
        may_end=policies.can_end(actor, plan, process, now=now),
        **_words(process),
    )


def _parts(asked: Asked) -> list[dict[str, str] | None]:
    """The texts of the plan; None in place of one whose proposal moderation withholds from the present actor."""
    plan, actor = asked.regrouping, current_actor()
    if not asked.is_withheld:
        return list(plan.parts)
    if plan.status is not RegroupingState.DONE:
        reads_all = all(policies.reads_text(actor, credit.proposal) for credit in asked.sources)
        return [part if reads_all else None for part in plan.parts]
    results = [each.proposal for each in queries.lineage_of(db.session(), asked.sources[0].proposal).results]
    return [part if policies.reads_text(actor, made) else None for part, made in zip(plan.parts, results, strict=True)]


@bp.post("/p/<process_id>/regroupings/<public_id>/consent")
def consent(process_id: str, public_id: str) -> Response:
    """An author's yes or no."""
    agrees = request.form.get("agrees") == "yes"
    _change(process_id, public_id, operations.answer_regrouping, agrees=agrees)
    say(_("Thank you. You agree.") if agrees else _("Thank you. You do not agree; the city has been told."))
    return see_other("proposals.regrouping", process_id=process_id, public_id=public_id)


@bp.post("/p/<process_id>/regroupings/<public_id>/carry-out")
def carry_out(process_id: str, public_id: str) -> Answer:
    form = CarryOutForm()
    if not form.validate_on_submit():
        return _regrouping_page(*_load(process_id, public_id), form), 422
    path = url_for("proposals.show", process_id=process_id, public_id=PLACE)
    facts = {"override_reason": form.override_reason.data, "address": _addresses(path)}
    try:
        made = _change(process_id, public_id, operations.carry_out_regrouping, **facts)
    except (Conflict, Invalid) as refusal:
        form.refuse(refusal if isinstance(refusal, Invalid) else Invalid(refusal.reason))
        return _regrouping_page(*_load(process_id, public_id), form), refusal.status
    say(_("It is done. Every author is told by mail."))
    return see_other("proposals.show", process_id=process_id, public_id=made[0].public_id)


@bp.post("/p/<process_id>/regroupings/<public_id>/drop")
def drop(process_id: str, public_id: str) -> Response:
    _change(process_id, public_id, operations.drop_regrouping)
    say(_("The plan is given up. The proposals stay as they are."))
    return see_other("proposals.merging", process_id=process_id)


def _change(process_id: str, public_id: str, operation: Callable[..., Any], **facts: Any) -> Any:
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> Any:
        process = process_to_change(session, process_id, actor=actor)
        asked = queries.regrouping_to_change(session, process, public_id, actor=actor)
        return operation(session, process, asked, actor=actor, now=now, **facts)

    return perform(work)


@bp.get("/p/<process_id>/proposals/<public_id>/lineage")
@public
@shared_by_visitors
def lineage(process_id: str, public_id: str) -> str:
    """Everything that a proposal came from and everything that came of it, as a drawing and as a list."""
    process, proposal = load(process_id, public_id)
    if not queries.is_related(proposal):
        raise NotFound()
    family = queries.family_of(db.session(), proposal)
    return render_template(
        "proposals/lineage.html",
        process=process,
        phases=phases_of(process),
        proposal=proposal,
        family=family,
        drawing=graph.draw(family, runs_left=text_direction(reader().locale) == "rtl"),
        box=graph.BOX,
        came_from=_by_result(family),
        **_words(process),
    )


def _by_result(family: queries.Family) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for source, result in family.edges:
        found.setdefault(result, []).append(source)
    return found


def panel(proposal: Proposal) -> Markup | None:
    """On the page of a proposal: what it came from or went into, and what its author is asked."""
    actor, session = current_actor(), db.session()
    is_own = actor.account_id is not None and actor.account_id in queries.author_ids(session, proposal)
    plan = queries.open_regrouping_of(session, proposal, actor) if is_own else None
    if plan is None and not queries.is_related(proposal):
        return None
    text = render_template(
        "proposals/_lineage.html",
        process=proposal.process,
        proposal=proposal,
        lineage=queries.lineage_of(session, proposal) if queries.is_related(proposal) else None,
        plan=plan,
        wording=wording,
        vocabularies=uccn,
    )
    return Markup(text)  # noqa: S704  # a template has just escaped it


def _words(process: Process) -> dict[str, Any]:
    return {"wording": wording, "vocabularies": uccn, "staff_navigation": process_desk_menu(process)}
