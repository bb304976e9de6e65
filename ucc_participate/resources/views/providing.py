"""People and money by year: the desk, a line, and what does not count any more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...documents.queries import documents_by_subject, documents_of
from ...documents.uploads import bring_evidence
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.errors import Conflict, Invalid, NotFound
from ...kernel.web import current_actor, say, see_other
from ...processes.models import Process
from ...processes.queries import process_to_change
from .. import operations, queries
from ..forms import ResourceForm, VoidForm
from ..models import Resource, ResourceKind
from ..sums import table_of
from ..terms import PlanTerms
from .blueprint import Answer, bp, desk_page, load, load_to_write, terms_of

ROOT = "/staff/processes/<process_id>/resources"


@bp.get(ROOT)
def desk(process_id: str) -> Answer:
    """Sums by year and source, every line with its evidence, the bodies."""
    process, session = load(process_id), db.session()
    terms, lines = terms_of(process), queries.resources_of(session, process, with_void=True)
    years = terms.years if terms is not None else ()
    return desk_page(
        "resources/desk.html",
        process,
        terms=terms,
        lines=lines,
        tables={kind: table_of(lines, kind, years) for kind in ResourceKind},
        files=documents_by_subject(session, [line.ref for line in lines]),
        bodies=queries.bodies_of(session, process, with_ended=True),
    )


@bp.route(f"{ROOT}/new", methods=["GET", "POST"])
def record(process_id: str) -> Answer:
    """``?kind=people``; money otherwise."""
    process = load_to_write(process_id)
    terms, kind = _needed(process), _kind(request.args.get("kind"))
    form = ResourceForm.asking(kind, terms)

    def write(session: Session, process: Process, **facts: Any) -> Resource:
        return operations.record_resource(session, process, form.told(kind), **facts)

    if form.validate_on_submit() and _kept(process_id, form, terms, write):
        say(_("It is written down."))
        return see_other("resources.desk", process_id=process_id)
    return desk_page("resources/edit.html", process, form, terms=terms, kind=kind, resource=None)


@bp.route(f"{ROOT}/<resource_id>", methods=["GET", "POST"])
def edit(process_id: str, resource_id: str) -> Answer:
    process = load_to_write(process_id)
    terms, line = _needed(process), queries.get_resource(db.session(), process, resource_id)
    form = ResourceForm.asking(line.kind, terms, line)
    kind = line.kind

    def write(session: Session, process: Process, **facts: Any) -> Resource:
        found = queries.resource_to_change(session, process, resource_id)
        operations.revise_resource(session, found, form.told(kind), seen=seen_version(form), **facts)
        return found

    if form.validate_on_submit() and _kept(process_id, form, terms, write):
        say(_("It is put right. What it said before can still be read in the log."))
        return see_other("resources.desk", process_id=process_id)
    return _line_page(process, line, form, VoidForm())


@bp.post(f"{ROOT}/<resource_id>/void")
def void(process_id: str, resource_id: str) -> Answer:
    process, form = load_to_write(process_id), VoidForm()
    line = queries.get_resource(db.session(), process, resource_id)
    if not form.validate_on_submit():
        stands = ResourceForm.asking(line.kind, _needed(process), line, is_sent=False)
        return _line_page(process, line, stands, form)
    actor, now, reason = current_actor(), clock.now(), form.reason.data or ""

    def work(session: Session) -> None:
        here = process_to_change(session, process_id, actor=actor)
        found = queries.resource_to_change(session, here, resource_id)
        operations.void_resource(session, found, reason=reason, actor=actor, now=now)

    perform(work)
    say(_("The line does not count any more."))
    return see_other("resources.desk", process_id=process_id)


def seen_version(form: Any) -> int:
    """The version that was on the page; 0, which none is, for anything else."""
    typed = form.version.data or ""
    return int(typed) if str(typed).isdecimal() and len(str(typed)) < 10 else 0


def _needed(process: Process) -> PlanTerms:
    """Lines count in the years and the currency of a plan. Raises Conflict before one was begun."""
    terms = terms_of(process)
    if terms is None:
        raise Conflict(_("Begin the action plan first: it says in which years and which currency the city counts."))
    return terms


def _kind(asked: str | None) -> ResourceKind:
    try:
        return ResourceKind(asked or ResourceKind.MONEY)
    except ValueError:
        raise NotFound() from None


def _kept(process_id: str, form: ResourceForm, terms: PlanTerms, write: Callable[..., Resource]) -> bool:
    """Run one operation on what was typed; False when it was refused, which the form says then."""
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> None:
        process = process_to_change(session, process_id, actor=actor)
        write(session, process, terms=terms, evidence=evidence, actor=actor, now=now)

    try:
        evidence = bring_evidence(form.file.data, is_public=form.is_public.data)
        perform(work)
    except (Conflict, Invalid) as refusal:
        form.refuse(refusal if isinstance(refusal, Invalid) else Invalid(refusal.reason))
        return False
    return True


def _line_page(process: Process, line: Resource, form: ResourceForm, void_form: VoidForm) -> Answer:
    """With what stands now beside what was typed, when somebody else was faster; the next press means the new one."""
    current = queries.get_resource(db.session(), process, line.public_id)
    overtaken = form.is_submitted() and not void_form.errors and seen_version(form) != current.version
    if overtaken:
        form.version.data = str(current.version)
    return desk_page(
        "resources/edit.html",
        process,
        void_form if void_form.errors else form,
        status=Conflict.status if overtaken else 200,
        fields=form,
        void_form=void_form,
        terms=_needed(process),
        kind=line.kind,
        resource=current,
        overtaken=overtaken,
        files=documents_of(db.session(), line.ref),
    )
