"""The timetable of a process: the rules that phases keep, and the line that shows where a process stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

from ..kernel.errors import Invalid
from ..kernel.i18n import LOCALES, TextIn, in_language, reader, site_timezone, writing_for, zone
from .models import Phase, PhaseKind, Process, ProcessState, Texts
from .wording import PHASE_KINDS

LEAST_OPEN_DAYS = 7
USUAL_OPEN_DAYS = 21
OPEN_KINDS = frozenset({PhaseKind.PROPOSE, PhaseKind.DISCUSS})
BEFORE = {
    PhaseKind.INVITE: frozenset(PhaseKind) - {PhaseKind.INVITE},
    PhaseKind.PROPOSE: frozenset({PhaseKind.DISCUSS, PhaseKind.ANSWER, PhaseKind.VOTE, PhaseKind.REPORT}),
    PhaseKind.DISCUSS: frozenset({PhaseKind.REPORT}),
    PhaseKind.ANSWER: frozenset({PhaseKind.REPORT}),
    PhaseKind.VOTE: frozenset({PhaseKind.REPORT}),
    PhaseKind.REPORT: frozenset(),
}
_DAY = timedelta(days=1)
_CLOCK_CHANGE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class PhasePlan:
    """A phase as it is asked for; ``ends_at`` is the first moment after it."""

    kind: PhaseKind
    title: Texts
    starts_at: datetime
    ends_at: datetime


AnyPhase = Phase | PhasePlan


def check_timetable(phases: Sequence[AnyPhase]) -> None:
    """Raise Invalid (``field``: the kind of the later phase) unless phases follow each other in a sensible order.

    Phases do not overlap; there may be days between them.
    """
    for phase in phases:
        if phase.ends_at <= phase.starts_at:
            raise Invalid(_l("This phase would end before it begins."), field=phase.kind.value)
    in_time = sorted(phases, key=lambda phase: phase.starts_at)
    for place, later in enumerate(in_time):
        misplaced = next((phase for phase in in_time[:place] if phase.kind in BEFORE[later.kind]), None)
        if misplaced is not None:
            raise _wrong_order(later, misplaced)
    for earlier, later in pairwise(in_time):
        if later.starts_at < earlier.ends_at:
            raise _overlap(earlier, later)


def _wrong_order(first: AnyPhase, second: AnyPhase) -> Invalid:
    words = {"first": PHASE_KINDS[first.kind], "second": PHASE_KINDS[second.kind]}
    return Invalid(_l("“%(first)s” must come before “%(second)s”.", **words), field=first.kind.value)


def _overlap(earlier: AnyPhase, later: AnyPhase) -> Invalid:
    text = _l("This phase begins before “%(other)s” has ended.", other=PHASE_KINDS[earlier.kind])
    return Invalid(text, field=later.kind.value)


def check_open_time(phases: Sequence[AnyPhase], *, at_least: int) -> None:
    """Raise Invalid when people get fewer days than ``at_least`` to propose and discuss; no plan yet is fine."""
    days = open_days(phases)
    planned = next((phase.kind.value for phase in phases if phase.kind in OPEN_KINDS), None)
    if planned is not None and days < at_least:
        raise Invalid(too_short(days, at_least), field=planned)


def too_short(days: int, at_least: int) -> object:
    """Lazy text: what is missing of the minimum open time."""
    return lazy_ngettext(
        "Proposals and discussion would be open for %(num)s day; at least %(least)s are promised.",
        "Proposals and discussion would be open for %(num)s days; at least %(least)s are promised.",
        days,
        least=at_least,
    )


def open_days(phases: Iterable[AnyPhase], *, since: datetime | None = None, until: datetime | None = None) -> int:
    """Whole days in which people can propose or discuss, counted from ``since`` and up to ``until`` when given.

    An hour lost to a change of clocks does not cost a day.
    """
    spans = [
        (phase.ends_at if until is None else min(phase.ends_at, until))
        - (phase.starts_at if since is None else max(phase.starts_at, since))
        for phase in phases
        if phase.kind in OPEN_KINDS
    ]
    total = sum((max(span, timedelta()) for span in spans), timedelta())
    return (total + _CLOCK_CHANGE) // _DAY


def shifted(phases: Sequence[Phase], extended: Phase, ends_at: datetime) -> dict[PhaseKind, tuple[datetime, datetime]]:
    """Where phases move when one of them ends later: those in its way start as it ends, none gets shorter."""
    moved: dict[PhaseKind, tuple[datetime, datetime]] = {}
    free_from = ends_at
    for phase in sorted(phases, key=lambda phase: phase.starts_at):
        if phase.starts_at <= extended.starts_at:
            continue
        if phase.starts_at >= free_from:
            break
        moved[phase.kind] = (free_from, free_from + phase.length)
        free_from += phase.length
    return moved


def day_begins(day: date) -> datetime:
    """The first moment of a day in the city, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=zone(site_timezone())).astimezone(timezone.utc)


def day_ends(day: date) -> datetime:
    """The first moment after a day in the city, in UTC."""
    return day_begins(day + _DAY)


def last_day(ends_at: datetime) -> date:
    """The last day in the city of what ends at this moment, which no longer belongs to it."""
    return (ends_at - timedelta(microseconds=1)).astimezone(zone(site_timezone())).date()


def days_left(ends_at: datetime, now: datetime) -> int:
    """How many days of the city follow today until the last day of what ends then; 0: today is the last one."""
    return (last_day(ends_at) - first_day(now)).days


def first_day(starts_at: datetime) -> date:
    """The day in the city to which this moment belongs."""
    return starts_at.astimezone(zone(site_timezone())).date()


@dataclass(frozen=True, slots=True)
class PhaseMark:
    """A phase as the phase line shows it: ``state`` is done, open or next; ``ends_at`` lies within its last day."""

    kind: PhaseKind
    title: TextIn
    starts_at: datetime
    ends_at: datetime
    state: str
    days_left: int | None
    extended_because: str | None


def phase_line(process: Process, now: datetime) -> list[PhaseMark]:
    """The phases of a process in order, for the reader's language; needs ``phases`` loaded."""
    return [_mark(process, phase, now) for phase in sorted(process.phases, key=lambda phase: phase.starts_at)]


def _mark(process: Process, phase: Phase, now: datetime) -> PhaseMark:
    state = _state(process, phase, now)
    return PhaseMark(
        phase.kind,
        title_of(phase),
        phase.starts_at,
        phase.ends_at - timedelta(seconds=1),
        state,
        days_left(phase.ends_at, now) if state == "open" else None,
        phase.extended_because,
    )


def title_of(phase: AnyPhase) -> TextIn:
    """The phase's own title in the reader's language, or what its kind is called."""
    locale = reader().locale
    return in_language(phase.title, locale) or TextIn(str(PHASE_KINDS[phase.kind]), locale)


def _state(process: Process, phase: Phase, now: datetime) -> str:
    if process.status is ProcessState.CLOSED or now >= phase.ends_at:
        return "done"
    announced = process.status is ProcessState.PUBLISHED and phase.kind is PhaseKind.INVITE
    running = process.status is ProcessState.OPEN or announced
    return "open" if running and phase.is_open(now) else "next"


def default_title(kind: PhaseKind) -> Texts:
    """What a phase of this kind is called, in every language; needs an application context."""
    titles = {}
    for locale in LOCALES:
        with writing_for(locale):
            titles[locale] = str(PHASE_KINDS[kind])
    return titles
