"""The desk of the register: what is due, the designation, what became of a promise."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...documents.queries import documents_of
from ...kernel.db import db
from ...kernel.decision import require
from ...kernel.errors import Conflict
from ...kernel.forms import require_seen
from ...kernel.web import decide, say
from ...processes.models import Process
from .. import operations, queries
from ..forms import DesignationForm, MoveForm
from ..models import Commitment, CommitmentState
from ..operations.register import NOT_FROZEN
from ..overview import Overview, title_of
from .blueprint import DESK, Page, bp, change, desk_page, load, load_to_change, stored_from, tried

FILTERS = ("overdue", "open", "settled")
SAID = ("status", "note", "evidence", "settled_on", "moved_by")
"""What somebody else may have said of a promise meanwhile."""


@bp.get(DESK)
def desk(process_id: str) -> Page:
    """``?show=overdue``, ``open``, ``settled``: only those promises."""
    overview, chosen = load(process_id), request.args.get("show")
    chosen = chosen if chosen in FILTERS else None
    rows = [each for each in overview.register if _is_shown(each, chosen, overview)]
    return desk_page("commitments/desk.html", overview, rows=rows, chosen=chosen)


def _is_shown(commitment: Commitment, chosen: str | None, overview: Overview) -> bool:
    if chosen == "overdue":
        return overview.is_running and commitment.is_overdue(overview.today)
    if chosen == "open":
        return commitment.is_open
    return not commitment.is_open if chosen == "settled" else True


@bp.route(f"{DESK}/designation", methods=["GET", "POST"])
def designation(process_id: str) -> Page:
    overview = load_to_change(process_id)
    if overview.version is None:
        raise Conflict(NOT_FROZEN)
    known = overview.designation
    form = DesignationForm(data={name: getattr(known, name, None) for name in ("designated_on", "decision")})

    def page(status: int) -> Page:
        files = documents_of(db.session(), known.ref) if known is not None else []
        return desk_page("commitments/designation.html", overview, status=status, form=form, files=files)

    if not form.validate_on_submit():
        return page(422 if form.errors else 200)
    facts = {
        "designated_on": form.designated_on.data,
        "decision": form.decision.data or "",
        "stored": stored_from(form),
    }

    def run() -> None:
        change(process_id, operations.record_designation, **facts)
        say(_("The designation is entered. All days of the register count from it."))

    return tried(form, run, page, "commitments.desk", process_id=process_id)


@bp.route(f"{DESK}/<commitment_id>", methods=["GET", "POST"])
def move(process_id: str, commitment_id: str) -> Page:
    overview = load(process_id)
    commitment = queries.get_commitment(db.session(), overview.process, commitment_id)
    if request.method == "POST":
        require(decide("move", commitment))
    form = MoveForm(data=_typed(commitment) | {"seen": commitment.version})

    def page(status: int) -> Page:
        if status == Conflict.status:
            db.session().refresh(commitment, SAID)
        files = documents_of(db.session(), commitment.ref)
        decision = decide("move", commitment)
        facts: dict[str, Any] = {"commitment": commitment, "form": form, "files": files, "may_move": decision}
        return desk_page("commitments/move.html", overview, status=status, **facts)

    if not form.validate_on_submit():
        return page(422 if form.errors else 200)
    told, stored, seen = form.told(), stored_from(form), form.seen.data

    def work(session: Session, process: Process, **facts: Any) -> None:
        found = queries.commitment_to_change(session, process, commitment_id)
        require_seen(seen, found.version)
        operations.move_commitment(session, found, told, stored=stored, **facts)

    def run() -> None:
        change(process_id, work)
        say(_("Saved: “%(title)s”.", title=str(title_of(commitment))))

    return tried(form, run, page, "commitments.desk", process_id=process_id)


def _typed(commitment: Commitment) -> dict[str, Any]:
    state = commitment.status if commitment.status is not CommitmentState.WITHDRAWN else CommitmentState.PROMISED
    return {
        "state": state,
        "note": commitment.note,
        "evidence": commitment.evidence,
        "settled_on": commitment.settled_on,
    }
