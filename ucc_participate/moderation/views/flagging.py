"""Pointing something out, and the page on which an author reads what was decided."""

from __future__ import annotations

from flask import redirect, render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.web import current_actor, limiter, say, see_other
from ...processes.queries import get_process
from .. import operations, policies, queries, wording
from ..forms import AppealForm, FlagForm
from ..kinds import known_kinds, load_contribution
from ..models import Reason
from ..networks import sender
from ..screening import TooMany
from .blueprint import Answer, bp, load


@bp.route("/report/<path:ref>", methods=["GET", "POST"])
@limiter.limit("20 per minute", methods=["POST"])
def flag(ref: str) -> Answer:
    """Point out a contribution to the moderators."""
    actor, now, kinds = current_actor(), clock.now(), known_kinds()
    contribution = load_contribution(kinds, db.session(), ref)
    require(policies.can_flag(actor, contribution, now=now))
    form = FlagForm()
    if form.validate_on_submit():
        reason, words, sketch = Reason(form.reason.data), form.words.data, sender(now)

        def work(session: Session) -> None:
            operations.flag_contribution(
                session, kinds, ref, reason=reason, words=words, network=sketch, actor=actor, now=now
            )

        try:
            perform(work)
        except (Invalid, TooMany) as refusal:
            form.refuse(refusal if isinstance(refusal, Invalid) else Invalid(refusal.reason))
        else:
            say(_("Thank you. A moderator will read it. Until then it stays as it is."))
            return redirect(contribution.address, 303)
    known = queries.case_of(db.session(), ref)
    again = known is not None and queries.flag_of(db.session(), known, actor) is not None
    page = render_template(
        "moderation/flag.html",
        process=load(contribution.process.public_id),
        contribution=contribution,
        kind=kinds[contribution.kind],
        form=form,
        again=again,
        may_judge=bool(policies.can_judge(actor, contribution, now=now)),
    )
    return (page, 422) if form.errors or form.form_errors else page


@bp.route("/p/<process_id>/moderation/case/<case_id>", methods=["GET", "POST"])
def own(process_id: str, case_id: str) -> Answer:
    """What was decided about one's own contribution: its text, the reason, the way to appeal."""
    process, actor, now, session, kinds = load(process_id), current_actor(), clock.now(), db.session(), known_kinds()
    case = queries.get_case(session, process, case_id)
    contribution = load_contribution(kinds, session, case.ref)
    require(policies.can_see_own(actor, contribution, now=now))
    decisions = queries.decisions_of(session, case)
    appeals, last = queries.appeals_of(session, decisions), decisions[0] if decisions else None
    form = AppealForm()
    if last is not None and form.validate_on_submit():
        try:
            _appeal(process_id, case_id, last.public_id, form.words.data or "")
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(_("Your appeal is on its way to another moderator. You get a mail when it is decided."))
            return see_other("moderation.own", process_id=process_id, case_id=case_id)
    may = last and policies.can_appeal(actor, contribution, last, appeals.get(last.id), now=now)
    page = render_template(
        "moderation/own.html",
        process=process,
        case=case,
        contribution=contribution,
        kind=kinds[contribution.kind],
        decisions=decisions,
        appeals=appeals,
        form=form if may else None,
        wording=wording,
    )
    return (page, 422) if form.errors or form.form_errors else page


def _appeal(process_id: str, case_id: str, decision_id: str, words: str) -> None:
    actor, now, kinds = current_actor(), clock.now(), known_kinds()

    def work(session: Session) -> None:
        case = queries.get_case(session, get_process(session, process_id, actor=actor), case_id)
        decision = queries.get_decision(session, case, decision_id)
        operations.appeal(session, kinds, case, decision, words=words, actor=actor, now=now)

    perform(work)
