"""What authors do: write, keep drafts, send, take back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from babel.numbers import get_currency_name
from flask import make_response, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ...inventory.queries import offered
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.i18n import reader
from ...kernel.identity import Actor
from ...kernel.web import current_actor, decide, limiter, say, see_other
from ...processes.frame import phases_of
from ...processes.models import Process
from ...processes.queries import process_to_change
from ...stakeholders.queries import get_organisations
from .. import operations, policies, queries, similar, wording
from ..forms import ProposalForm, form_for, typed_answers, typed_before
from ..models import Proposal
from ..similar import Near
from .blueprint import Answer, bp, change, load, load_process, settings
from .places import district_names

SENDING_LIMIT = "60 per hour"
LONGEST_FORM = 8_000_000
"""Bytes of a form of proposals: a far too long paste comes back to its author with a clear word and is not lost."""
SCRIPT = hashlib.sha256((Path(__file__).parents[2] / "static/js/writing.js").read_bytes()).hexdigest()[:10]
"""The version in the address of the script, which browsers keep for a year."""


@bp.url_value_preprocessor
def _take_long_forms(endpoint: str | None, _values: Any) -> None:
    if endpoint in ("proposals.new", "proposals.edit"):
        request.max_form_memory_size = LONGEST_FORM


@bp.route("/p/<process_id>/proposals/new", methods=["GET", "POST"])
@limiter.limit(SENDING_LIMIT, methods=["POST"])
def new(process_id: str) -> Answer:
    process = load_process(process_id)
    if request.method == "GET":
        require(policies.can_draft(current_actor(), process, now=clock.now()))
    return _write(process, None)


@bp.route("/p/<process_id>/proposals/<public_id>/edit", methods=["GET", "POST"])
@limiter.limit(SENDING_LIMIT, methods=["POST"])
def edit(process_id: str, public_id: str) -> Answer:
    process, draft = load(process_id, public_id)
    if not draft.is_draft and request.method == "POST":
        return _next(process_id, draft)
    require(decide("edit", draft))
    return _write(process, draft)


def _write(process: Process, draft: Proposal | None) -> Answer:
    form = _form(process, draft)
    if not form.validate_on_submit():
        return _page(form, process, draft, status=422 if form.errors else 200)
    if form.is_sent and (near := _unseen(form, process, draft)):
        return _page(form, process, draft, status=200, near=near)
    try:
        made = perform(_sending(form, process, draft) if form.is_sent else _keeping(form, process, draft))
    except (Conflict, Invalid) as refusal:
        form.refuse(refusal if isinstance(refusal, Invalid) else Invalid(refusal.reason))
        return _page(form, process, draft, status=refusal.status)
    return _next(process.public_id, made)


def _unseen(form: ProposalForm, process: Process, draft: Proposal | None) -> list[Near]:
    """What looks like this text, unless its author has been shown what does."""
    if request.form.get("seen") or not policies.can_submit(current_actor(), process, now=clock.now()):
        return []
    if queries.is_sent_already(db.session(), form.idempotency_key.data, current_actor().account_id):
        return []
    besides = draft.id if draft is not None else None
    return similar.nearest(db.session(), process, form.title.data or "", form.summary.data or "", besides=besides)


def _form(process: Process, draft: Proposal | None) -> ProposalForm:
    fields = queries.fields_of(db.session(), process)
    typed = {**typed_before(draft), **typed_answers(fields, draft.fields or {})} if draft is not None else None
    form = form_for(fields)(data=typed)
    form.offer_particulars(district_names(), offered(db.session(), process))
    actor = current_actor()
    form.offer_authors(actor.name or "", get_organisations(db.session(), sorted(actor.delegations)))
    form.is_sent = "send" in request.form
    return form


def _sending(form: ProposalForm, process: Process, draft: Proposal | None) -> Callable[[Session], Proposal]:
    """The unit of work behind "send": for a draft that is already there, or for a form without one."""
    actor, now, content = current_actor(), clock.now(), form.content()
    facts: dict[str, Any] = {"currency": settings().currency, "key": form.idempotency_key.data}

    def work(session: Session) -> Proposal:
        here = process_to_change(session, process.public_id, actor=actor)
        found = _again(session, here, draft, actor, now)
        return operations.submit_proposal(session, here, content, draft=found, actor=actor, now=now, **facts)

    return work


def _keeping(form: ProposalForm, process: Process, draft: Proposal | None) -> Callable[[Session], Proposal]:
    """The unit of work behind "keep as a draft"."""
    actor, now, content = current_actor(), clock.now(), form.content()
    facts: dict[str, Any] = {"currency": settings().currency, "key": form.idempotency_key.data}

    def work(session: Session) -> Proposal:
        here = process_to_change(session, process.public_id, actor=actor)
        found = _again(session, here, draft, actor, now)
        if found is None:
            return operations.draft_proposal(session, here, content, actor=actor, now=now, **facts)
        operations.revise_draft(session, found, content, actor=actor, now=now)
        return found

    return work


def _again(session: Session, process: Process, draft: Proposal | None, actor: Actor, now: datetime) -> Proposal | None:
    """The draft as it is now, locked."""
    if draft is None:
        return None
    return queries.proposal_to_change(session, process, draft.public_id, actor=actor, now=now)


def _next(process_id: str, made: Proposal) -> Response:
    if made.is_draft and "files" in request.form:
        return see_other("proposals.files", process_id=process_id, public_id=made.public_id)
    if made.is_draft:
        say(_("Your draft is kept. Nobody else can see it. Send it when it is ready."))
        return see_other("proposals.edit", process_id=process_id, public_id=made.public_id)
    say(_("Your proposal has been sent. You find your receipt below; the city answers every proposal."))
    return see_other("proposals.show", process_id=process_id, public_id=made.public_id)


def _page(
    form: ProposalForm, process: Process, draft: Proposal | None, *, status: int, near: list[Near] | None = None
) -> Answer:
    may_send = policies.can_submit(current_actor(), process, now=clock.now())
    page = render_template(
        "proposals/edit.html",
        form=form,
        process=process,
        phases=phases_of(process),
        draft=draft,
        may_send=may_send,
        near=near or [],
        wording=wording,
        script=SCRIPT,
        currency_name=get_currency_name(settings().currency, locale=reader().locale),
    )
    response = make_response(page, status)
    response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(self)"
    return response


@bp.get("/my/proposals")
def drafts() -> str:
    """Everything that the signed-in person has written, in every process."""
    own = queries.list_own(db.session(), current_actor())
    return render_template(
        "proposals/drafts.html",
        drafts=[proposal for proposal in own if proposal.is_draft],
        sent=[proposal for proposal in own if not proposal.is_draft],
        wording=wording,
    )


@bp.route("/p/<process_id>/proposals/<public_id>/discard", methods=["GET", "POST"])
def discard(process_id: str, public_id: str) -> Answer:
    process, draft = load(process_id, public_id)
    require(decide("discard", draft))
    if request.method == "GET":
        return render_template("proposals/discard.html", process=process, phases=phases_of(process), draft=draft)
    change(process_id, public_id, operations.discard_draft)
    say(_("The draft is gone."))
    return see_other("proposals.drafts")


@bp.route("/p/<process_id>/proposals/<public_id>/withdraw", methods=["GET", "POST"])
def withdraw(process_id: str, public_id: str) -> Answer:
    process, proposal = load(process_id, public_id)
    require(decide("withdraw", proposal))
    if request.method == "GET":
        return render_template("proposals/withdraw.html", process=process, phases=phases_of(process), proposal=proposal)
    change(process_id, public_id, operations.withdraw_proposal)
    say(_("Your proposal is withdrawn."))
    return see_other("proposals.show", process_id=process_id, public_id=public_id)
