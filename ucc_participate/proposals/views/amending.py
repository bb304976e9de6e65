"""Changes that others propose to a text: the list, writing one, the authors' answer."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from ...kernel import clock
from ...kernel.comparing import compare
from ...kernel.db import db
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid, NotFound
from ...kernel.visitor_cache import shared_by_visitors
from ...kernel.web import current_actor, decide, limiter, public, say, see_other
from ...moderation.networks import sender
from ...moderation.screening import Blocked, TooMany
from ...processes.frame import phases_of
from ...processes.models import Process
from .. import operations, queries, wording
from ..forms import AmendmentForm, DeclineForm
from ..models import AmendedField, Amendment, Proposal
from .blueprint import Answer, address_of, bp, change, load

AMENDING_LIMIT = "30 per hour"


@bp.get("/p/<process_id>/proposals/<public_id>/amendments")
@public
@shared_by_visitors
def amendments(process_id: str, public_id: str) -> str:
    process, proposal = load(process_id, public_id)
    found = queries.list_amendments(db.session(), proposal, actor=current_actor())
    return _render("proposals/amendments.html", process, proposal, amendments=found)


@bp.route("/p/<process_id>/proposals/<public_id>/amendments/new/<part>", methods=["GET", "POST"])
@limiter.limit(AMENDING_LIMIT, methods=["POST"])
def amend(process_id: str, public_id: str, part: str) -> Answer:
    """Propose what the summary or the long text should say instead."""
    process, proposal = load(process_id, public_id)
    require(decide("amend", proposal))
    field = next((field for field in AmendedField if field.value == part), None)
    if field is None:
        raise NotFound()
    form = _form(proposal, field)
    if form.validate_on_submit():
        facts = {"field": field, "key": form.idempotency_key.data, "shows_name": bool(form.shows_name.data)}
        made = _try(form, process_id, public_id, operations.propose_amendment, **facts)
        if isinstance(made, Amendment):
            if made.is_concealed:
                say(_("Your change is proposed. A moderator reads it before others do; you get a mail."))
            else:
                say(_("Your change is proposed. The authors are told; you get a mail when they have decided."))
            return _to(process_id, public_id, made.number)
    return _writing(form, process, proposal, field, None)


@bp.route("/p/<process_id>/proposals/<public_id>/amendments/<int:number>/renew", methods=["GET", "POST"])
@limiter.limit(AMENDING_LIMIT, methods=["POST"])
def renew(process_id: str, public_id: str, number: int) -> Answer:
    """Fit one's own to the text as it is now."""
    process, proposal, amendment = _load(process_id, public_id, number)
    require(decide("change_amendment", amendment))
    require(decide("amend", proposal))
    form = _form(proposal, amendment.field, amendment)
    if form.validate_on_submit():
        made = _try(form, process_id, public_id, operations.renew_amendment, number)
        if isinstance(made, Amendment):
            say(_("Your change fits the newest text again."))
            return _to(process_id, public_id, number)
    return _writing(form, process, proposal, amendment.field, amendment)


def _form(proposal: Proposal, field: AmendedField, amendment: Amendment | None = None) -> AmendmentForm:
    """A new one begins with the text as it is; a renewed one with what was proposed."""
    begun = amendment.new_text if amendment is not None else getattr(proposal, field.value)
    reason = amendment.reason if amendment is not None else ""
    form = AmendmentForm(data={"text": begun, "reason": reason, "based_on": str(proposal.text_version)})
    form.fit_to(field)
    if amendment is not None:
        del form.shows_name
    return form


def _try(form: AmendmentForm, process_id: str, public_id: str, operation: Any, *args: Any, **facts: Any) -> Any:
    """What was made; None when it was refused, which the form says then, going on from the newest text."""
    based_on = form.based_on.data or ""
    typed: dict[str, Any] = {"text": form.text.data, "reason": form.reason.data}
    typed["network"] = sender(clock.now())
    typed["based_on"] = int(based_on) if based_on.isascii() and based_on.isdecimal() else None
    try:
        return change(process_id, public_id, operation, *args, **typed, **facts)
    except (Blocked, Conflict, Invalid, TooMany) as refusal:
        form.refuse(refusal if isinstance(refusal, Invalid) else Invalid(refusal.reason))
        return None


def _writing(
    form: AmendmentForm, process: Process, proposal: Proposal, field: AmendedField, amendment: Amendment | None
) -> Answer:
    if form.form_errors:
        form.based_on.data = str(proposal.text_version)
    page = _render("proposals/amend.html", process, proposal, form=form, field=field, amendment=amendment)
    return page, 422 if form.errors else 200


@bp.get("/p/<process_id>/proposals/<public_id>/amendments/<int:number>")
@public
@shared_by_visitors
def amendment(process_id: str, public_id: str, number: int) -> str:
    process, proposal, found = _load(process_id, public_id, number)
    return _amendment_page(process, proposal, found, DeclineForm())


@bp.post("/p/<process_id>/proposals/<public_id>/amendments/<int:number>/accept")
def accept_amendment(process_id: str, public_id: str, number: int) -> Response:
    address = address_of(process_id, public_id)
    change(process_id, public_id, operations.accept_amendment, number, address=address)
    say(_("The change stands in the text. Whoever proposed it is named with the new version, if they want that."))
    return see_other("proposals.show", process_id=process_id, public_id=public_id)


@bp.post("/p/<process_id>/proposals/<public_id>/amendments/<int:number>/decline")
def decline_amendment(process_id: str, public_id: str, number: int) -> Answer:
    process, proposal, found = _load(process_id, public_id, number)
    require(decide("answer_amendment", proposal))
    form = DeclineForm()
    if not form.validate_on_submit():
        return _amendment_page(process, proposal, found, form), 422
    facts = {"reason": form.answer.data, "address": f"{address_of(process_id, public_id)}/amendments/{number}"}
    change(process_id, public_id, operations.decline_amendment, number, **facts)
    say(_("Declined. Your reason is public."))
    return _to(process_id, public_id, number)


@bp.post("/p/<process_id>/proposals/<public_id>/amendments/<int:number>/withdraw")
def withdraw_amendment(process_id: str, public_id: str, number: int) -> Response:
    change(process_id, public_id, operations.withdraw_amendment, number)
    say(_("Your change is withdrawn."))
    return _to(process_id, public_id, number)


def _load(process_id: str, public_id: str, number: int) -> tuple[Process, Proposal, Amendment]:
    process, proposal = load(process_id, public_id)
    found = queries.get_amendment(db.session(), proposal, number, actor=current_actor())
    return process, proposal, found


def _amendment_page(process: Process, proposal: Proposal, found: Amendment, form: DeclineForm) -> str:
    difference = compare(found.old_text, found.new_text)
    return _render("proposals/amendment.html", process, proposal, amendment=found, difference=difference, form=form)


def _to(process_id: str, public_id: str, number: int) -> Response:
    return see_other("proposals.amendment", process_id=process_id, public_id=public_id, number=number)


def _render(template: str, process: Process, proposal: Proposal, **facts: Any) -> str:
    shared = {"process": process, "phases": phases_of(process), "proposal": proposal, "wording": wording}
    return render_template(template, **shared, **facts)
