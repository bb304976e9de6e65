"""Deadlines backwards from the day of the National Commission, with the timetable of the process."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _

from ...dossier.models import Dossier
from ...kernel import clock
from ...kernel.db import db
from ...kernel.decision import require
from ...kernel.errors import Invalid, NotFound
from ...kernel.i18n import site_day
from ...kernel.web import current_actor, say, see_other
from ...processes.models import Process
from ...processes.wording import PHASE_KINDS
from .. import operations, policies, queries
from ..forms import DeadlineForm
from ..schedule import FIXED, STEPS, Step, marks_of, steps_of
from .blueprint import ATTACHMENTS, Page, bp, change, desk_page, load, load_dossier


@bp.get(f"{ATTACHMENTS}/deadlines")
def deadlines(process_id: str) -> Page:
    process, dossier = load(process_id)
    if dossier is None:
        return desk_page("readiness/checklist.html", process, dossier=None, rows=[])
    steps, today = _steps(process, dossier), site_day(clock.now())
    return desk_page(
        "readiness/deadlines.html",
        process,
        dossier=dossier,
        lines=_in_time(process, steps, today),
        undated=[step for step in steps if step.due_on is None],
        phase_kinds=PHASE_KINDS,
        fixed=FIXED,
        today=today,
        may_set=bool(policies.can_set_deadline(current_actor(), dossier, now=clock.now())),
    )


@bp.route(f"{ATTACHMENTS}/deadlines/<step>", methods=["GET", "POST"])
def set_deadline(process_id: str, step: str) -> Page:
    process, dossier = load_dossier(process_id)
    require(policies.can_set_deadline(current_actor(), dossier, now=clock.now()))
    if step not in STEPS:
        raise NotFound()
    found = next(each for each in _steps(process, dossier) if each.code == step)
    saved = {"due_on": None if found.is_usual or step in FIXED else found.due_on, "responsible": found.responsible}
    form = DeadlineForm(data=saved)
    if step in FIXED:
        del form.due_on
    if form.validate_on_submit():
        due_on = form.due_on.data if "due_on" in form else None
        told: dict[str, Any] = {"due_on": due_on, "responsible": form.responsible.data}
        try:
            change(process_id, lambda s, d, **by: operations.set_deadline(s, d, step, **told, **by))
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(_("The step has its day."))
            return see_other("readiness.deadlines", process_id=process_id)
    status = 422 if form.errors else 200
    return desk_page("readiness/deadline.html", process, form=form, step=found, dossier=dossier, status=status)


def _steps(process: Process, dossier: Dossier) -> list[Step]:
    return steps_of(process, dossier, queries.step_days_of(db.session(), dossier))


def _in_time(process: Process, steps: list[Step], today: date) -> list[tuple[date, str, Any]]:
    """(day, kind, what): steps, ends of phases and today, in the order of their days."""
    lines: list[tuple[date, int, str, Any]] = [(step.due_on, 2, "step", step) for step in steps if step.due_on]
    lines += [(mark.ends_on, 1, "phase", mark) for mark in marks_of(process)]
    lines.append((today, 0, "today", None))
    return [(day, kind, what) for day, _place, kind, what in sorted(lines, key=lambda line: line[:2])]
