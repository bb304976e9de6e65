"""Indicators of an initiative at the desk: adding one, putting it right, taking it out."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...kernel.errors import Invalid, NotFound
from ...kernel.identity import Actor
from ...kernel.web import say, see_other
from ...processes.frame import process_desk_menu
from ...processes.models import Process
from .. import operations, wording
from ..forms import IndicatorForm
from ..models import Frequency, Indicator, Initiative
from ..parts import Overtaken, mark_of
from .blueprint import Answer, bp, change_initiative, initiative_to_edit, process_at_desk


@bp.route("/staff/processes/<process_id>/plan/initiatives/<public_id>/indicators/new", methods=["GET", "POST"])
def new_indicator(process_id: str, public_id: str) -> Answer:
    process = process_at_desk(process_id)
    initiative = initiative_to_edit(process, public_id)
    form = IndicatorForm(data={"frequency": Frequency.YEARLY, "responsible": initiative.owner})
    if form.validate_on_submit():
        try:
            change_initiative(process_id, public_id, operations.add_indicator, form.told(), once=True)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(_("The indicator is added."))
            return _back(process_id, public_id)
    return _page(form, process, initiative, None)


@bp.route(
    "/staff/processes/<process_id>/plan/initiatives/<public_id>/indicators/<indicator_id>", methods=["GET", "POST"]
)
def edit_indicator(process_id: str, public_id: str, indicator_id: str) -> Answer:
    process = process_at_desk(process_id)
    initiative = initiative_to_edit(process, public_id)
    indicator = _find(initiative, indicator_id)
    mark = mark_of(indicator.public_payload())
    form = IndicatorForm(data=IndicatorForm.typed(indicator) | {"seen": mark})
    if not form.validate_on_submit():
        return _page(form, process, initiative, indicator)

    def revise(session: Session, found: Initiative, **by: Any) -> None:
        one = _find(found, indicator_id)
        operations.revise_indicator(session, found, one, form.told(), seen=form.seen.data or "", **by)

    try:
        change_initiative(process_id, public_id, revise)
    except Overtaken as refusal:
        form.refuse(Invalid(refusal.reason))
        form.seen.data = mark
        return _page(form, process, initiative, indicator, status=409)
    except Invalid as refusal:
        form.refuse(refusal)
        return _page(form, process, initiative, indicator)
    say(_("The indicator is changed."))
    return _back(process_id, public_id)


@bp.post("/staff/processes/<process_id>/plan/initiatives/<public_id>/indicators/<indicator_id>/remove")
def remove_indicator(process_id: str, public_id: str, indicator_id: str) -> Answer:
    process_at_desk(process_id)

    def remove(session: Session, found: Initiative, *, actor: Actor, now: Any) -> None:
        operations.remove_indicator(session, found, _find(found, indicator_id), actor=actor, now=now)

    change_initiative(process_id, public_id, remove)
    say(_("The indicator is taken out."))
    return _back(process_id, public_id)


def _find(initiative: Initiative, public_id: str) -> Indicator:
    found = next((each for each in initiative.indicators if each.public_id == public_id), None)
    if found is None:
        raise NotFound()
    return found


def _back(process_id: str, public_id: str) -> Answer:
    return see_other("plan.initiative_desk", process_id=process_id, public_id=public_id, _anchor="indicators")


def _page(
    form: IndicatorForm, process: Process, initiative: Initiative, indicator: Indicator | None, *, status: int = 422
) -> Answer:
    page = render_template(
        "plan/indicator.html",
        form=form,
        process=process,
        plan=initiative.plan,
        initiative=initiative,
        indicator=indicator,
        is_overtaken=status == 409,
        staff_navigation=process_desk_menu(process),
        wording=wording,
    )
    return page, status if form.error_list else 200
