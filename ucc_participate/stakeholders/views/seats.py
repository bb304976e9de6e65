"""The desk at which staff says who speaks for an organisation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import current_app, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...accounts.looks import shows
from ...accounts.queries import account_by_email, names_by_key, own_account
from ...accounts.references import Page
from ...documents.queries import documents_by_subject
from ...documents.uploads import store_upload
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.i18n import site_day
from ...kernel.web import current_actor, decide, say, see_other
from .. import operations, queries
from ..forms import DelegateForm, QuorumForm
from ..models import Delegate, Organisation
from .blueprint import Answer, bp


@bp.route("/staff/stakeholders/<public_id>/delegates", methods=["GET", "POST"])
def delegates(public_id: str) -> Answer:
    organisation = queries.get_organisation(db.session(), public_id)
    require(decide("grant", organisation))
    form = DelegateForm(starts_on=site_day(clock.now()))
    quorum = QuorumForm(formdata=None, confirmations=organisation.ballot_confirmations)
    if form.validate_on_submit() and _granted(public_id, form):
        say(_("They can act for this organisation from the first day of the mandate on."))
        return see_other("stakeholders.delegates", public_id=public_id)
    return _delegates_page(organisation, form, quorum)


def _delegates_page(organisation: Organisation, form: DelegateForm, quorum: QuorumForm) -> Answer:
    shows(organisation.ref, Page.CONTACT)
    session, now = db.session(), clock.now()
    given = queries.list_delegates(session, organisation)
    page = render_template(
        "stakeholders/delegates.html",
        organisation=organisation,
        form=form,
        quorum=quorum,
        delegates=given,
        givers=names_by_key(session, [key for each in given for key in (each.granted_by, each.revoked_by)]),
        mandates=documents_by_subject(session, [delegate.ref for delegate in given]),
        holding=_holding(session, [organisation], now)[organisation.id],
        now=now,
    )
    return (page, 422) if form.error_list or quorum.error_list else page


@bp.post("/staff/stakeholders/<public_id>/quorum")
def set_quorum(public_id: str) -> Answer:
    organisation = queries.get_organisation(db.session(), public_id)
    require(decide("set_quorum", organisation))
    form = QuorumForm()
    if not form.validate_on_submit():
        return _delegates_page(organisation, DelegateForm(formdata=None, starts_on=site_day(clock.now())), form)
    actor, now, number = current_actor(), clock.now(), form.confirmations.data or 1

    def work(session: Session) -> None:
        found = queries.organisation_to_change(session, public_id)
        operations.set_quorum(session, found, confirmations=number, actor=actor, now=now)

    perform(work)
    say(_("It is set, for votes that open from now on."))
    return see_other("stakeholders.delegates", public_id=public_id)


@bp.get("/account/seats")
def seats() -> str:
    """For whom the reader speaks, did and will."""
    require(decide("see_seats", Delegate))
    session, now = db.session(), clock.now()
    mandates = queries.mandates_of(session, own_account(session, current_actor()))[::-1]
    return render_template(
        "stakeholders/seats.html",
        mandates=mandates,
        documents=documents_by_subject(session, [mandate.ref for mandate in mandates]),
        holding=_holding(session, [mandate.organisation for mandate in mandates], now),
        panels=[panel() for panel in current_app.extensions["ucc.seat_panels"]] if mandates else [],
        now=now,
    )


def _holding(session: Session, organisations: Iterable[Organisation], now: datetime) -> dict[int, int]:
    """How many people may act for each organisation (id) now."""
    ids = {organisation.id for organisation in organisations}
    found = queries.current_delegates(session, ids, now=now, today=site_day(now))
    return {organisation_id: len(people) for organisation_id, people in found.items()}


def _granted(public_id: str, form: DelegateForm) -> bool:
    actor, now = current_actor(), clock.now()
    document = store_upload(form.document.data) if form.document.data is not None else None

    def work(session: Session) -> None:
        organisation = queries.organisation_to_change(session, public_id)
        account = account_by_email(session, form.email.data or "")
        terms = {name: form[name].data for name in ("mandate", "starts_on", "ends_on")}
        operations.grant_delegate(session, organisation, account, **terms, document=document, actor=actor, now=now)

    try:
        perform(work)
    except Invalid as refusal:
        form.refuse(refusal)
        return False
    return True


@bp.route("/staff/stakeholders/<public_id>/delegates/<delegate_id>/revoke", methods=["GET", "POST"])
def revoke(public_id: str, delegate_id: str) -> Answer:
    organisation = queries.get_organisation(db.session(), public_id)
    require(decide("grant", organisation))
    delegate = queries.get_delegate(db.session(), organisation, delegate_id)
    if request.method == "GET":
        shows(organisation.ref, Page.CONTACT)
        return render_template("stakeholders/revoke.html", organisation=organisation, delegate=delegate)
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> None:
        found = queries.delegate_to_change(session, organisation, delegate_id)
        operations.revoke_delegate(session, organisation, found, actor=actor, now=now)

    perform(work)
    say(_("The mandate is withdrawn. What was done under it stays."))
    return see_other("stakeholders.delegates", public_id=public_id)
