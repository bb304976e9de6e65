"""The desk of a process before it opens: texts, timetable, documents, targets, and what is still missing."""

from __future__ import annotations

from typing import Any

from flask import current_app, render_template, request, url_for
from flask_babel import gettext as _

from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.web import current_actor, decide, say, see_other
from .. import operations, queries, wording
from ..forms import DescriptionForm, DocumentForm, TargetsForm, TimetableForm
from ..frame import process_desk_menu
from ..models import Process
from ..operations import Description, NewDocument
from ..policies import Requirement, missing_requirements
from .blueprint import Answer, bp, change, load

WHERE: dict[Requirement, tuple[str, str | None]] = {
    Requirement.TIMETABLE: ("timetable", None),
    Requirement.OPEN_TIME: ("timetable", None),
    Requirement.DOCUMENTS: ("documents", None),
    Requirement.ANSWERS_DUE: ("edit", "answers_due_on-day"),
}


@bp.get("/staff/processes")
def staff_index() -> str:
    require(decide("manage", Process))
    page = queries.list_processes(db.session(), current_actor(), after=request.args.get("after"))
    now = clock.now()
    missing = {process.public_id: len(missing_requirements(process, now)) for process in page.processes}
    return render_template("processes/staff_index.html", page=page, missing=missing, wording=wording, Process=Process)


@bp.route("/staff/processes/new", methods=["GET", "POST"])
def create() -> Answer:
    require(decide("create", Process))
    form = DescriptionForm()
    if form.validate_on_submit():
        told, actor, now = Description(**form.facts()), current_actor(), clock.now()
        made = perform(lambda session: operations.create_process(session, told, actor=actor, now=now))
        say(_("The draft is kept. Nobody but the city’s staff sees it. Next: the timetable."))
        return see_other("processes.timetable", public_id=made.public_id)
    page = render_template("processes/edit.html", form=form, process=None)
    return (page, 422) if form.errors else page


@bp.route("/staff/processes/<public_id>/edit", methods=["GET", "POST"])
def edit(public_id: str) -> Answer:
    process = load(public_id)
    require(decide("revise", process))
    form = DescriptionForm.of(process)
    if form.validate_on_submit():
        try:
            change(public_id, operations.revise_process, Description(**form.facts()))
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(_("The texts are kept."))
            return see_other("processes.checklist", public_id=public_id)
    return _desk_page("processes/edit.html", process, form)


@bp.route("/staff/processes/<public_id>/timetable", methods=["GET", "POST"])
def timetable(public_id: str) -> Answer:
    process = load(public_id)
    require(decide("revise", process))
    form = TimetableForm.of(process)
    if form.validate_on_submit():
        try:
            change(public_id, operations.schedule_phases, form.plans())
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(_("The timetable is kept."))
            return see_other("processes.checklist", public_id=public_id)
    return _desk_page("processes/timetable.html", process, form)


@bp.route("/staff/processes/<public_id>/documents", methods=["GET", "POST"])
def documents(public_id: str) -> Answer:
    process = load(public_id)
    require(decide("add_document", process))
    form = DocumentForm()
    if form.validate_on_submit():
        change(public_id, operations.add_document, _stored(form))
        say(_("The document is there. Its fingerprint is in the log, so that nobody can exchange it unseen."))
        return see_other("processes.documents", public_id=public_id)
    return _desk_page("processes/documents.html", process, form)


def _stored(form: DocumentForm) -> NewDocument:
    upload = form.file.data
    stored_name = current_app.extensions["ucc.store"].put(upload)
    return NewDocument(
        title=form.title.data or "",
        stored_name=stored_name,
        media_type=upload.kind.mime_type,
        sha256=upload.sha256,
        size=upload.size,
    )


@bp.route("/staff/processes/<public_id>/documents/<document_id>/remove", methods=["GET", "POST"])
def remove_document(public_id: str, document_id: str) -> Answer:
    process = load(public_id)
    require(decide("remove_document", process))
    found = queries.get_document(process, document_id)
    if request.method == "GET":
        menu = process_desk_menu(process)
        return render_template("processes/remove_document.html", process=process, document=found, staff_navigation=menu)
    change(public_id, operations.remove_document, document_id)
    say(_("The document is removed from the draft."))
    return see_other("processes.documents", public_id=public_id)


@bp.route("/staff/processes/<public_id>/targets", methods=["GET", "POST"])
def targets(public_id: str) -> Answer:
    process = load(public_id)
    require(decide("set_targets", process))
    form = TargetsForm.of(process)
    if form.validate_on_submit():
        change(public_id, operations.set_targets, form.targets())
        say(_("The targets are kept. They stay as they are once the process opens."))
        return see_other("processes.checklist", public_id=public_id)
    return _desk_page("processes/targets.html", process, form)


@bp.get("/staff/processes/<public_id>/checklist")
def checklist(public_id: str) -> str:
    process, now = load(public_id), clock.now()
    require(decide("manage", Process))
    missing = missing_requirements(process, now)
    return render_template(
        "processes/checklist.html",
        process=process,
        requirements=[_line(process, each, each in missing) for each in Requirement],
        missing=missing,
        board=queries.presence_of_stakeholders(db.session(), process),
        uninvited=queries.sectors_without_invitation(db.session(), process),
        wording=wording,
        staff_navigation=process_desk_menu(process),
    )


def _line(process: Process, requirement: Requirement, is_missing: bool) -> dict[str, Any]:
    """What must be there, whether it is, and where to write it."""
    endpoint, anchor = WHERE.get(requirement, ("edit", requirement.value))
    url = url_for(f"processes.{endpoint}", public_id=process.public_id, _anchor=anchor)
    return {"text": wording.REQUIREMENTS[requirement.value], "is_missing": is_missing, "url": url}


def _desk_page(template: str, process: Process, form: object) -> Answer:
    page = render_template(
        template, process=process, form=form, wording=wording, staff_navigation=process_desk_menu(process)
    )
    return (page, 422) if getattr(form, "error_list", None) else page
