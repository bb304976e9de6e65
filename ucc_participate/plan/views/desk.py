"""The desk of the plan: beginning it, its initiatives in order, adopted proposals that are not in it yet."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.i18n import lazy_money_in_words
from ...kernel.web import current_actor, say, see_other
from ...processes.frame import process_desk_menu
from ...processes.models import Process
from ...processes.queries import process_to_change
from ...vocabularies import uccn
from .. import operations, policies, queries, wording
from ..forms import NewInitiativeForm, PlanForm
from ..models import Initiative, InitiativeKind, Level, Plan, Vocabulary
from ..parts import Overtaken, lacking, mark_of
from ..years import Calendar
from .blueprint import Answer, bp, change_plan, process_at_desk

FEW = 8
"""How many proposals of the work list stand on the desk itself."""


@bp.get("/staff/processes/<process_id>/plan")
def desk(process_id: str) -> str:
    """The plan in order, what each initiative still lacks, and what is not in it yet."""
    process, session = process_at_desk(process_id), db.session()
    plan = queries.plan_of(session, process)
    initiatives = queries.initiatives_of(session, plan, with_dropped=True) if plan else []
    planned = [each for each in initiatives if each.is_planned]
    return render_template(
        "plan/desk.html",
        process=process,
        plan=plan,
        now=clock.now(),
        planned=planned,
        dropped=[each for each in initiatives if not each.is_planned],
        total=lazy_money_in_words(sum(each.total_cost for each in planned), plan.currency) if plan else None,
        lacks={each.public_id: sum(map(len, lacking(each).values())) for each in planned},
        unplanned=queries.unplanned(session, process, limit=FEW),
        adopted=queries.count_adopted(session, process),
        may_begin=policies.can_begin_plan(current_actor(), process, now=clock.now()),
        may_edit=policies.can_edit_plan(current_actor(), plan, now=clock.now()) if plan else None,
        staff_navigation=process_desk_menu(process),
        vocabularies=uccn,
        wording=wording,
    )


@bp.route("/staff/processes/<process_id>/plan/begin", methods=["GET", "POST"])
def begin(process_id: str) -> Answer:
    process, actor, now = process_at_desk(process_id), current_actor(), clock.now()
    require(policies.can_begin_plan(actor, process, now=now))
    form = PlanForm(data={"calendar": Calendar.JALALI, "currency": "IRR", "vocabulary": Vocabulary.HANDBOOK_2013})
    if not form.validate_on_submit():
        return _settings_page(form, process, None)

    def work(session: Session) -> Plan:
        found = process_to_change(session, process_id, actor=actor)
        return operations.begin_plan(session, found, form.told(), actor=actor, now=now)

    try:
        perform(work)
    except Invalid as refusal:
        form.refuse(refusal)
        return _settings_page(form, process, None)
    say(_("The plan is begun. Make its first initiative from the adopted proposals."))
    return see_other("plan.desk", process_id=process_id)


@bp.route("/staff/processes/<process_id>/plan/settings", methods=["GET", "POST"])
def settings(process_id: str) -> Answer:
    """What the plan begins from. Whoever saves second sees what the first one wrote."""
    process = process_at_desk(process_id)
    plan = queries.get_plan(db.session(), process, actor=current_actor(), now=clock.now())
    require(policies.can_edit_plan(current_actor(), plan, now=clock.now()))
    mark = mark_of(plan.public_payload())
    form = PlanForm(data=PlanForm.typed(plan) | {"seen": mark})
    if not form.validate_on_submit():
        return _settings_page(form, process, plan)
    try:
        change_plan(process_id, operations.revise_plan, form.told(), seen=form.seen.data or "")
    except Overtaken as refusal:
        form.refuse(Invalid(refusal.reason))
        form.seen.data = mark
        return _settings_page(form, process, plan, status=409, is_overtaken=True)
    except Invalid as refusal:
        form.refuse(refusal)
        return _settings_page(form, process, plan)
    say(_("The plan is changed."))
    return see_other("plan.desk", process_id=process_id)


def _settings_page(
    form: PlanForm, process: Process, plan: Plan | None, *, status: int = 422, is_overtaken: bool = False
) -> Answer:
    page = render_template(
        "plan/settings.html",
        form=form,
        process=process,
        plan=plan,
        is_overtaken=is_overtaken,
        staff_navigation=process_desk_menu(process),
        wording=wording,
    )
    return page, status if form.error_list else 200


@bp.get("/staff/processes/<process_id>/plan/adopted")
def adopted(process_id: str) -> str:
    """The work list whole, page by page; what is ticked becomes one initiative."""
    process = process_at_desk(process_id)
    plan = queries.get_plan(db.session(), process, actor=current_actor(), now=clock.now())
    after = request.args.get("after", 0, type=int)
    return render_template(
        "plan/adopted.html",
        process=process,
        plan=plan,
        unplanned=queries.unplanned(db.session(), process, after=after if 0 < after <= queries.LARGEST_NUMBER else 0),
        adopted=queries.count_adopted(db.session(), process),
        may_edit=policies.can_edit_plan(current_actor(), plan, now=clock.now()),
        staff_navigation=process_desk_menu(process),
        vocabularies=uccn,
        wording=wording,
    )


@bp.route("/staff/processes/<process_id>/plan/initiatives/new", methods=["GET", "POST"])
def add(process_id: str) -> Answer:
    """A new initiative: ``?from=…`` once for each proposal that it is made from, nothing for one that the city adds."""
    process = process_at_desk(process_id)
    plan = queries.get_plan(db.session(), process, actor=current_actor(), now=clock.now())
    require(policies.can_edit_plan(current_actor(), plan, now=clock.now()))
    chosen = request.args.getlist("from")
    form = NewInitiativeForm(data=_suggested(process, chosen))
    proposals = list(queries.adopted_by_ids(db.session(), process, form.chosen).values())
    status = 200
    if form.validate_on_submit():
        try:
            told = form.basics(), form.beginnings()
            made: Initiative = change_plan(process_id, operations.add_initiative, *told, once=True)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(_("The initiative is in the plan. Write its other parts one by one."))
            return see_other("plan.initiative_desk", process_id=process_id, public_id=made.public_id)
    if form.error_list:
        status = 422
    page = render_template(
        "plan/new.html",
        form=form,
        process=process,
        proposals=proposals,
        staff_navigation=process_desk_menu(process),
        vocabularies=uccn,
        wording=wording,
    )
    return page, status


def _suggested(process: Process, chosen: list[str]) -> dict[str, Any]:
    """What the proposals say already; the coordinator puts it right."""
    found = list(queries.adopted_by_ids(db.session(), process, chosen).values()) if chosen else []
    if not found:
        return {"kind": InitiativeKind.PROJECT, "level": Level.LOCAL}
    first = found[0]
    return {
        "proposals": " ".join(each.public_id for each in found),
        "title": {first.language: first.title},
        "summary": {first.language: first.summary},
        "description": {
            first.language: "\n\n".join(each.body for each in found if each.language == first.language)[:6000]
        },
        "kind": InitiativeKind((first.kind or InitiativeKind.PROJECT).value),
        "level": Level((first.level or Level.LOCAL).value),
        "objectives": sorted({one for each in found for one in each.objectives}),
        "areas": sorted({one for each in found for one in each.areas}),
    }


@bp.post("/staff/processes/<process_id>/plan/initiatives/<public_id>/move")
def move(process_id: str, public_id: str) -> Answer:
    process_at_desk(process_id)
    try:
        change_plan(process_id, operations.move_initiative, public_id, is_up=request.form.get("way") == "up")
    except Conflict as refusal:
        if refusal.reason is None:
            raise
        say(refusal.reason)
    return see_other("plan.desk", process_id=process_id, _anchor=f"i{public_id}")
