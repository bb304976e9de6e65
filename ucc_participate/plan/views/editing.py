"""An initiative at the desk: all its parts on one page, each written on a page of its own, dropped and taken back."""

from __future__ import annotations

import re
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from ...kernel import clock
from ...kernel.db import db
from ...kernel.errors import Invalid, NotFound
from ...kernel.web import current_actor, say, see_other
from ...processes.frame import process_desk_menu
from ...processes.models import Process
from ...processes.queries import list_invitations
from ...vocabularies import uccn
from .. import lineage, operations, policies, queries, wording
from ..forms import Offered, PartForm, ReasonForm, begin_part
from ..models import Initiative, Part
from ..parts import ASKED, Overtaken, lacking, mark_of, state_of
from .blueprint import Answer, bp, change_initiative, initiative_to_edit, load_initiative, process_at_desk

HOW = "how_"
ROW = re.compile(r"(?:step|organisation)(\d{1,2})(?:_|$)")


@bp.get("/staff/processes/<process_id>/plan/initiatives/<public_id>")
def initiative_desk(process_id: str, public_id: str) -> str:
    process = process_at_desk(process_id)
    initiative = load_initiative(process, public_id)
    return render_template("plan/initiative_desk.html", **_facts(process, initiative))


@bp.route("/staff/processes/<process_id>/plan/initiatives/<public_id>/<part>", methods=["GET", "POST"])
def edit(process_id: str, public_id: str, part: str) -> Answer:
    """One part. Whoever saves second sees both texts; nothing that was typed is lost."""
    process = process_at_desk(process_id)
    if part not in set(Part):
        raise NotFound()
    chosen = Part(part)
    initiative = initiative_to_edit(process, public_id)
    form = begin_part(chosen, initiative, _offered(process, chosen), rows=_rows())
    if not form.is_submitted():
        form.seen.data = mark_of(state_of(initiative, chosen))
    if not form.validate_on_submit():
        return _form_page(form, process, initiative, chosen)
    try:
        told = form.told(initiative)
        change_initiative(process_id, public_id, operations.revise_initiative, told, seen=form.seen.data or "")
    except Overtaken as refusal:
        form.refuse(Invalid(refusal.reason))
        form.take_in(initiative, request.form)
        form.seen.data = mark_of(state_of(initiative, chosen))
        return _form_page(form, process, initiative, chosen, status=409)
    except Invalid as refusal:
        form.refuse(refusal)
        return _form_page(form, process, initiative, chosen)
    say(_("Saved: %(part)s", part=wording.PARTS[chosen]))
    return _onward(process_id, public_id, chosen)


def _onward(process_id: str, public_id: str, part: Part) -> Answer:
    order = list(Part)
    place = order.index(part) + 1
    if "next" in request.form and place < len(order):
        return see_other("plan.edit", process_id=process_id, public_id=public_id, part=order[place].value)
    return see_other("plan.initiative_desk", process_id=process_id, public_id=public_id, _anchor=part.value)


def _offered(process: Process, part: Part) -> Offered:
    session = db.session()
    if part is Part.FOUNDATIONS:
        return Offered(items=queries.listed_items(session, process))
    if part is Part.BEGINNINGS:
        sent = [name.removeprefix(HOW) for name in request.form if name.startswith(HOW)]
        return Offered(proposals=list(queries.adopted_by_ids(session, process, sent).values()) if sent else ())
    if part is Part.TOGETHER:
        organisations = [each.organisation for each in list_invitations(session, process)]
        living = [each for each in organisations if not each.is_merged]
        return Offered(organisations=living, cities=queries.cities_of(session, process))
    return Offered()


def _rows() -> int:
    """How many rows the page had that was sent, so that none of them is lost."""
    numbers = [int(found[1]) for name in request.form if (found := ROW.match(name))]
    return max(numbers, default=-1) + 1


def _form_page(form: PartForm, process: Process, initiative: Initiative, part: Part, *, status: int = 422) -> Answer:
    page = render_template(
        "plan/edit.html",
        form=form,
        part=part,
        order=list(Part),
        is_overtaken=status == 409,
        **_facts(process, initiative),
    )
    return page, status if form.error_list else 200


@bp.route("/staff/processes/<process_id>/plan/initiatives/<public_id>/drop", methods=["GET", "POST"])
def drop(process_id: str, public_id: str) -> Answer:
    return _put_aside(process_id, public_id, "drop")


@bp.route("/staff/processes/<process_id>/plan/initiatives/<public_id>/restore", methods=["GET", "POST"])
def restore(process_id: str, public_id: str) -> Answer:
    return _put_aside(process_id, public_id, "restore")


def _put_aside(process_id: str, public_id: str, what: str) -> Answer:
    """Drop an initiative, or take a dropped one back; either says why."""
    process = process_at_desk(process_id)
    initiative = initiative_to_edit(process, public_id)
    if initiative.is_planned != (what == "drop"):
        raise NotFound()
    form = ReasonForm()
    if form.validate_on_submit():
        operation = operations.drop_initiative if what == "drop" else operations.restore_initiative
        try:
            change_initiative(process_id, public_id, operation, reason=form.reason.data)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            dropped, back = _("The initiative is dropped."), _("The initiative is in the plan again.")
            say(dropped if what == "drop" else back)
            return see_other("plan.desk", process_id=process_id)
    page = render_template("plan/put_aside.html", form=form, what=what, **_facts(process, initiative))
    return page, 422 if form.error_list else 200


def _facts(process: Process, initiative: Initiative) -> dict[str, Any]:
    return {
        "process": process,
        "plan": initiative.plan,
        "initiative": initiative,
        "roots": lineage.roots_of(db.session(), initiative),
        "lacks": lacking(initiative),
        "asked": ASKED,
        "parts": list(Part),
        "may_edit": policies.can_edit_plan(current_actor(), initiative.plan, now=clock.now()),
        "staff_navigation": process_desk_menu(process),
        "vocabularies": uccn,
        "wording": wording,
    }
