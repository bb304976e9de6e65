"""The desk at which the staff appraises proposals: what is to be done, one proposal, and how it is set up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ...accounts.queries import get_account
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.forms import Form
from ...kernel.i18n import site_day
from ...kernel.web import current_actor, say, see_other
from ...processes.frame import process_desk_menu
from ...processes.models import Process
from ...processes.queries import process_to_change
from ...vocabularies import uccn
from .. import jury, operations, policies, queries, wording
from ..forms import AnsweringRulesForm, AssignForm, ConflictForm, CriterionForm, FindingsForm, score_form
from ..models import Proposal
from ..operations import Findings
from ..queries import MINE, OVERDUE, UNDONE
from .blueprint import Answer, address_of_page, bp, change, load, load_process, settings
from .reading import place_in_address

WANTED = (MINE, UNDONE, OVERDUE)
HOME = "/staff/processes/<process_id>/appraisals"


@bp.get(HOME)
def appraisals(process_id: str) -> str:
    """What waits for an answer, with who is to look at it until when."""
    process, now, actor = load_process(process_id), clock.now(), current_actor()
    require(policies.can_list_answers(actor, process, now=now))
    wanted = next((each for each in WANTED if each == request.args.get("show")), None)
    today = site_day(now)
    after = place_in_address("after")
    lines = queries.list_appraisals(db.session(), process, wanted=wanted, actor=actor, today=today, after=after)
    return render_template(
        "proposals/appraisals.html",
        process=process,
        lines=lines,
        wanted=wanted,
        today=today,
        counts=queries.count_tasks(db.session(), process, actor, today),
        after=lines[-1].proposal.number if len(lines) == queries.APPRAISALS_PAGE else None,
        may_open=actor.is_staff,
        may_set_up=policies.can_set_up_appraisal(actor, process, now=now),
        **_words(process),
    )


@bp.route(f"{HOME}/<public_id>", methods=["GET", "POST"])
def appraisal(process_id: str, public_id: str) -> Answer:
    """One proposal: tasks, findings, scores. Posting keeps the findings."""
    process, proposal = _open(process_id, public_id)
    kept = queries.appraisal_of(db.session(), proposal)
    form = FindingsForm(obj=kept)
    if request.method == "GET" or not form.validate_on_submit():
        return _page(process, proposal, form=form), 422 if form.errors else 200
    findings = Findings(**{name: form[name].data for name in Findings.__dataclass_fields__})
    return _try(form, process, proposal, operations.write_appraisal, _("Kept. Only the staff sees it."), findings)


@bp.post(f"{HOME}/<public_id>/scores")
def score(process_id: str, public_id: str) -> Answer:
    process, proposal = _open(process_id, public_id)
    criteria = queries.criteria_of(db.session(), process)
    form = score_form(criteria)
    if not form.validate_on_submit():
        return _page(process, proposal, scores=form), 422
    done = _("Thank you. Now you see what the others gave.")
    return _try(form, process, proposal, operations.score_proposal, done, form.scores(criteria))


@bp.post(f"{HOME}/<public_id>/conflict")
def conflict(process_id: str, public_id: str) -> Answer:
    process, proposal = _open(process_id, public_id)
    form = ConflictForm()
    if not form.validate_on_submit():
        return _page(process, proposal, conflict=form), 422
    done = _("You take no part in this appraisal.")
    return _try(form, process, proposal, operations.declare_conflict, done, form.conflict.data)


@bp.post(f"{HOME}/<public_id>/tasks")
def assign(process_id: str, public_id: str) -> Answer:
    process, proposal = _open(process_id, public_id)
    form = AssignForm()
    form.offer_staff(queries.staff(db.session(), clock.now()))
    if not form.validate_on_submit():
        return _page(process, proposal, assign=form), 422
    chosen, due_on = str(form.person.data), form.due_on.data
    address = address_of_page("proposals.appraisal", process_id=process_id, public_id=public_id)

    def work(session: Session, found: Proposal, **facts: Any) -> None:
        account = get_account(session, chosen)
        operations.assign_appraisal(session, found, account, due_on=due_on, address=address, **facts)

    return _try(form, process, proposal, work, _("The task is given; the person is told by mail."))


@bp.post(f"{HOME}/<public_id>/tasks/<account_id>/release")
def release(process_id: str, public_id: str, account_id: str) -> Response:
    def work(session: Session, found: Proposal, **facts: Any) -> None:
        operations.release_appraisal(session, found, get_account(session, account_id).id, **facts)

    change(process_id, public_id, work)
    say(_("The task is taken back."))
    return see_other("proposals.appraisal", process_id=process_id, public_id=public_id)


def _open(process_id: str, public_id: str) -> tuple[Process, Proposal]:
    process, proposal = load(process_id, public_id)
    require(policies.can_see_notes(current_actor(), proposal, now=clock.now()))
    return process, proposal


def _try(
    form: Any, process: Process, proposal: Proposal, operation: Callable[..., Any], done: str, *args: Any
) -> Answer:
    try:
        change(process.public_id, proposal.public_id, operation, *args)
    except (Conflict, Invalid) as refusal:
        form.refuse(refusal if isinstance(refusal, Invalid) else Invalid(refusal.reason))
        name = {FindingsForm: "form", ConflictForm: "conflict", AssignForm: "assign"}.get(type(form), "scores")
        return _page(process, proposal, **{name: form}), refusal.status
    say(done)
    return see_other("proposals.appraisal", process_id=process.public_id, public_id=proposal.public_id)


def _page(process: Process, proposal: Proposal, **forms: Form) -> str:
    session, actor, now = db.session(), current_actor(), clock.now()
    tasks = queries.tasks_of(session, proposal)
    own = next((task for task in tasks if task.account_id == actor.account_id), None)
    criteria = queries.criteria_of(session, process, retired=True)
    may_see = policies.can_see_scores(actor, proposal, task=own, now=now)
    assigning = AssignForm() if "assign" not in forms else None
    if assigning is not None:
        assigning.offer_staff(queries.staff(session, now))
    usual = {
        "form": FindingsForm(obj=queries.appraisal_of(session, proposal)) if "form" not in forms else None,
        "scores": score_form([each for each in criteria if each.retired_at is None]) if "scores" not in forms else None,
        "conflict": ConflictForm() if "conflict" not in forms else None,
        "assign": assigning,
    }
    shown: dict[str, Any] = usual | forms
    return render_template(
        "proposals/appraisal.html",
        process=process,
        proposal=proposal,
        tasks=tasks,
        own=own,
        today=site_day(now),
        criteria=criteria,
        spreads=jury.spreads(criteria, queries.scores_on(session, proposal)) if may_see else None,
        may_see=may_see,
        may_write=policies.can_write_appraisal(actor, proposal, tasks=tasks, now=now),
        may_score=policies.can_score(actor, proposal, task=own, now=now),
        may_assign=policies.can_assign(actor, proposal, now=now),
        **shown,
        **_words(process),
    )


@bp.route("/staff/processes/<process_id>/appraisal-rules", methods=["GET", "POST"])
def appraisal_rules(process_id: str) -> Answer:
    """Criteria and scales, whether scores are published, days for minority statements. Posting sets the rules."""
    process = _open_rules(process_id)
    form = AnsweringRulesForm(obj=queries.answering_rules(db.session(), process))
    if request.method == "GET" or not form.validate_on_submit():
        return _rules_page(process, form=form), 422 if form.errors else 200
    facts = {"publishes_scores": form.publishes_scores.data, "dissent_days": form.dissent_days.data}
    _on_process(process_id, operations.set_answering_rules, **facts)
    say(_("The rules are set and in the public log."))
    return see_other("proposals.setting_up", process_id=process_id, _anchor="appraisal")


@bp.post("/staff/processes/<process_id>/appraisal-rules/criteria")
def add_criterion(process_id: str) -> Answer:
    process, form = _open_rules(process_id), CriterionForm()
    if not form.validate_on_submit():
        return _rules_page(process, criterion=form), 422
    facts = {"name": form.name.data, "lowest": form.lowest.data, "highest": form.highest.data}
    try:
        _on_process(process_id, operations.add_criterion, **facts)
    except Invalid as refusal:
        form.refuse(refusal)
        return _rules_page(process, criterion=form), 422
    say(_("The criterion is added."))
    return see_other("proposals.setting_up", process_id=process_id, _anchor="appraisal")


@bp.post("/staff/processes/<process_id>/appraisal-rules/criteria/<public_id>/retire")
def retire_criterion(process_id: str, public_id: str) -> Response:
    def work(session: Session, process: Process, **facts: Any) -> None:
        operations.retire_criterion(session, process, queries.get_criterion(session, process, public_id), **facts)

    _on_process(process_id, work)
    say(_("The criterion is asked for no longer. Scores that were given stay."))
    return see_other("proposals.setting_up", process_id=process_id, _anchor="appraisal")


def _open_rules(process_id: str) -> Process:
    process = load_process(process_id)
    require(policies.can_set_up_appraisal(current_actor(), process, now=clock.now()))
    return process


def _on_process(process_id: str, operation: Callable[..., Any], **facts: Any) -> None:
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> None:
        operation(session, process_to_change(session, process_id, actor=actor), actor=actor, now=now, **facts)

    perform(work)


def _rules_page(process: Process, **forms: Form) -> str:
    return render_template("proposals/appraisal_rules.html", **(_rule_facts(process) | forms), **_words(process))


def _rule_facts(process: Process) -> dict[str, Any]:
    return {
        "process": process,
        "form": AnsweringRulesForm(formdata=None, obj=queries.answering_rules(db.session(), process)),
        "criterion": CriterionForm(formdata=None),
        "criteria": queries.criteria_of(db.session(), process, retired=True),
    }


def rules_section(process: Process) -> Markup:
    """On the page of what a proposal says: by what it is appraised, and how it is answered."""
    page = render_template("proposals/_appraisal_rules.html", **_rule_facts(process))
    return Markup(page)  # noqa: S704  # a template has just escaped it


def panel(proposal: Proposal) -> Markup | None:
    """Under an answer: what the staff found out, as far as it was published."""
    if proposal.outcome is None:
        return None
    found = queries.appraisal_of(db.session(), proposal)
    if found is None or found.published is None:
        return None
    text = render_template("proposals/_appraisal.html", proposal=proposal, published=found.published, wording=wording)
    return Markup(text)  # noqa: S704  # a template has just escaped it


def _words(process: Process) -> dict[str, Any]:
    return {
        "wording": wording,
        "vocabularies": uccn,
        "currency": settings().currency,
        "staff_navigation": process_desk_menu(process),
    }
