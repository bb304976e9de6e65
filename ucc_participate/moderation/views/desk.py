"""The desk of moderators: the queue, one case with everything that is known of it, what is done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from ...accounts.queries import accounts_by_id
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import Denied, require
from ...kernel.errors import Conflict, Invalid, NotFound
from ...kernel.forms import Form
from ...kernel.web import current_actor, say, see_other
from ...processes.frame import process_desk_menu
from ...processes.models import Process
from .. import operations, policies, queries, wording
from ..forms import AnswerAppealForm, JudgeForm, ManyForm, RestoreForm
from ..kinds import Contribution, known_kinds, load_all, load_contribution
from ..models import Act, AppealOutcome, Case, Reason, Standing, Waiting
from ..queries import Line
from .blueprint import Answer, addresses, bp, load

MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of the queue with the contribution, None where its room lost it; ``may``: why not, None where one may."""

    line: Line
    contribution: Contribution | None
    why_not: Any


@bp.get("/staff/processes/<process_id>/moderation")
def queue(process_id: str) -> Answer:
    """What waits, oldest first. Who does not judge is led to the figures that everybody reads."""
    process, actor, now, session = load(process_id), current_actor(), clock.now(), db.session()
    if not policies.can_read_queue(actor, process, now=now):
        require(policies.can_read_figures(actor, process, now=now))
        return see_other("moderation.policy", process_id=process_id)
    asked = request.args.get("show", "")
    shown = next((each for each in Waiting if each.value == asked), None)
    cases = queries.waiting(session, process, shown=shown, bursts=asked == "bursts", after=_after(session, process))
    return desk_page(
        "moderation/queue.html",
        process,
        lines=shown_lines(cases),
        asked=asked,
        counts=queries.count_waiting(session, process),
        after=cases[-1].public_id if len(cases) == queries.PAGE else None,
    )


def _after(session: Session, process: Process) -> Case | None:
    asked = request.args.get("after")
    found = queries.cases_by_id(session, process, [asked]) if asked else []
    return found[0] if found and found[0].waiting_since is not None else None


def shown_lines(cases: Sequence[Case]) -> list[Shown]:
    """Cases with their contributions: a fixed number of queries, and one or two for each kind."""
    session, actor, now = db.session(), current_actor(), clock.now()
    found = load_all(known_kinds(), session, [case.ref for case in cases])
    return [_shown(line, found.get(line.case.ref), actor, now) for line in queries.lines_of(session, cases)]


def _shown(line: Line, contribution: Contribution | None, actor: Any, now: Any) -> Shown:
    decision = policies.can_judge(actor, contribution, now=now) if contribution is not None else Denied(None)
    return Shown(line, contribution, decision.reason if isinstance(decision, Denied) else None)


@bp.get("/staff/processes/<process_id>/moderation/read/<path:ref>")
def read(process_id: str, ref: str) -> Answer:
    """One contribution with everything that is known of it, and what can be done."""
    return _case_page(load(process_id), ref)


def _case_page(process: Process, ref: str, wrong: Form | None = None) -> Answer:
    actor, now, session, kinds = current_actor(), clock.now(), db.session(), known_kinds()
    require(policies.can_read_queue(actor, process, now=now))
    contribution = _here(process, load_contribution(kinds, session, ref))
    case = queries.case_of(session, ref)
    decisions = queries.decisions_of(session, case) if case else []
    appeals = queries.appeals_of(session, decisions)
    people = {decision.decided_by_id for decision in decisions} | {found.decided_by_id for found in appeals.values()}
    waiting = next(
        (decision for decision in decisions if decision.id in appeals and not appeals[decision.id].outcome), None
    )
    may_appeal = waiting and policies.can_decide_appeal(actor, contribution, waiting, appeals[waiting.id], now=now)
    may = policies.can_judge(actor, contribution, now=now)
    forms: dict[type[Form], Form] = {kind: kind(formdata=None) for kind in (JudgeForm, RestoreForm, AnswerAppealForm)}
    if wrong is not None:
        forms[type(wrong)] = wrong
    page = desk_page(
        "moderation/case.html",
        process,
        contribution=contribution,
        kind=kinds[contribution.kind],
        case=case,
        flags=queries.flags_of(session, case) if case else [],
        decisions=decisions,
        appeals=appeals,
        appealed=waiting,
        names={
            account.id: account.official_name
            for account in accounts_by_id(session, [known for known in people if known])
        },
        authors=queries.accounts_of(session, contribution.author_ids),
        why_not=may.reason if isinstance(may, Denied) else None,
        why_no_appeal=may_appeal.reason if isinstance(may_appeal, Denied) else None,
        judging=forms[JudgeForm],
        restoring=forms[RestoreForm],
        answering=forms[AnswerAppealForm],
        wrong=wrong,
        Standing=Standing,
    )
    return (page, 422) if wrong is not None else page


def _here(process: Process, contribution: Contribution) -> Contribution:
    if contribution.process.id != process.id:
        raise NotFound()
    return contribution


@bp.post("/staff/processes/<process_id>/moderation/publish/<path:ref>")
def publish(process_id: str, ref: str) -> Answer:
    return _judge(process_id, ref, operations.publish_contribution, _("It is published."))


@bp.post("/staff/processes/<process_id>/moderation/keep/<path:ref>")
def keep(process_id: str, ref: str) -> Answer:
    return _judge(process_id, ref, operations.keep_contribution, _("It stays as it is."))


@bp.post("/staff/processes/<process_id>/moderation/hide/<path:ref>")
def hide(process_id: str, ref: str) -> Answer:
    return _refuse(process_id, ref, operations.hide_contribution, _("It is hidden, and its author is told."))


@bp.post("/staff/processes/<process_id>/moderation/refuse/<path:ref>")
def refuse(process_id: str, ref: str) -> Answer:
    return _refuse(process_id, ref, operations.refuse_contribution, _("It is not published, and its author is told."))


@bp.post("/staff/processes/<process_id>/moderation/restore/<path:ref>")
def restore(process_id: str, ref: str) -> Answer:
    form = RestoreForm()
    if not form.validate_on_submit():
        return _case_page(load(process_id), ref, form)
    work = partial(operations.restore_contribution, words=form.words.data or "")
    return _judge(process_id, ref, work, _("It is shown again, and its author is told."))


def _refuse(process_id: str, ref: str, operation: Callable[..., Any], done: str) -> Answer:
    form = JudgeForm()
    if not form.validate_on_submit():
        return _case_page(load(process_id), ref, form)
    reason = Reason(form.reason.data)
    return _judge(process_id, ref, partial(operation, reason=reason, words=form.words.data or ""), done, form)


def _judge(process_id: str, ref: str, operation: Callable[..., Any], done: str, form: Form | None = None) -> Answer:
    """Run one operation on a contribution of this process; what it says stands at the form."""
    process, actor, now, kinds, public = load(process_id), current_actor(), clock.now(), known_kinds(), addresses()
    _here(process, load_contribution(kinds, db.session(), ref))
    try:
        perform(lambda session: operation(session, kinds, ref, addresses=public, actor=actor, now=now))
    except Invalid as refusal:
        if form is None:
            raise
        form.refuse(refusal)
        return _case_page(process, ref, form)
    say(done)
    return see_other("moderation.queue", process_id=process_id)


@bp.post("/staff/processes/<process_id>/moderation/appeal/<path:ref>")
def decide_appeal(process_id: str, ref: str) -> Answer:
    process, actor, now, kinds, public, form = (
        load(process_id),
        current_actor(),
        clock.now(),
        known_kinds(),
        addresses(),
        AnswerAppealForm(),
    )
    if not form.validate_on_submit():
        return _case_page(process, ref, form)
    outcome, answer = AppealOutcome(form.outcome.data), form.words.data or ""

    def work(session: Session) -> None:
        case = queries.case_to_change(session, ref)
        if case is None or case.process_id != process.id:
            raise NotFound()
        operations.decide_appeal(session, kinds, case, outcome, answer=answer, addresses=public, actor=actor, now=now)

    try:
        perform(work)
    except Invalid as refusal:
        form.refuse(refusal)
        return _case_page(process, ref, form)
    say(_("The appeal is decided, and its author is told."))
    return see_other("moderation.queue", process_id=process_id)


@bp.route("/staff/processes/<process_id>/moderation/many", methods=["GET", "POST"])
def many(process_id: str) -> Answer:
    """One decision for many: first the page that shows whom it touches, then the deed."""
    process, actor, now, kinds = load(process_id), current_actor(), clock.now(), known_kinds()
    require(policies.can_read_queue(actor, process, now=now))
    refs = list(dict.fromkeys(request.values.getlist("ref")))[:MOST_AT_ONCE]
    found = load_all(kinds, db.session(), refs)
    chosen = [_here(process, found[ref]) for ref in refs if ref in found]
    if not chosen:
        raise Conflict(_("Choose at least one contribution first."))
    form = ManyForm()
    if form.validate_on_submit():
        act, public = Act(form.act.data), addresses()
        facts: dict[str, Any] = {
            "reason": Reason(form.reason.data) if form.reason.data else None,
            "words": form.words.data or "",
            "addresses": public,
        }
        try:
            made = perform(lambda s: operations.judge_many(s, kinds, refs, act, **facts, actor=actor, now=now))
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(ngettext("%(num)s contribution is decided.", "%(num)s contributions are decided.", len(made)))
            return see_other("moderation.queue", process_id=process_id)
    page = _many_page(process, chosen, form)
    return (page, 422) if form.errors or form.form_errors else page


def _many_page(process: Process, chosen: list[Contribution], form: ManyForm) -> str:
    actor, now, session = current_actor(), clock.now(), db.session()
    people = sorted({author for each in chosen for author in each.author_ids})
    return desk_page(
        "moderation/many.html",
        process,
        form=form,
        chosen=[(each, policies.can_judge(actor, each, now=now)) for each in chosen],
        people=queries.accounts_of(session, people),
        kinds=known_kinds(),
    )


def desk_page(template: str, process: Process, **facts: Any) -> str:
    """A page of the desk of one process."""
    return render_template(
        template,
        process=process,
        staff_navigation=process_desk_menu(process),
        parts=_parts(process),
        wording=wording,
        now=clock.now(),
        **facts,
    )


def _parts(process: Process) -> list[dict[str, Any]]:
    """The pages of moderation, for the line above them."""
    names = [
        (_("Queue"), "moderation.queue"),
        (_("Unusual rates"), "moderation.bursts"),
        (_("Blocks"), "moderation.blocks"),
        (_("Rules of moderation"), "moderation.rules"),
        (_("What the public reads"), "moderation.policy"),
    ]
    found = [(label, url_for(endpoint, process_id=process.public_id)) for label, endpoint in names]
    return [{"label": label, "url": url, "current": request.path == url} for label, url in found]
