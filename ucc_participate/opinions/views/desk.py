"""The city's desk: announcing maps, their first statements, what stands in them."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.web import current_actor, decide, say, see_other
from ...processes.frame import process_desk_menu
from ...processes.queries import process_to_change
from .. import operations, policies, queries, wording
from ..forms import MapForm, SeedForm, planned
from ..models import Adding, OpinionMap, Showing
from .blueprint import Answer, bp, change, load, load_process
from .reading import place_in_address


@bp.get("/staff/processes/<process_id>/opinions")
def desk(process_id: str) -> str:
    process, actor, now = load_process(process_id), current_actor(), clock.now()
    require(policies.can_see_desk(actor, process, now=now))
    maps = queries.list_maps(db.session(), process)
    return render_template(
        "opinions/desk.html",
        process=process,
        maps=maps,
        counts=queries.counts_of(db.session(), maps),
        may_announce=policies.can_announce(actor, process, now=now),
        now=now,
        staff_navigation=process_desk_menu(process),
    )


@bp.route("/staff/processes/<process_id>/opinions/new", methods=["GET", "POST"])
def announce(process_id: str) -> Answer:
    process, actor, now = load_process(process_id), current_actor(), clock.now()
    require(policies.can_announce(actor, process, now=now))
    form = MapForm(data={"adding": Adding.EVERYBODY, "showing": Showing.ANSWERED} if request.method == "GET" else None)

    def work(session: Session) -> OpinionMap:
        locked = process_to_change(session, process_id, actor=actor)
        return operations.announce_map(session, locked, form.plan(), actor=actor, now=now)

    if form.validate_on_submit():
        try:
            made = perform(work)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(_("The map is announced. Write its first statements now."))
            return see_other("opinions.map_desk", process_id=process_id, public_id=made.public_id)
    return _form_page(form, process, None)


@bp.route("/staff/processes/<process_id>/opinions/<public_id>/edit", methods=["GET", "POST"])
def edit(process_id: str, public_id: str) -> Answer:
    found = load(process_id, public_id)
    require(decide("revise", found))
    form = MapForm(data=planned(found) if request.method == "GET" else None)
    if form.validate_on_submit():
        try:
            change(process_id, public_id, operations.revise_map, form.plan())
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(_("The map is changed."))
            return see_other("opinions.map_desk", process_id=process_id, public_id=public_id)
    return _form_page(form, found.process, found)


def _form_page(form: MapForm, process: Any, found: OpinionMap | None) -> Answer:
    page = render_template(
        "opinions/edit.html", form=form, process=process, map=found, staff_navigation=process_desk_menu(process)
    )
    return page, 422 if form.errors else 200


@bp.route("/staff/processes/<process_id>/opinions/<public_id>", methods=["GET", "POST"])
def map_desk(process_id: str, public_id: str) -> Answer:
    """A map with its statements; posting adds the city's own."""
    found, actor = load(process_id, public_id), current_actor()
    require(policies.can_see_desk(actor, found.process, now=clock.now()))
    form = SeedForm()
    if form.validate_on_submit():
        try:
            facts = {"language": form.language.data}
            made = change(process_id, public_id, operations.seed_statements, form.lines(), **facts)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(ngettext("%(num)s statement was added.", "%(num)s statements were added.", len(made)))
            return see_other("opinions.map_desk", process_id=process_id, public_id=public_id)
    page = render_template(
        "opinions/map_desk.html",
        process=found.process,
        map=found,
        form=form,
        page=queries.list_statements(db.session(), found, actor=actor, after=place_in_address()),
        counts=queries.counts_of(db.session(), [found])[found.id],
        wording=wording,
        now=clock.now(),
        staff_navigation=process_desk_menu(found.process),
    )
    return page, 422 if form.errors else 200
