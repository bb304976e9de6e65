"""What authors do: write, keep drafts, send, take back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
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
from ...moderation.networks import sender
from ...moderation.screening import Blocked, TooMany
from ...processes.frame import phases_of
from ...processes.models import Process
from ...processes.queries import process_to_change
from ...stakeholders.queries import get_organisations
from .. import operations, policies, queries, similar, wording
from ..forms import ProposalForm, form_for, typed_answers, typed_before
from ..models import Proposal
from ..similar import Near
from ..versioning import Overtaken
from .blueprint import Answer, bp, change, load, load_process, settings
from .overtaken import side_by_side
from .places import district_names

SENDING_LIMIT = "60 per hour"
FIRST_STAMP = "1"
"""What a draft's first text is called: a form that has made a draft is older than what was saved there since."""


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
    form = form_with(process, draft)
    if "go_on" in request.form or not form.validate_on_submit():
        return _page(form, process, draft, status=422 if form.errors else 200)
    if form.is_sent and (near := _unseen(form, process, draft)):
        return _page(form, process, draft, status=200, near=near)
    try:
        made = perform(_sending(form, process, draft) if form.is_sent else keeping(form, process, draft))
    except Overtaken as refusal:
        return side_by_side(form, process, draft, refusal.newest)
    except (Blocked, Conflict, Invalid, TooMany) as refusal:
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


def form_with(process: Process, draft: Proposal | None) -> ProposalForm:
    """A new one, or one that goes on with a draft; a co-author cannot change who proposes."""
    fields = queries.fields_of(db.session(), process)
    typed: dict[str, Any] = {"based_on": FIRST_STAMP}
    if draft is not None:
        typed = {
            **typed_before(draft),
            **typed_answers(fields, draft.fields or {}),
            "based_on": str(draft.text_version),
        }
    form = form_for(fields)(data=typed)
    form.offer_particulars(district_names(), offered(db.session(), process))
    actor = current_actor()
    if draft is not None and not policies.is_first_author(actor, draft):
        del form.author
    else:
        form.offer_authors(actor.name or "", get_organisations(db.session(), sorted(actor.delegations)))
    form.is_sent = "send" in request.form
    return form


def _sending(form: ProposalForm, process: Process, draft: Proposal | None) -> Callable[[Session], Proposal]:
    """The unit of work behind "send": for a draft that is already there, or for a form without one."""
    actor, now, content = current_actor(), clock.now(), form.content()
    facts: dict[str, Any] = {"currency": settings().currency, "key": form.idempotency_key.data, "based_on": form.stamp}
    facts["network"] = sender(now)

    def work(session: Session) -> Proposal:
        here = process_to_change(session, process.public_id, actor=actor)
        found = _again(session, here, draft, actor, now)
        return operations.submit_proposal(session, here, content, draft=found, actor=actor, now=now, **facts)

    return work


def keeping(form: ProposalForm, process: Process, draft: Proposal | None) -> Callable[[Session], Proposal]:
    """The unit of work behind "keep as a draft"."""
    actor, now, content = current_actor(), clock.now(), form.content()
    facts: dict[str, Any] = {"currency": settings().currency, "key": form.idempotency_key.data, "based_on": form.stamp}

    def work(session: Session) -> Proposal:
        here = process_to_change(session, process.public_id, actor=actor)
        found = _again(session, here, draft, actor, now)
        if found is None:
            return operations.draft_proposal(session, here, content, actor=actor, now=now, **facts)
        operations.revise_draft(session, found, content, actor=actor, now=now, based_on=form.stamp)
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
    if made.is_concealed:
        say(_("Your proposal has been sent. A moderator reads it before others do; you get a mail."))
        return see_other("proposals.show", process_id=process_id, public_id=made.public_id)
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
        asked=queries.list_asked(db.session(), current_actor()),
        along=queries.list_written_along(db.session(), current_actor()),
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
