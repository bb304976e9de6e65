"""What comes back every year: the conference of the Network, the review with the people; the report of year four."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...documents.queries import documents_of
from ...dossier import operations as dossiers
from ...dossier.operations import Terms
from ...kernel.db import db
from ...kernel.errors import NotFound
from ...kernel.forms import require_seen
from ...kernel.identity import Actor
from ...kernel.web import say, see_other
from ...processes import operations as processes
from ...processes.models import Process
from .. import operations, queries
from ..forms import ConferenceForm
from ..models import YEARS
from ..review import review_of
from .blueprint import DESK, Page, bp, change, desk_page, load_to_change, stored_from, tried

REPORT_FORM = "mmr-2015"


@bp.route(f"{DESK}/conferences/<int:year>", methods=["GET", "POST"])
def conference(process_id: str, year: int) -> Page:
    overview = load_to_change(process_id)
    if year not in YEARS:
        raise NotFound()
    known = overview.conference(year)
    names = ("held_on", "place", "attendance", "sent", "achievements")
    facts = {name: getattr(known, name, None) for name in names}
    form = ConferenceForm(data=facts | {"seen": known.version if known is not None else 0})

    def page(status: int) -> Page:
        files = documents_of(db.session(), known.ref) if known is not None else []
        return desk_page("commitments/conference.html", overview, status=status, form=form, year=year, files=files)

    if not form.validate_on_submit():
        return page(422 if form.errors else 200)
    told, stored, seen = form.told(), stored_from(form), form.seen.data

    def work(session: Session, process: Process, **more: Any) -> None:
        found = queries.conference_to_change(session, process, year)
        require_seen(seen, found.version if found is not None else 0)
        operations.record_conference(session, process, year, told, stored=stored, **more)

    def run() -> None:
        change(process_id, work)
        say(_("The conference is entered."))

    return tried(form, run, page, "commitments.desk", process_id=process_id)


@bp.post(f"{DESK}/reviews/<int:year>")
def begin_review(process_id: str, year: int) -> Page:
    """A draft of a process, made from the template; it opens as every process does."""
    overview = load_to_change(process_id)
    description, phases = review_of(overview.process, year=year, today=overview.today)

    def work(session: Session, process: Process, *, today: date, actor: Actor, now: datetime) -> str:
        made = processes.create_process(session, description, actor=actor, now=now)
        processes.schedule_phases(session, made, phases, actor=actor, now=now)
        operations.begin_review(session, process, made, year=year, actor=actor, now=now)
        return made.public_id

    made = change(process_id, work)
    say(_("The review is drafted. Look at its texts and its timetable before you publish it."))
    return see_other("processes.checklist", public_id=made)


@bp.post(f"{DESK}/report")
def begin_report(process_id: str) -> Page:
    """The monitoring report is a dossier on the form for reports; its sections are drafted from the register."""
    load_to_change(process_id)

    def work(session: Session, process: Process, *, today: date, actor: Actor, now: datetime) -> str:
        dossier = dossiers.begin_dossier(session, process, REPORT_FORM, Terms(), actor=actor, now=now)
        operations.begin_report(session, process, dossier, actor=actor, now=now)
        return dossier.public_id

    made: Any = change(process_id, work)
    say(_("The report is begun. Each section offers a draft from what was entered here."))
    return see_other("dossier.show", process_id=process_id, dossier_id=made)
