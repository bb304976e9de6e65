"""Deadlines backwards: from the day of the National Commission to what must be done before it (rule Z3). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ..dossier.models import Dossier
from ..processes.models import PhaseKind, Process
from ..processes.timetable import first_day, last_day
from .models import StepDay

DAYS_BEFORE: dict[str, int] = {
    "participation": 90,
    "letters_asked": 75,
    "plan": 60,
    "photos": 40,
    "texts": 30,
    "council": 21,
    "letters": 14,
    "freeze": 7,
    "national": 0,
}
"""Days before the deadline of the National Commission: our own usual schedule, no official one."""
UNESCO = "unesco"
STEPS = (*DAYS_BEFORE, UNESCO)
FIXED = ("national", UNESCO)
"""Their days are those of the dossier."""
ORDER = (
    ("participation", "plan"),
    ("plan", "texts"),
    ("texts", "freeze"),
    ("letters_asked", "letters"),
    ("photos", "freeze"),
    ("letters", "freeze"),
    ("council", "freeze"),
)
"""Which step needs which before it."""
PHASES_BEFORE: dict[str, tuple[PhaseKind, ...]] = {"participation": tuple(PhaseKind)}


@dataclass(frozen=True, slots=True)
class Step:
    """``due_on``: None while the deadline that it is counted from is not known. ``is_usual``: not moved by the city.

    ``clash``: the phase that ends after the step's day, or the step that must come before it and does not.
    """

    code: str
    due_on: date | None
    responsible: str
    is_usual: bool
    clash: PhaseKind | str | None = None

    def is_past(self, today: date) -> bool:
        return self.due_on is not None and self.due_on < today

    def days_left(self, today: date) -> int | None:
        return None if self.due_on is None else (self.due_on - today).days


@dataclass(frozen=True, slots=True)
class Mark:
    """A phase of the process among the steps."""

    kind: PhaseKind
    starts_on: date
    ends_on: date


def steps_of(process: Process, dossier: Dossier | None, moved: Sequence[StepDay]) -> list[Step]:
    """Every step in the order of its day; needs ``phases`` loaded. Without a dossier nothing has a day."""
    told = {each.step: each for each in moved}
    days = {code: _day(code, dossier, told) for code in STEPS}
    steps = [
        Step(
            code,
            days[code],
            told[code].responsible if code in told else "",
            code not in told or told[code].due_on is None,
            _clash(code, days, process),
        )
        for code in STEPS
    ]
    return sorted(steps, key=lambda step: (step.due_on is None, step.due_on or date.max, STEPS.index(step.code)))


def marks_of(process: Process) -> list[Mark]:
    return [
        Mark(phase.kind, first_day(phase.starts_at), last_day(phase.ends_at))
        for phase in sorted(process.phases, key=lambda phase: phase.starts_at)
    ]


def _day(code: str, dossier: Dossier | None, told: Mapping[str, StepDay]) -> date | None:
    if dossier is None:
        return None
    if code == UNESCO:
        return dossier.unesco_deadline
    moved = told[code].due_on if code in told and code not in FIXED else None
    if moved is not None or dossier.national_deadline is None:
        return moved
    return dossier.national_deadline - timedelta(days=DAYS_BEFORE[code])


def _clash(code: str, days: Mapping[str, date | None], process: Process) -> PhaseKind | str | None:
    day = days[code]
    if day is None:
        return None
    for phase in process.phases:
        if phase.kind in PHASES_BEFORE.get(code, ()) and last_day(phase.ends_at) > day:
            return phase.kind
    national = days["national"]
    if code not in FIXED and national is not None and day > national:
        return "national"
    earlier = (first for first, then in ORDER if then == code)
    return next((first for first in earlier if (days[first] or day) > day), None)
