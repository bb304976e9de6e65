"""The desk of the whole plan: laying it open, freezing it with all that stands in the way, taking it up again."""

from __future__ import annotations

from typing import Any

from flask import current_app, render_template, request
from flask_babel import gettext as _

from ...kernel import clock
from ...kernel.db import db
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.web import current_actor, say, see_other
from ...processes.frame import process_desk_menu
from ...processes.models import Process
from ...voting.queries import get_vote
from .. import lineage, operations, policies, queries, wording
from ..blockers import Blocker
from ..forms.fixing import ExtendForm, RoundForm, UnfreezeForm
from ..freezing import standing
from ..models import Plan
from .blueprint import Answer, bp, change_plan, process_at_desk

PREFIX = "because-"


def _load(process_id: str) -> tuple[Process, Plan]:
    process = process_at_desk(process_id)
    return process, queries.get_plan(db.session(), process, actor=current_actor(), now=clock.now())


@bp.route("/staff/processes/<process_id>/plan/freeze", methods=["GET", "POST"])
def freeze(process_id: str) -> Answer:
    """Every blocker by name; what may be passed over takes a reason."""
    process, plan = _load(process_id)
    if request.method == "GET":
        return _freeze_page(process, plan)
    typed = {name.removeprefix(PREFIX): text for name, text in request.form.items() if name.startswith(PREFIX)}
    follows = tuple(current_app.extensions["ucc.plan_frozen"])
    try:
        change_plan(
            process_id, operations.freeze_plan, overrides=typed, note=request.form.get("note", ""), follows=follows
        )
    except Invalid as refusal:
        return _freeze_page(process, plan, typed, refusal, status=422)
    except operations.Standing as refusal:
        return _freeze_page(process, plan, typed, refusal, status=409)
    say(_("The plan is frozen. Its version can be read by everybody and never changes."))
    return see_other("plan.desk", process_id=process_id)


def _freeze_page(
    process: Process,
    plan: Plan,
    typed: dict[str, str] | None = None,
    refusal: Any = None,
    *,
    form: UnfreezeForm | None = None,
    status: int = 200,
) -> Answer:
    planned = queries.initiatives_of(db.session(), plan)
    found = [] if plan.is_frozen else standing(db.session(), plan, planned, now=clock.now())
    groups: list[tuple[Any, list[Blocker]]] = [(None, [each for each in found if each.initiative is None])]
    groups += [(one, [each for each in found if each.initiative == one.public_id]) for one in planned]
    page = render_template(
        "plan/freeze.html",
        process=process,
        plan=plan,
        groups=[group for group in groups if group[1]],
        hard=sum(not each.can_override for each in found),
        soft=sum(each.can_override for each in found),
        typed=typed or {},
        note=request.form.get("note", ""),
        refusal=refusal,
        form=form or UnfreezeForm(),
        may_freeze=policies.can_freeze_plan(current_actor(), plan, now=clock.now()),
        may_unfreeze=policies.can_unfreeze_plan(current_actor(), plan, now=clock.now()),
        staff_navigation=process_desk_menu(process),
        wording=wording,
    )
    return page, status


@bp.post("/staff/processes/<process_id>/plan/unfreeze")
def unfreeze(process_id: str) -> Answer:
    process, plan = _load(process_id)
    require(policies.can_unfreeze_plan(current_actor(), plan, now=clock.now()))
    form = UnfreezeForm()
    if not form.validate_on_submit():
        return _freeze_page(process, plan, form=form, status=422)
    change_plan(process_id, operations.unfreeze_plan, reason=form.reason.data)
    say(_("The plan can be changed again. The frozen version stays as it is."))
    return see_other("plan.desk", process_id=process_id)


@bp.route("/staff/processes/<process_id>/plan/round", methods=["GET", "POST"])
def consult(process_id: str) -> Answer:
    """Lay the draft open, or make a round that runs longer."""
    process, plan = _load(process_id)
    runs = plan.status.value == "consulted"
    require((policies.can_edit_plan if runs else policies.can_consult_plan)(current_actor(), plan, now=clock.now()))
    form: Any = ExtendForm(data={"until": plan.comments_until}) if runs else RoundForm()
    if form.validate_on_submit():
        try:
            if runs:
                change_plan(process_id, operations.extend_round, until=form.until.data)
            else:
                change_plan(process_id, operations.consult_plan, until=form.until.data, note=form.note.data or "")
        except (Invalid, Conflict) as refusal:
            form.refuse(refusal if isinstance(refusal, Invalid) else Invalid(refusal.reason))
        else:
            say(_("Everybody can read the draft of the plan and comment on it."))
            return see_other("plan.desk", process_id=process_id)
    page = render_template(
        "plan/round.html",
        process=process,
        plan=plan,
        form=form,
        runs=runs,
        now=clock.now(),
        staff_navigation=process_desk_menu(process),
        wording=wording,
    )
    return page, 422 if form.error_list else 200


@bp.post("/staff/processes/<process_id>/plan/round/end")
def end_round(process_id: str) -> Answer:
    _load(process_id)
    change_plan(process_id, operations.end_round)
    say(_("The round is over. Write what the comments have changed, and freeze the plan then."))
    return see_other("plan.desk", process_id=process_id)


@bp.post("/staff/processes/<process_id>/plan/voted/<vote_id>")
def fix_voted(process_id: str, vote_id: str) -> Answer:
    _load(process_id)

    def work(session: Any, plan: Plan, **facts: Any) -> Any:
        return operations.fix_voted(session, plan, get_vote(session, vote_id), **facts)

    try:
        change_plan(process_id, work)
    except Conflict as refusal:
        if refusal.reason is None:
            raise
        say(refusal.reason)
        return see_other("plan.desk", process_id=process_id)
    say(_("What the vote has chosen is fixed as a version of the plan."))
    return see_other("plan.versions", process_id=process_id)


def whole(plan: Plan) -> dict[str, Any]:
    """What ``plan/_whole.html`` shows on the desk: what stands in the way, the round, votes to fix."""
    session, now = db.session(), clock.now()
    planned = queries.initiatives_of(session, plan)
    found = [] if plan.is_frozen else standing(session, plan, planned, now=now)
    return {
        "blockers": found,
        "versions": queries.versions_of(session, plan),
        "votes": lineage.counted_votes(session, plan.process) if plan.is_public and not plan.is_frozen else [],
        "is_over": plan.comments_until is not None and now >= plan.comments_until,
        "may_consult": policies.can_consult_plan(current_actor(), plan, now=now),
        "may_edit": policies.can_edit_plan(current_actor(), plan, now=now),
    }


bp.add_app_template_global(whole, "plan_whole")
