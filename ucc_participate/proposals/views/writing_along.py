"""Co-authors: asked on a page of the proposal, answering on a page of their own."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import Denied, require
from ...kernel.errors import Conflict, Invalid, NotFound
from ...kernel.i18n import reader
from ...kernel.web import current_actor, decide, limiter, say, see_other
from ...processes.frame import phases_of
from ...stakeholders.models import Organisation
from ...stakeholders.queries import registered_as
from .. import operations, policies, queries, wording
from ..forms import AcceptForm, InvitationForm
from ..models import CoAuthor, Proposal
from .blueprint import Answer, bp, change, load

INVITING_LIMIT = "30 per hour"
ANSWERING_LIMIT = "60 per hour"


@bp.route("/p/<process_id>/proposals/<public_id>/co-authors", methods=["GET", "POST"])
@limiter.limit(INVITING_LIMIT, methods=["POST"])
def co_authors(process_id: str, public_id: str) -> Answer:
    """Who writes along; asking somebody else."""
    process, proposal = load(process_id, public_id)
    if not policies.is_author(current_actor(), proposal):
        require(Denied(policies.AUTHORS_ONLY))
    form = InvitationForm()
    if form.validate_on_submit():
        try:
            change(process_id, public_id, _invite, email=form.email.data or "", name=form.organisation.data)
        except (Conflict, Invalid) as refusal:
            form.refuse(refusal if isinstance(refusal, Invalid) else Invalid(refusal.reason))
        else:
            say(_("The invitation is on its way. They write along as soon as they say yes."))
            return see_other("proposals.co_authors", process_id=process_id, public_id=public_id)
    page = render_template(
        "proposals/co_authors.html",
        form=form,
        process=process,
        phases=phases_of(process),
        proposal=proposal,
        company=queries.list_co_authors(db.session(), proposal),
        may_invite=decide("invite", proposal),
        wording=wording,
    )
    return page, 422 if form.errors else 200


def _invite(session: Session, proposal: Proposal, *, email: str, name: str, **facts: Any) -> CoAuthor:
    """One of the two; loaded with the proposal in one unit of work."""
    if bool(email) is bool(name):
        raise Invalid(_l("Write the address of a person or the name of an organisation."), field="email")
    organisation = _registered(session, name) if name else None
    who: dict[str, Any] = {"email": email or None, "organisation": organisation, "locale": reader().locale}
    return operations.invite_co_author(session, proposal, **who, **facts)


def _registered(session: Session, name: str) -> Organisation:
    found = registered_as(session, name)
    if found is None:
        raise Invalid(_l("The register has no organisation of this name."), field="organisation")
    return found


@bp.post("/p/<process_id>/proposals/<public_id>/co-authors/<code>/withdraw")
def withdraw_invitation(process_id: str, public_id: str, code: str) -> Response:
    change(process_id, public_id, operations.withdraw_invitation, code)
    say(_("The invitation is taken back. Its link opens nothing any more."))
    return see_other("proposals.co_authors", process_id=process_id, public_id=public_id)


@bp.route("/p/<process_id>/proposals/<public_id>/co-authors/leave", methods=["GET", "POST"])
def leave(process_id: str, public_id: str) -> Answer:
    process, proposal = load(process_id, public_id)
    require(decide("leave", proposal))
    if request.method == "GET":
        return render_template("proposals/leave.html", process=process, phases=phases_of(process), proposal=proposal)
    change(process_id, public_id, operations.leave_proposal)
    say(_("You are not its co-author any more."))
    return see_other("proposals.drafts")


@bp.route("/proposals/writing-along/<code>", methods=["GET", "POST"])
@limiter.limit(ANSWERING_LIMIT)
def answer_invitation(code: str) -> Answer:
    """Behind the link of the mail: what it is about, yes or no."""
    actor = current_actor()
    invitation = queries.co_author_by_code(db.session(), code)
    may = policies.can_answer_invitation(actor, invitation, now=clock.now())
    form = AcceptForm()
    if form.validate_on_submit():
        return _answered(code, form)
    if not policies.reads_text(actor, invitation.proposal):
        raise NotFound()
    is_settled = not invitation.is_open
    if not is_settled:
        require(may)
    return render_template(
        "proposals/asked.html", form=form, invitation=invitation, proposal=invitation.proposal, is_settled=is_settled
    )


def _answered(code: str, form: AcceptForm) -> Response:
    actor, now = current_actor(), clock.now()
    says_yes = "accept" in request.form

    def work(session: Session) -> tuple[str, str, bool]:
        invitation = queries.asked_to_change(session, code)
        if says_yes:
            facts = {"shows_name": bool(form.shows_name.data)}
            operations.accept_invitation(session, invitation, actor=actor, now=now, **facts)
        else:
            operations.decline_invitation(session, invitation, actor=actor, now=now)
        proposal = invitation.proposal
        return proposal.process.public_id, proposal.public_id, proposal.is_draft

    process_id, public_id, is_draft = perform(work)
    if not says_yes:
        say(_("Declined. Nobody but the author learns of it."))
        return see_other("proposals.drafts")
    say(_("You write along from now on."))
    endpoint = "proposals.edit" if is_draft else "proposals.show"
    return see_other(endpoint, process_id=process_id, public_id=public_id)
