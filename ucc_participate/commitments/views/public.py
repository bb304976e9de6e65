"""What everybody sees: every promise with its day and state, what is overdue, what the indicators show."""

from __future__ import annotations

from typing import Any

from flask import jsonify, render_template
from werkzeug.wrappers import Response

from ...documents.queries import documents_by_subject
from ...kernel import clock
from ...kernel.clock import utc_text
from ...kernel.db import db
from ...kernel.i18n import site_day
from ...kernel.web import public
from ...processes.frame import phases_of
from .. import queries, wording
from ..charts import trend_of
from ..overview import Overview, overview_of, title_of
from .blueprint import OPEN, bp, load_process
from .readings import series_facts

FORMAT = "ucc-promises/1"


@bp.get(OPEN)
@public
def show(process_id: str) -> str:
    overview = _overview(process_id)
    session = db.session()
    refs = [each.about for each in overview.register if each.about]
    evidence = [each.ref for each in overview.register] + [each.ref for each in overview.conferences]
    evidence += [overview.designation.ref] if overview.designation else []
    return _page(
        "commitments/show.html",
        overview,
        trends={series.measured.id: trend_of(series) for series in overview.series},
        reviews=queries.process_titles(session, refs),
        files=documents_by_subject(session, evidence) if evidence else {},
    )


@bp.get(f"{OPEN}/indicators/<indicator>")
@public
def figure(process_id: str, indicator: str) -> str:
    overview = _overview(process_id)
    series = overview.find(indicator)
    return _page("commitments/figure.html", overview, series=series, **series_facts(overview, indicator))


@bp.get(f"{OPEN}.json")
@public
def as_json(process_id: str) -> Response:
    """The register, the readings and the conferences as open data; the states are those of the log."""
    overview = _overview(process_id)
    designation = overview.designation
    told = {
        "format": FORMAT,
        "process": overview.process.ref,
        "plan_version": overview.version.ref if overview.version else None,
        "designation": designation.public_payload() if designation else None,
        "today": overview.today.isoformat(),
        "promises": [
            {"ref": each.ref, "overdue": overview.is_running and each.is_overdue(overview.today)}
            | each.public_payload()
            for each in overview.register
        ],
        "readings": [
            {"ref": each.ref, "entered_at": utc_text(each.entered_at)} | each.public_payload()
            for each in overview.readings
        ],
        "conferences": [{"ref": each.ref} | each.public_payload() for each in overview.conferences],
    }
    return jsonify(told)


def _overview(process_id: str) -> Overview:
    return overview_of(load_process(process_id), site_day(clock.now()))


def _page(template: str, overview: Overview, **facts: Any) -> str:
    return render_template(
        template,
        process=overview.process,
        phases=phases_of(overview.process),
        overview=overview,
        words=wording,
        title_of=title_of,
        **facts,
    )
