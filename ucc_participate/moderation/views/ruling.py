"""The rules of moderation: what a coordinator sets, and what everybody reads of them and of what was done."""

from __future__ import annotations

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.web import current_actor, public, say, see_other
from ...processes.queries import process_to_change
from .. import operations, policies, queries, wording
from ..figures import figures_of
from ..forms import RulesForm
from ..kinds import known_kinds
from .blueprint import Answer, bp, load
from .desk import desk_page


@bp.route("/staff/processes/<process_id>/moderation/rules", methods=["GET", "POST"])
def rules(process_id: str) -> Answer:
    process, actor, now = load(process_id), current_actor(), clock.now()
    require(policies.can_read_queue(actor, process, now=now))
    kept = queries.rules_of(db.session(), process)
    form = RulesForm()
    if form.is_submitted() and form.validate():
        wanted = form.rules

        def work(session: Session) -> None:
            here = process_to_change(session, process_id, actor=actor)
            operations.set_rules(session, here, wanted, actor=actor, now=now)

        try:
            perform(work)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(_("The rules hold from now on. The log says so, and everybody can read them."))
            return see_other("moderation.rules", process_id=process_id)
    elif not form.is_submitted():
        form = RulesForm.of(kept)
    may_set = bool(policies.can_set_rules(actor, process, now=now))
    page = desk_page("moderation/rules.html", process, form=form, rules=kept, may_set=may_set)
    return (page, 422) if form.errors or form.form_errors else page


@bp.get("/p/<process_id>/moderation")
@public
def policy(process_id: str) -> Answer:
    """What the city says of its moderation, the rules in words, and what was done: numbers without names or texts."""
    process, actor, now, session = load(process_id), current_actor(), clock.now(), db.session()
    total, holding = queries.count_blocks(session, process, now=now)
    return render_template(
        "moderation/policy.html",
        process=process,
        rules=queries.rules_of(session, process),
        figures=figures_of(queries.acts(session, process)),
        appeals=queries.count_appeals(session, process),
        waiting=queries.count_waiting(session, process),
        blocks=total,
        holding=holding,
        own_block=queries.block_of(session, process, actor.account_id, now=now),
        may_read_queue=bool(policies.can_read_queue(actor, process, now=now)),
        kinds=known_kinds(),
        wording=wording,
    )
