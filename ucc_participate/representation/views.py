"""Who takes part: the public page, the coordinator's, and the population that both are measured against."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _

from ..kernel import clock
from ..kernel.db import db, perform
from ..kernel.decision import require
from ..kernel.errors import Invalid
from ..kernel.i18n import digits, reader
from ..kernel.tables import write_csv
from ..kernel.visitor_cache import shared_by_visitors
from ..kernel.web import can, current_actor, decide, public, say, see_other
from ..processes.frame import process_desk_menu
from ..processes.models import Process
from ..processes.queries import get_process, process_to_change
from ..processes.timetable import phase_line
from . import charts, gaps, operations, policies, queries, report, wording
from .forms import ChoiceForm, ImportForm, ShapeForm, SourceForm, grid_form
from .models import Population
from .operations import Source
from .population import Census, Reading, read

bp = Blueprint("representation", __name__)

Answer = Any


@bp.get("/p/<process_id>/presence")
@public
@shared_by_visitors
def show(process_id: str) -> str:
    process = get_process(db.session(), process_id, actor=current_actor())
    return render_template("representation/show.html", phases=phase_line(process, clock.now()), **_figures(process))


@bp.get("/p/<process_id>/presence.csv")
@public
def download(process_id: str) -> Response:
    """Exactly what the page shows, for a spreadsheet."""
    process = get_process(db.session(), process_id, actor=current_actor())
    shown = queries.presence(db.session(), process, now=clock.now())
    answer = Response(write_csv(report.table_rows(shown, wording.STAGES)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename=presence-{process.public_id}.csv"
    return answer


def _figures(process: Process) -> dict[str, Any]:
    """What both pages show: nothing but what is public."""
    session, now = db.session(), clock.now()
    shown, population = queries.presence(session, process, now=now), queries.population_of(session, process)
    census = population.census if population is not None else None
    measures = queries.measures(session, process, now=now)
    return {
        "process": process,
        "figures": shown,
        "rows": charts.rows(shown),
        "parts": report.parts(shown, census.margins() if census is not None else {}),
        "crossed": report.crossed(shown, measures.bands),
        "steps": report.steps(shown, wording.STAGES),
        "population": population,
        "sectors": dict(census.sectors) if census is not None else {},
        "year": measures.year,
        "report": report,
        "wording": wording,
    }


@bp.get("/staff/processes/<public_id>/presence")
def desk(public_id: str) -> str:
    process, actor, now = _process(public_id), current_actor(), clock.now()
    require(policies.can_read_gaps(actor, process, now=now))
    has_one = queries.population_of(db.session(), process) is not None
    return render_template(
        "representation/desk.html",
        gaps=gaps.gaps(db.session(), process, now=now),
        may_choose=bool(policies.can_choose_population(actor, process, now=now, has_one=has_one)),
        staff_navigation=process_desk_menu(process),
        **_figures(process),
    )


@bp.route("/staff/processes/<public_id>/population", methods=["GET", "POST"])
def choose(public_id: str) -> Answer:
    process, session = _process(public_id), db.session()
    current = queries.population_of(session, process)
    actor, now = current_actor(), clock.now()
    require(policies.can_choose_population(actor, process, now=now, has_one=current is not None))
    form = ChoiceForm.of(queries.list_populations(session), current)
    if form.validate_on_submit():
        wanted = form.population.data

        def work(write: Any) -> None:
            population = queries.get_population(write, wanted)
            own = process_to_change(write, public_id, actor=actor)
            operations.choose_population(write, own, population, actor=actor, now=now)

        perform(work)
        say(_("The process is measured against this table. Once it is open, that stays."))
        return see_other("representation.desk", public_id=public_id)
    return _page("representation/choose.html", form, process=process, staff_navigation=process_desk_menu(process))


@bp.get("/staff/population")
def populations() -> str:
    require(decide("read_populations", Population))
    return render_template(
        "representation/populations.html",
        populations=queries.list_populations(db.session()),
        may_add=can("add_population", Population),
    )


@bp.get("/staff/population/<public_id>")
def population(public_id: str) -> str:
    require(decide("read_populations", Population))
    found = queries.get_population(db.session(), public_id)
    return render_template("representation/population.html", population=found, wording=wording)


@bp.get("/staff/population/shape")
def shape() -> Answer:
    """By what the table tells people apart, before its grid is shown; nothing is kept."""
    require(decide("add_population", Population))
    form = ShapeForm(formdata=request.args or None)
    if request.args and form.validate():
        return see_other("representation.enter", **_shape(form.found_bands, form.found_districts))
    return _page("representation/shape.html", form)


def _shape(bands: tuple[str, ...], districts: tuple[str, ...]) -> dict[str, Any]:
    return {"bands": ",".join(bands), "districts": "\n".join(districts)}


@bp.route("/staff/population/enter", methods=["GET", "POST"])
def enter() -> Answer:
    require(decide("add_population", Population))
    wanted = ShapeForm(formdata=request.args)
    if not wanted.validate():
        return see_other("representation.shape", **request.args)
    form = grid_form(wanted.found_bands, wanted.found_districts)
    again = url_for("representation.enter", **_shape(wanted.found_bands, wanted.found_districts))
    if form.validate_on_submit():
        made = _add(form.census(), form)
        if made is not None:
            return made
    return _page("representation/enter.html", form, again=again)


@bp.route("/staff/population/import", methods=["GET", "POST"])
def bring() -> Answer:
    require(decide("add_population", Population))
    form = ImportForm()
    reading: Reading | None = None
    if form.validate_on_submit():
        reading = read((row.number, row.cells) for row in form.table.data.rows)
        if reading.census is not None:
            made = _add(reading.census, form)
            if made is not None:
                return made
        else:
            form.table.errors = [_fault_words(fault.row, fault.says) for fault in reading.faults[:10]]
    return _page("representation/import.html", form, reading=reading)


def _fault_words(row: int, says: Any) -> str:
    return _("Row %(row)s: %(says)s", row=digits(str(row), locale=reader().locale), says=says) if row else str(says)


def _add(census: Census, form: SourceForm) -> Answer | None:
    """Keep the table and show it; None, with the reason in the form, when it is refused."""
    actor, now = current_actor(), clock.now()
    who = str(actor.name) if getattr(actor, "name", None) else ""
    source = Source(form.source.data or "", form.year.data or 0, form.url.data or None, who)
    try:
        made = perform(
            lambda session: operations.add_population(session, census, source, actor=actor, now=now).public_id
        )
    except Invalid as refusal:
        form.source.errors = [str(refusal.reason)]
        return None
    say(_("The table is kept as a new version. Figures of processes that are open do not change."))
    return see_other("representation.population", public_id=made)


def _process(public_id: str) -> Process:
    return get_process(db.session(), public_id, actor=current_actor())


def _page(template: str, form: Any, **facts: Any) -> Answer:
    page = render_template(template, form=form, wording=wording, **facts)
    return (page, 422) if form.errors else page
