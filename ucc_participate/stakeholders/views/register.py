"""The public register of stakeholders, and the desk at which staff keeps it."""

from __future__ import annotations

from typing import Any

from flask import current_app, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...accounts.looks import shows
from ...accounts.queries import names_by_key
from ...accounts.references import Page
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.web import can, current_actor, decide, public, say, see_other
from .. import operations, queries
from ..forms import OrganisationForm, RegisterSearch, TagForm, tag_choices
from ..models import Organisation, Tag
from ..operations import OrganisationDetails
from ..queries import RegisterFilter
from ..wording import LABELS
from .blueprint import Answer, bp


@bp.get("/stakeholders")
@public
def index() -> str:
    tags = queries.list_tags(db.session())
    search = RegisterSearch(request.args, tags)
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
        tags=dict(tag_choices(tags)),
        organisations=Organisation,
    )


@bp.get("/stakeholders/<public_id>")
@public
def show(public_id: str) -> str:
    organisation = queries.get_organisation(db.session(), public_id)
    if organisation.is_merged:
        return _tombstone(organisation)
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
        tags=dict(tag_choices(queries.list_tags(db.session()))),
        nominations=queries.nominations_of(db.session(), organisation),
        merges=queries.merged_into(db.session(), organisation),
    )


def _tombstone(organisation: Organisation) -> str:
    """The page of an entry that was merged: it leads to the one that stands for it now."""
    merge = queries.merge_of(db.session(), organisation)
    return render_template(
        "stakeholders/merged.html",
        organisation=organisation,
        survivor=queries.living(db.session(), organisation),
        merge=merge,
        names=names_by_key(db.session(), [merge.merged_by] if merge else []),
        labels=LABELS,
    )


@bp.route("/staff/stakeholders/new", methods=["GET", "POST"])
def register() -> Answer:
    require(decide("register", Organisation))
    form = _form()
    similar = _similar(form)
    if form.validate_on_submit() and (not similar or form.is_another.data):
        details, actor, now = OrganisationDetails(**form.details()), current_actor(), clock.now()
        made = perform(lambda session: operations.register_organisation(session, details, actor=actor, now=now))
        say(_("The organisation is in the register. Everybody can see it."))
        return see_other("stakeholders.show", public_id=made.public_id)
    return _form_page(form, None, similar)


def _form(**facts: Any) -> OrganisationForm:
    form = OrganisationForm(**facts)
    form.tags.offer(tag_choices(queries.list_tags(db.session())))
    return form


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
    form = _form(obj=organisation)
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


@bp.route("/staff/stakeholders/tags", methods=["GET", "POST"])
def tags() -> Answer:
    """The words that organisations carry; coordinators add others."""
    require(decide("register", Organisation))
    form = TagForm()
    if form.validate_on_submit() and _added(form):
        say(_("The word is on the list. Organisations can carry it from now on."))
        return see_other("stakeholders.tags")
    counts = queries.count_by_tag(db.session())
    listed = queries.list_tags(db.session())
    page = render_template("stakeholders/tags.html", form=form, tags=listed, counts=counts, model=Tag, labels=LABELS)
    return (page, 422) if form.errors or form.form_errors else page


def _added(form: TagForm) -> bool:
    actor, now = current_actor(), clock.now()
    facts = {"title": form.title.data, "counts_as": form.counts_as.data}
    try:
        perform(lambda session: operations.add_tag(session, **facts, actor=actor, now=now))
    except Invalid as refusal:
        form.refuse(refusal)
        return False
    return True
