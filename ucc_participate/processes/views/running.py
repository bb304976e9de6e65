"""The deeds that change what everybody can do: publish, open, extend, close. Each has a page before it."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, render_template, request
from flask_babel import gettext as _

from ...kernel.db import db
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.web import decide, say, see_other
from ...vocabularies.uccn import SECTORS
from .. import operations, queries, wording
from ..forms import ExtensionForm, GateForm
from ..frame import process_desk_menu
from ..models import Gate, Phase, PhaseKind, Process
from ..timetable import day_ends, last_day, shifted, title_of
from .blueprint import Answer, bp, change, load


@bp.route("/staff/processes/<public_id>/publish", methods=["GET", "POST"])
def publish(public_id: str) -> Answer:
    process = load(public_id)
    require(decide("publish", process))
    if request.method == "GET":
        return _page("processes/publish.html", process)
    change(public_id, operations.publish_process)
    say(_("The process is public. Invite every sector, then open it."))
    return see_other("processes.checklist", public_id=public_id)


@bp.route("/staff/processes/<public_id>/open", methods=["GET", "POST"], endpoint="open")
def open_(public_id: str) -> Answer:
    process = load(public_id)
    require(decide("open", process))
    form = GateForm()
    if form.validate_on_submit() and _through_gates(public_id, form, operations.open_process):
        say(_("The process is open. What was promised stays as it is from now on."))
        return see_other("processes.show", public_id=public_id)
    uninvited = queries.sectors_without_invitation(db.session(), process)
    gates = {Gate.SECTOR_INVITED: uninvited} if uninvited else {}
    return _page("processes/open.html", process, form=form, gates=gates)


@bp.route("/staff/processes/<public_id>/close", methods=["GET", "POST"])
def close(public_id: str) -> Answer:
    process, session = load(public_id), db.session()
    require(decide("close", process))
    form, unanswered = GateForm(), current_app.extensions["ucc.unanswered"]
    if form.validate_on_submit() and _through_gates(public_id, form, operations.close_process, unanswered=unanswered):
        say(_("The process is closed. Its record can be exported."))
        return see_other("processes.show", public_id=public_id)
    found = {
        Gate.ALL_ANSWERED: unanswered(session, process),
        Gate.SECTOR_PARTICIPATED: queries.sectors_without_participants(session, process),
    }
    return _page("processes/close.html", process, form=form, gates={gate: what for gate, what in found.items() if what})


def _through_gates(public_id: str, form: GateForm, operation: Any, **facts: Any) -> bool:
    """Whether the operation was done; a closed gate asks for its reason in the form."""
    reasons = {gate: form[gate.value].data for gate in Gate}
    try:
        change(public_id, operation, reasons=reasons, **facts)
    except operations.GateClosed as closed:
        form.refuse(Invalid(closed.reason, field=closed.gate.value))
        return False
    return True


@bp.route("/staff/processes/<public_id>/extend/<kind>", methods=["GET", "POST"])
def extend(public_id: str, kind: str) -> Answer:
    process = load(public_id)
    phase = process.phase_of(PhaseKind(kind)) if kind in set(PhaseKind) else None
    if phase is None:
        abort(404)
    require(decide("extend", process, phase=phase))
    form = ExtensionForm()
    if not form.validate_on_submit() or not _is_later(form, phase):
        return _page("processes/extend.html", process, form=form, phase=phase, title=title_of(phase))
    ends_at = day_ends(form.ends_on.data)
    if not form.confirmed.data:
        return _preview(process, phase, form)
    change(public_id, operations.extend_phase, phase.kind, ends_at=ends_at, reason=form.reason.data)
    say(_("The phase is extended. The reason is on the page of the process."))
    return see_other("processes.show", public_id=public_id)


def _is_later(form: ExtensionForm, phase: Phase) -> bool:
    if day_ends(form.ends_on.data) > phase.ends_at:
        return True
    form.refuse(Invalid(_("A phase can be extended, never shortened. Choose a later day."), field="ends_on"))
    return False


def _preview(process: Process, phase: Phase, form: ExtensionForm) -> Answer:
    moved = shifted(process.phases, phase, day_ends(form.ends_on.data))
    moves = [(title_of(each), *moved[each.kind]) for each in process.phases if each.kind in moved]
    shown = [(title, starts_at, last_day(ends_at)) for title, starts_at, ends_at in moves]
    return _page("processes/extend_confirm.html", process, form=form, phase=phase, title=title_of(phase), moves=shown)


def _page(template: str, process: Process, **facts: Any) -> Answer:
    page = render_template(
        template,
        process=process,
        wording=wording,
        sectors=SECTORS,
        every_gate=Gate,
        last_day=last_day,
        staff_navigation=process_desk_menu(process),
        **facts,
    )
    form = facts.get("form")
    return (page, 422) if form is not None and form.error_list else page
