"""The yearly review consultation (rule L4) as a template: texts and phases as data in ``review.json``."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from ..kernel.i18n import digits
from ..processes.models import PhaseKind, Process, PromiseLevel, Texts
from ..processes.operations import Description
from ..processes.timetable import PhasePlan, day_begins

FILE = Path(__file__).with_name("review.json")
ANSWERED = PhaseKind.ANSWER


@cache
def template() -> dict[str, Any]:
    """Texts by language; phases with the days after the drafting on which they begin and end."""
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def review_of(process: Process, *, year: int, today: date) -> tuple[Description, list[PhasePlan]]:
    """What the draft of the review of one year says, and its timetable. All of it can be changed before it opens."""
    phases = _phases(today)
    answered = next(phase for phase in phases if phase.kind is ANSWERED)
    texts = {name: template()[name] for name in ("purpose", "scope", "open_questions", "promise")}
    description = Description(
        title=_title(process, year),
        creative_field=process.creative_field,
        promise_level=PromiseLevel.CONSULT,
        answers_due_at=answered.ends_at,
        decision_maker=process.decision_maker,
        responsible=process.responsible,
        **texts,
    )
    return description, phases


def _title(process: Process, year: int) -> Texts:
    patterns: Texts = template()["title"]
    written = {
        name: pattern % {"year": digits(year, locale=name), "title": process.title[name]}
        for name, pattern in patterns.items()
        if name in process.title
    }
    return {name: text[:160] for name, text in written.items()}


def _phases(today: date) -> list[PhasePlan]:
    def at(days: int) -> Any:
        return day_begins(today + timedelta(days=days))

    return [
        PhasePlan(PhaseKind(told["kind"]), told["title"], at(told["from"]), at(told["to"]))
        for told in template()["phases"]
    ]
