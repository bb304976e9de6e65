"""What everybody reads: the maps of a process, the statements of one, its results."""

from __future__ import annotations

from flask import Response, render_template, request

from ...kernel import clock
from ...kernel.db import db
from ...kernel.decision import Decision, require
from ...kernel.tables import write_csv
from ...kernel.web import current_actor, public
from ...processes.frame import phases_of
from .. import policies, queries, report, wording
from ..models import OpinionMap
from .blueprint import bp, load, load_process

RANKED_PAGE = 40
LARGEST_NUMBER = 2**31 - 1


@bp.get("/p/<process_id>/opinions")
@public
def index(process_id: str) -> str:
    process = load_process(process_id)
    maps = queries.list_maps(db.session(), process)
    return render_template(
        "opinions/index.html",
        process=process,
        phases=phases_of(process),
        maps=maps,
        counts=queries.counts_of(db.session(), maps),
        now=clock.now(),
        may_see_desk=policies.can_see_desk(current_actor(), process, now=clock.now()),
    )


@bp.get("/p/<process_id>/opinions/<public_id>/statements")
@public
def statements(process_id: str, public_id: str) -> str:
    found = load(process_id, public_id)
    page = queries.list_statements(db.session(), found, actor=current_actor(), after=place_in_address())
    return render_template(
        "opinions/statements.html", process=found.process, map=found, page=page, wording=wording, now=clock.now()
    )


def place_in_address() -> int:
    number = request.args.get("after", 0, type=int)
    return number if 0 < number <= LARGEST_NUMBER else 0


def may_see_results(found: OpinionMap) -> Decision:
    """Whether results are shown to the present actor, as the map says."""
    actor, session = current_actor(), db.session()
    answered = queries.count_answered(session, queries.participant_of(session, found, actor))
    return decision_on_results(found, answered, queries.counts_of(session, [found])[found.id])


def decision_on_results(found: OpinionMap, answered: int, counts: queries.Counts) -> Decision:
    """The same, where it is known how much the actor has answered."""
    of = counts.statements
    return policies.can_see_results(current_actor(), found, now=clock.now(), answered=answered, of=of)


def report_of(found: OpinionMap) -> report.Report | None:
    """What may be shown of a map now; None when that is nothing yet."""
    kept = None if found.is_closed else queries.analysis_of(db.session(), found)
    result = found.result if found.is_closed else kept.shown if kept else None
    if result is None or result.get("people") is None:
        return None
    return report.make(result, queries.statements_by_number(db.session(), found, report.numbers_in(result)))


@bp.get("/p/<process_id>/opinions/<public_id>/results")
@public
def results(process_id: str, public_id: str) -> str:
    found = load(process_id, public_id)
    decision = may_see_results(found)
    told = report_of(found) if decision else None
    begin = place_in_address()
    return render_template(
        "opinions/results.html",
        process=found.process,
        map=found,
        decision=decision,
        report=told,
        begin=begin,
        rows=told.ranked[begin : begin + RANKED_PAGE] if told else [],
        following=begin + RANKED_PAGE if told and len(told.ranked) > begin + RANKED_PAGE else None,
        wording=wording,
        now=clock.now(),
    )


@bp.get("/p/<process_id>/opinions/<public_id>/results.csv")
@public
def results_csv(process_id: str, public_id: str) -> Response:
    """Exactly what the page shows, for a spreadsheet."""
    found = load(process_id, public_id)
    require(may_see_results(found))
    told = report_of(found)
    rows = list(report.csv_rows(told, wording.SIDES)) if told else []
    answer = Response(write_csv(rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename=opinions-{found.public_id}.csv"
    return answer
