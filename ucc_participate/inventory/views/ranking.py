"""Which needs matter most: the published count, and saying it oneself."""

from __future__ import annotations

from flask import current_app, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.web import current_actor, limiter, public, say, see_other
from ...processes.frame import phases_of
from ...processes.models import Process
from ...processes.queries import process_to_change
from ...stakeholders.models import Organisation
from ...stakeholders.queries import get_organisations
from ...vocabularies.uccn import SECTORS
from .. import operations, policies, queries
from ..forms import RankingForm
from ..models import MOST_CHOSEN
from .blueprint import Answer, bp, load_process, offers_ranking

CHOOSING_LIMIT = "60 per hour"


@bp.get("/p/<process_id>/inventory/ranking")
@public
def ranking(process_id: str) -> str:
    process = load_process(process_id)
    return render_template(
        "inventory/ranking.html",
        process=process,
        phases=phases_of(process),
        ranks=queries.need_ranks(db.session(), process),
        may_rank=offers_ranking(process),
        smallest=current_app.extensions["ucc.settings"].smallest_group,
        sectors=SECTORS,
        most=MOST_CHOSEN,
    )


@bp.route("/p/<process_id>/inventory/choose", methods=["GET", "POST"])
@limiter.limit(CHOOSING_LIMIT, methods=["POST"])
def choose(process_id: str) -> Answer:
    """``?for=<organisation>``: what an organisation chooses, by one of its delegates."""
    process, actor = load_process(process_id), current_actor()
    whose = request.args.get("for") or None
    require(policies.can_rank(actor, process, now=clock.now(), organisation=whose))
    speaks_for = get_organisations(db.session(), sorted(actor.delegations)) if actor.delegations else []
    organisation = next((each for each in speaks_for if each.public_id == whose), None)
    form = RankingForm.of(
        queries.listed_needs(db.session(), process),
        queries.own_choice(db.session(), process, account_id=actor.account_id or 0, organisation=organisation),
    )
    if form.validate_on_submit() and _kept(process_id, form, whose):
        say(_("It is counted. You can change it as long as the process takes proposals or discusses them."))
        return see_other("inventory.ranking", process_id=process_id)
    return _page(process, form, organisation, speaks_for)


def _kept(process_id: str, form: RankingForm, whose: str | None) -> bool:
    actor, now, needs = current_actor(), clock.now(), list(form.needs.data or ())

    def work(session: Session) -> None:
        process = process_to_change(session, process_id, actor=actor)
        operations.choose_needs(session, process, needs, actor=actor, now=now, organisation=whose)

    try:
        perform(work)
    except Invalid as refusal:
        form.refuse(refusal)
        return False
    return True


def _page(
    process: Process, form: RankingForm, organisation: Organisation | None, speaks_for: list[Organisation]
) -> Answer:
    page = render_template(
        "inventory/choose.html",
        process=process,
        phases=phases_of(process),
        form=form,
        organisation=organisation,
        speaks_for=speaks_for,
        most=MOST_CHOSEN,
    )
    return page, 422 if form.error_list else 200
