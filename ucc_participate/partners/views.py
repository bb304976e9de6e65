"""Pages of partner cities: the list for everybody, and the directory at the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ..documents.queries import documents_by_subject, documents_of
from ..documents.uploads import bring_evidence
from ..kernel import clock
from ..kernel.db import db, perform
from ..kernel.decision import require
from ..kernel.errors import Conflict, Invalid
from ..kernel.web import current_actor, public, say, see_other
from ..processes import wording as process_wording
from ..processes.frame import phases_of, process_desk_menu
from ..processes.models import Process
from ..processes.queries import process_in_brief, process_to_change
from ..vocabularies.uccn import CREATIVE_FIELDS
from . import operations, policies, queries, wording
from .forms import CityForm
from .models import PartnerState

bp = Blueprint("partners", __name__)
Answer = str | Response | tuple[str, int]
ROOT = "/staff/processes/<process_id>/partners"


@bp.get("/p/<process_id>/partners")
@public
def index(process_id: str) -> str:
    """With whom the city works and would like to work; without contacts."""
    process, session = process_in_brief(db.session(), process_id, actor=current_actor()), db.session()
    cities = queries.partners_of(session, process)
    files = documents_by_subject(session, [city.ref for city in cities])
    return render_template(
        "partners/index.html",
        process=process,
        phases=phases_of(process),
        cities=cities,
        files={ref: [each for each in found if each.is_public] for ref, found in files.items()},
        states=list(PartnerState),
        fields=CREATIVE_FIELDS,
        words=wording,
    )


@bp.get(ROOT)
def desk(process_id: str) -> Answer:
    process, session = _load(process_id), db.session()
    cities = queries.partners_of(session, process)
    files = documents_by_subject(session, [city.ref for city in cities])
    return _desk_page("partners/desk.html", process, cities=cities, files=files)


@bp.route(f"{ROOT}/new", methods=["GET", "POST"])
def new(process_id: str) -> Answer:
    process, form = _load_to_write(process_id), CityForm.asking()

    def write(session: Session, process: Process, **facts: Any) -> None:
        operations.record_city(session, process, form.told(), **facts)

    if form.validate_on_submit() and _kept(process_id, form, write):
        say(_("The city is in the directory."))
        return see_other("partners.desk", process_id=process_id)
    return _desk_page("partners/edit.html", process, form, city=None)


@bp.route(f"{ROOT}/<city_id>", methods=["GET", "POST"])
def edit(process_id: str, city_id: str) -> Answer:
    """With what stands now beside what was typed, when somebody else was faster."""
    process = _load_to_write(process_id)
    form = CityForm.asking(queries.get_city(db.session(), process, city_id))

    def write(session: Session, process: Process, **facts: Any) -> None:
        found = queries.city_to_change(session, process, city_id)
        operations.revise_city(session, found, form.told(), seen=_seen(form), **facts)

    if form.validate_on_submit() and _kept(process_id, form, write):
        say(_("The directory is changed."))
        return see_other("partners.desk", process_id=process_id)
    current = queries.get_city(db.session(), process, city_id)
    overtaken = form.is_submitted() and _seen(form) != current.version
    if overtaken:
        form.version.data = str(current.version)
    facts: dict[str, Any] = {"city": current, "overtaken": overtaken, "files": documents_of(db.session(), current.ref)}
    return _desk_page("partners/edit.html", process, form, status=Conflict.status if overtaken else 200, **facts)


def _load(process_id: str) -> Process:
    process = process_in_brief(db.session(), process_id, actor=current_actor())
    require(policies.can_read_desk(current_actor(), process, now=clock.now()))
    return process


def _load_to_write(process_id: str) -> Process:
    process = _load(process_id)
    require(policies.can_partner(current_actor(), process, now=clock.now()))
    return process


def _seen(form: CityForm) -> int:
    """The version that was on the page; 0, which none is, for anything else."""
    typed = str(form.version.data or "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0


def _kept(process_id: str, form: CityForm, write: Callable[..., None]) -> bool:
    """Run one operation on what was typed; False when it was refused, which the form says then."""
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> None:
        process = process_to_change(session, process_id, actor=actor)
        write(session, process, evidence=evidence, actor=actor, now=now)

    try:
        evidence = bring_evidence(form.file.data, is_public=form.is_public.data)
        perform(work)
    except (Conflict, Invalid) as refusal:
        form.refuse(refusal if isinstance(refusal, Invalid) else Invalid(refusal.reason))
        return False
    return True


def _desk_page(template: str, process: Process, form: Any = None, *, status: int = 200, **facts: Any) -> Answer:
    page = render_template(
        template,
        process=process,
        form=form,
        words=wording,
        wording=process_wording,
        fields=CREATIVE_FIELDS,
        may_write=bool(policies.can_partner(current_actor(), process, now=clock.now())),
        sees_contacts=current_actor().is_staff,
        staff_navigation=process_desk_menu(process),
        **facts,
    )
    return page, (422 if status == 200 and form is not None and form.error_list else status)
