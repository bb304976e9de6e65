"""What is taken: bringing a signed file, looking at it, using it."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.errors import Conflict, Invalid, NotFound
from ...kernel.web import current_actor, say, see_other
from ...plan.queries import initiatives_of, plan_of, plan_to_change
from ...processes.models import Process
from ...processes.queries import process_to_change
from .. import operations, queries, wording
from ..bundle import open_share
from ..forms import BeginForm, ReceiveForm, TakeIndicatorForm
from ..models import Share
from .blueprint import Answer, bp, desk_page, initiative_names, process_at_desk


@bp.route("/staff/processes/<process_id>/sharing/receive", methods=["GET", "POST"])
def receive(process_id: str) -> Answer:
    """A file of a city that is new here is shown with its key first; it is brought again to confirm."""
    process, form = process_at_desk(process_id), ReceiveForm()
    if not form.validate_on_submit():
        return _bring(form, process, status=422 if form.errors else 200)
    actor, now, data, has_compared = current_actor(), clock.now(), form.file.data, bool(form.has_compared.data)

    def work(session: Session) -> str:
        here = process_to_change(session, process_id, actor=actor)
        return operations.receive_share(session, here, data, has_compared=has_compared, actor=actor, now=now).public_id

    try:
        public_id = perform(work)
    except (Conflict, Invalid) as refusal:
        form.refuse(refusal if isinstance(refusal, Invalid) else Invalid(refusal.reason, field="file"))
        return _bring(form, process, status=refusal.status, data=data)
    say(_("The file is taken in. Choose what you want to use."))
    return see_other("sharing.received", process_id=process_id, public_id=public_id)


@bp.get("/staff/processes/<process_id>/sharing/received/<public_id>")
def received(process_id: str, public_id: str) -> Answer:
    process = process_at_desk(process_id)
    return _content(process, queries.get_share(db.session(), process, public_id), BeginForm(), status=200)


@bp.post("/staff/processes/<process_id>/sharing/received/<public_id>/process")
def take_process(process_id: str, public_id: str) -> Answer:
    process, form = process_at_desk(process_id), BeginForm()
    share = queries.get_share(db.session(), process, public_id)
    if not form.validate_on_submit():
        return _content(process, share, form, status=422)
    actor, now, begins_on = current_actor(), clock.now(), form.begins_on.data

    def work(session: Session) -> str:
        here = process_to_change(session, process_id, actor=actor)
        found = queries.get_share(session, here, public_id, for_update=True)
        return operations.take_process(session, found, begins_on=begins_on, actor=actor, now=now).public_id

    made = perform(work)
    say(_("A process was drafted after the pattern of the other city. Go through its texts before you publish it."))
    return see_other("processes.edit", public_id=made)


@bp.post("/staff/processes/<process_id>/sharing/received/<public_id>/indicators/<int:number>")
def take_indicator(process_id: str, public_id: str, number: int) -> Answer:
    process, form = process_at_desk(process_id), TakeIndicatorForm()
    form.initiative.choices = list(initiative_names(process).items())
    share = queries.get_share(db.session(), process, public_id)
    if not form.validate_on_submit():
        return _content(process, share, BeginForm(formdata=None), status=422)
    actor, now, chosen = current_actor(), clock.now(), form.initiative.data

    def work(session: Session) -> None:
        here = process_to_change(session, process_id, actor=actor)
        found = queries.get_share(session, here, public_id, for_update=True)
        plan = plan_to_change(session, here)
        initiative = next((each for each in initiatives_of(session, plan) if each.id == chosen), None)
        if initiative is None:
            raise NotFound()
        operations.take_indicator(session, found, number, initiative, actor=actor, now=now)

    perform(work)
    say(_("The indicator is in the initiative. Write its baseline and its target."))
    return see_other("sharing.received", process_id=process_id, public_id=public_id)


def _bring(form: ReceiveForm, process: Process, *, status: int, data: bytes | None = None) -> Answer:
    """With what the file says of itself, where it can be read: city, origin and key to compare."""
    seen = None
    try:
        seen = open_share(data) if data is not None else None
    except Invalid:
        seen = None
    known = queries.origin_of(db.session(), seen.origin) if seen is not None else None
    return desk_page("sharing/receive.html", process, form=form, seen=seen, known=known), status


def _content(process: Process, share: Share, begin: BeginForm, *, status: int) -> Answer:
    take = TakeIndicatorForm(formdata=None)
    take.initiative.choices = list(initiative_names(process).items())
    plan = plan_of(db.session(), process)
    return desk_page(
        "sharing/received.html",
        process,
        share=share,
        begin=begin,
        take=take,
        may_take=bool(take.initiative.choices) and plan is not None and not plan.is_frozen,
        wording=wording,
    ), status
