"""One indicator at the desk: its line, its readings, entering one and correcting one."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...documents.queries import documents_by_subject
from ...kernel import clock
from ...kernel.db import db
from ...kernel.decision import require
from ...kernel.web import current_actor, say
from ...processes.models import Process
from .. import operations, policies, queries
from ..charts import trend_of
from ..forms import CorrectionForm, ReadingForm
from ..overview import Overview
from .blueprint import DESK, Page, bp, change, desk_page, load, load_to_change, stored_from, tried


@bp.get(f"{DESK}/indicators/<indicator>")
def indicator(process_id: str, indicator: str) -> Page:
    overview = load(process_id)
    series = overview.find(indicator)
    return desk_page("commitments/indicator.html", overview, series=series, **series_facts(overview, indicator))


def series_facts(overview: Overview, indicator: str) -> dict[str, Any]:
    """What the pages of an indicator show beside its numbers."""
    series = overview.find(indicator)
    refs = [reading.ref for period in series.periods for reading in period.readings]
    return {"trend": trend_of(series), "files": documents_by_subject(db.session(), refs) if refs else {}}


@bp.route(f"{DESK}/indicators/<indicator>/<int:period>", methods=["GET", "POST"])
def enter(process_id: str, indicator: str, period: int) -> Page:
    overview = load_to_change(process_id)
    allowed = policies.can_read_indicators(
        current_actor(), overview.process, now=clock.now(), designation=overview.designation
    )
    require(allowed)
    series, form = overview.find(indicator), ReadingForm()
    asked = series.period(period)

    def page(status: int) -> Page:
        return desk_page(
            "commitments/enter.html", overview, status=status, form=form, series=series, asked=asked, wrong=None
        )

    if not form.validate_on_submit():
        return page(422 if form.errors else 200)
    read, stored = form.read(), stored_from(form)

    def run() -> None:
        change(process_id, operations.enter_reading, indicator, period, read, stored=stored)
        say(_("The reading is entered and signed."))

    return tried(form, run, page, "commitments.indicator", process_id=process_id, indicator=indicator)


@bp.route(f"{DESK}/readings/<reading_id>/correct", methods=["GET", "POST"])
def correct(process_id: str, reading_id: str) -> Page:
    overview = load_to_change(process_id)
    wrong = queries.get_reading(db.session(), overview.process, reading_id)
    series = overview.find(wrong.indicator)
    asked = series.period(wrong.period)
    typed = {name: getattr(wrong, name) for name in ("value", "measured_on", "evidence", "note")}
    form = CorrectionForm(data=typed)

    def page(status: int) -> Page:
        return desk_page(
            "commitments/enter.html", overview, status=status, form=form, series=series, asked=asked, wrong=wrong
        )

    if not form.validate_on_submit():
        return page(422 if form.errors else 200)
    facts: dict[str, Any] = {"because": form.because.data or "", "stored": stored_from(form)}
    read = form.read()

    def work(session: Session, process: Process, **more: Any) -> None:
        found = queries.get_reading(session, process, reading_id)
        operations.correct_reading(session, found, read, **facts, **more)

    def run() -> None:
        change(process_id, work)
        say(_("The correction is entered. The first number stays beside it."))

    return tried(form, run, page, "commitments.indicator", process_id=process_id, indicator=wrong.indicator)
