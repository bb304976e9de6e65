"""Pointing something out, and the page on which an author reads what was decided."""

from __future__ import annotations

from flask import redirect, render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.web import current_actor, limiter, say
from .. import operations, policies, queries, wording
from ..forms import FlagForm
from ..kinds import known_kinds, load_contribution
from ..models import Reason
from ..screening import TooMany
from .blueprint import Answer, bp, load, network


@bp.route("/report/<path:ref>", methods=["GET", "POST"])
@limiter.limit("20 per minute", methods=["POST"])
def flag(ref: str) -> Answer:
    """Point out a contribution to the moderators."""
    actor, now, kinds = current_actor(), clock.now(), known_kinds()
    contribution = load_contribution(kinds, db.session(), ref)
    require(policies.can_flag(actor, contribution, now=now))
    form = FlagForm()
    if form.validate_on_submit():
        reason, words, sketch = Reason(form.reason.data), form.words.data, network(now)

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
        process=contribution.process,
        contribution=contribution,
        kind=kinds[contribution.kind],
        form=form,
        again=again,
    )
    return (page, 422) if form.errors or form.form_errors else page


@bp.get("/p/<process_id>/moderation/case/<case_id>")
def own(process_id: str, case_id: str) -> Answer:
    """What was decided about one's own contribution: its text, the reason, the way to appeal."""
    process, actor, now, session, kinds = load(process_id), current_actor(), clock.now(), db.session(), known_kinds()
    case = queries.get_case(session, process, case_id)
    contribution = load_contribution(kinds, session, case.ref)
    require(policies.can_see_own(actor, contribution, now=now))
    return render_template(
        "moderation/own.html",
        process=process,
        case=case,
        contribution=contribution,
        kind=kinds[contribution.kind],
        decisions=queries.decisions_of(session, case),
        wording=wording,
    )
