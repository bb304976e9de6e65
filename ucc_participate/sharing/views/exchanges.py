"""Noting exchanges with partner cities."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.errors import Invalid
from ...kernel.web import current_actor, say, see_other
from ...processes.models import Process
from ...processes.queries import process_to_change
from .. import operations, queries
from ..forms import ExchangeForm, ReasonForm
from ..models import Exchange
from .blueprint import Answer, bp, desk_page, process_at_desk


@bp.route("/staff/processes/<process_id>/sharing/exchanges/new", methods=["GET", "POST"])
def new_exchange(process_id: str) -> Answer:
    process = process_at_desk(process_id)
    form = ExchangeForm.of(None, _cities(process))
    if not form.validate_on_submit():
        return _page(form, process, None, status=422 if form.errors else 200)
    actor, now, facts = current_actor(), clock.now(), form.facts()

    def work(session: Session) -> Exchange:
        here = process_to_change(session, process_id, actor=actor)
        return operations.record_exchange(session, here, facts, actor=actor, now=now)

    try:
        perform(work)
    except Invalid as refusal:
        form.refuse(refusal)
        return _page(form, process, None, status=refusal.status)
    say(_("The exchange is noted."))
    return see_other("sharing.desk", process_id=process_id)


@bp.route("/staff/processes/<process_id>/sharing/exchanges/<public_id>", methods=["GET", "POST"])
def correct_exchange(process_id: str, public_id: str) -> Answer:
    process = process_at_desk(process_id)
    exchange = queries.get_exchange(db.session(), process, public_id)
    form = ExchangeForm.of(exchange, _cities(process))
    if not form.validate_on_submit():
        return _page(form, process, exchange, status=422 if form.errors else 200)
    actor, now, facts, reason = current_actor(), clock.now(), form.facts(), form.reason.data or ""

    def work(session: Session) -> None:
        here = process_to_change(session, process_id, actor=actor)
        found = queries.get_exchange(session, here, public_id, for_update=True)
        operations.correct_exchange(session, found, facts, reason=reason, actor=actor, now=now)

    try:
        perform(work)
    except Invalid as refusal:
        form.refuse(refusal)
        return _page(form, process, exchange, status=refusal.status)
    say(_("The note is corrected."))
    return see_other("sharing.desk", process_id=process_id)


@bp.post("/staff/processes/<process_id>/sharing/exchanges/<public_id>/void")
def void_exchange(process_id: str, public_id: str) -> Answer:
    process = process_at_desk(process_id)
    exchange, form = queries.get_exchange(db.session(), process, public_id), ReasonForm()
    if not form.validate_on_submit():
        return _page(ExchangeForm.of(exchange, _cities(process)), process, exchange, status=422, taking_back=form)
    actor, now, reason = current_actor(), clock.now(), form.reason.data or ""

    def work(session: Session) -> None:
        here = process_to_change(session, process_id, actor=actor)
        found = queries.get_exchange(session, here, public_id, for_update=True)
        operations.void_exchange(session, found, reason=reason, actor=actor, now=now)

    perform(work)
    say(_("The note is taken back and counts nowhere."))
    return see_other("sharing.desk", process_id=process_id)


def _cities(process: Process) -> dict[int, str]:
    return {city.id: city.name for city in queries.cities_of(db.session(), process)}


def _page(
    form: ExchangeForm,
    process: Process,
    exchange: Exchange | None,
    *,
    status: int,
    taking_back: ReasonForm | None = None,
) -> Answer:
    shown = taking_back or ReasonForm(formdata=None)
    return desk_page("sharing/exchange.html", process, form=form, exchange=exchange, taking_back=shown), status
