"""The public register of stakeholders, and the desk at which staff keeps it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ..accounts.looks import shows
from ..accounts.queries import account_by_email
from ..accounts.references import Page
from ..kernel import clock
from ..kernel.db import db, perform
from ..kernel.decision import require
from ..kernel.errors import Invalid
from ..kernel.web import can, current_actor, decide, public, say, see_other
from ..vocabularies.uccn import CREATIVE_FIELDS, SECTORS, SUBTYPES
from . import operations, queries
from .forms import DelegateForm, OrganisationForm, RegisterSearch
from .models import Organisation
from .operations import OrganisationDetails
from .queries import RegisterFilter
from .setup import site_day

bp = Blueprint("stakeholders", __name__)
KINDS = {kind: label for kinds in SUBTYPES.values() for kind, label in kinds.items()}
LABELS = {"sectors": SECTORS, "fields": CREATIVE_FIELDS, "kinds": KINDS}
Answer = str | Response | tuple[str, int]


@bp.get("/stakeholders")
@public
def index() -> str:
    search = RegisterSearch(request.args)
    wanted = RegisterFilter(**search.wanted())
    page = queries.list_organisations(db.session(), wanted, after=request.args.get("after"))
    counts = queries.count_organisations(db.session())
    return render_template(
        "stakeholders/index.html",
        page=page,
        counts=counts,
        search=search,
        asked=search.asked(),
        labels=LABELS,
        organisations=Organisation,
    )


@bp.get("/stakeholders/<public_id>")
@public
def show(public_id: str) -> str:
    organisation = queries.get_organisation(db.session(), public_id)
    shown = [panel(organisation) for panel in current_app.extensions["ucc.organisation_panels"]]
    delegates = []
    if can("see_contact", organisation):
        shows(organisation.ref, Page.CONTACT)
        delegates = queries.list_delegates(db.session(), organisation)
    return render_template(
        "stakeholders/show.html",
        organisation=organisation,
        panels=[panel for panel in shown if panel is not None],
        delegates=delegates,
        now=clock.now(),
        labels=LABELS,
    )


@bp.route("/staff/stakeholders/new", methods=["GET", "POST"])
def register() -> Answer:
    require(decide("register", Organisation))
    form = OrganisationForm()
    similar = _similar(form)
    if form.validate_on_submit() and (not similar or form.is_another.data):
        details, actor, now = OrganisationDetails(**form.details()), current_actor(), clock.now()
        made = perform(lambda session: operations.register_organisation(session, details, actor=actor, now=now))
        say(_("The organisation is in the register. Everybody can see it."))
        return see_other("stakeholders.show", public_id=made.public_id)
    return _form_page(form, None, similar)


def _similar(form: OrganisationForm, *, besides: str | None = None) -> list[Organisation]:
    """Entries that the typed name may double, once something has been typed."""
    if not form.is_submitted():
        return []
    return queries.similar_organisations(db.session(), form.name.data or "", besides=besides)


def _form_page(form: OrganisationForm, organisation: Organisation | None, similar: list[Organisation]) -> Answer:
    page = render_template(
        "stakeholders/edit.html", form=form, organisation=organisation, similar=similar, labels=LABELS
    )
    return (page, 422) if form.errors or similar else page


@bp.route("/staff/stakeholders/<public_id>/edit", methods=["GET", "POST"])
def edit(public_id: str) -> Answer:
    organisation = queries.get_organisation(db.session(), public_id)
    require(decide("revise", organisation))
    form = OrganisationForm(obj=organisation)
    renamed = form.name.data != organisation.name
    similar = _similar(form, besides=public_id) if renamed else []
    if form.validate_on_submit() and (not similar or form.is_another.data):
        perform(_revising(public_id, OrganisationDetails(**form.details())))
        say(_("The entry is revised. The log keeps what it said before."))
        return see_other("stakeholders.show", public_id=public_id)
    shows(organisation.ref, Page.CONTACT)
    return _form_page(form, organisation, similar)


def _revising(public_id: str, details: OrganisationDetails) -> Any:
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> None:
        found = queries.organisation_to_change(session, public_id)
        operations.revise_organisation(session, found, details, actor=actor, now=now)

    return work


@bp.route("/staff/stakeholders/<public_id>/delegates", methods=["GET", "POST"])
def delegates(public_id: str) -> Answer:
    organisation = queries.get_organisation(db.session(), public_id)
    require(decide("grant", organisation))
    form = DelegateForm(starts_on=site_day(clock.now()))
    if form.validate_on_submit() and _granted(public_id, form):
        say(_("They can act for this organisation from the first day of the mandate on."))
        return see_other("stakeholders.delegates", public_id=public_id)
    shows(organisation.ref, Page.CONTACT)
    given = queries.list_delegates(db.session(), organisation)
    page = render_template(
        "stakeholders/delegates.html", organisation=organisation, form=form, delegates=given, now=clock.now()
    )
    return (page, 422) if form.errors or form.form_errors else page


def _granted(public_id: str, form: DelegateForm) -> bool:
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> None:
        organisation = queries.organisation_to_change(session, public_id)
        account = account_by_email(session, form.email.data or "")
        terms = {name: form[name].data for name in ("mandate", "starts_on", "ends_on")}
        operations.grant_delegate(session, organisation, account, **terms, actor=actor, now=now)

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
