"""Where the promises and the indicators stand on a day: pure, out of what was read from the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from ..kernel.errors import NotFound
from .models import Commitment, CommitmentKind, CommitmentState, Reading
from .promises import GRACE, Measured


@dataclass(frozen=True, slots=True)
class Counts:
    """How many promises are how far; withdrawn ones are counted by themselves."""

    all: int
    kept: int
    not_kept: int
    overdue: int
    under_way: int
    ahead: int
    withdrawn: int


def counts_of(register: Sequence[Commitment], today: date, *, is_running: bool) -> Counts:
    """``is_running``: whether the years count already; before the designation nothing is overdue."""
    by_state = Counter(each.status for each in register)
    late = sum(each.is_overdue(today) for each in register) if is_running else 0
    under_way = sum(1 for each in register if each.status is CommitmentState.UNDER_WAY)
    late_under_way = sum(each.is_overdue(today) and each.status is CommitmentState.UNDER_WAY for each in register)
    under_way -= late_under_way if is_running else 0
    total = len(register) - by_state[CommitmentState.WITHDRAWN]
    kept, broken = by_state[CommitmentState.KEPT], by_state[CommitmentState.NOT_KEPT]
    return Counts(
        all=total,
        kept=kept,
        not_kept=broken,
        overdue=late,
        under_way=under_way,
        ahead=total - kept - broken - late - under_way,
        withdrawn=by_state[CommitmentState.WITHDRAWN],
    )


@dataclass(frozen=True, slots=True)
class Period:
    """One reading that is asked for; ``due_on``: its last day. ``readings``: oldest first; the last one stands."""

    number: int
    begins_on: date
    due_on: date
    readings: tuple[Reading, ...]

    @property
    def standing(self) -> Reading | None:
        return self.readings[-1] if self.readings else None

    @property
    def value(self) -> Decimal | None:
        return self.standing.value if self.standing is not None else None

    def is_missing(self, today: date) -> bool:
        """Neither read nor within the time that one has for reading it."""
        return not self.readings and today > self.due_on + GRACE

    def is_due(self, today: date) -> bool:
        return not self.readings and self.due_on <= today


@dataclass(frozen=True, slots=True)
class Series:
    """An indicator with its periods."""

    measured: Measured
    periods: tuple[Period, ...]

    @property
    def last(self) -> Period | None:
        return next((period for period in reversed(self.periods) if period.readings), None)

    @property
    def next(self) -> Period | None:
        """The period to be read next."""
        return next((period for period in self.periods if not period.readings), None)

    @property
    def way(self) -> Decimal | None:
        """The share of the way from the baseline to the target, None where one of them is not known."""
        baseline, target, last = self.measured.baseline, self.measured.target, self.last
        if baseline is None or target is None or target == baseline or last is None or last.value is None:
            return None
        return (last.value - baseline) / (target - baseline)

    @property
    def is_reached(self) -> bool:
        target, last = self.measured.target, self.last
        if target is None or last is None or last.value is None:
            return False
        falls = self.measured.baseline is not None and target < self.measured.baseline
        return last.value <= target if falls else last.value >= target

    def period(self, number: int) -> Period:
        """Raises NotFound."""
        found = next((period for period in self.periods if period.number == number), None)
        if found is None:
            raise NotFound()
        return found

    def missing(self, today: date) -> list[Period]:
        return [period for period in self.periods if period.is_missing(today)]

    def due(self, today: date) -> list[Period]:
        return [period for period in self.periods if period.is_due(today)]


def series_of(
    measured: Sequence[Measured], readings: Sequence[Reading], moved: timedelta, *, is_asked: bool = True
) -> list[Series]:
    """``moved``: by how much the days of the plan lie later because of the designation. Without ``is_asked`` only what
    was read."""
    return [
        _series(each, [reading for reading in readings if reading.indicator == each.id], moved, is_asked=is_asked)
        for each in measured
    ]


def _series(measured: Measured, readings: Sequence[Reading], moved: timedelta, *, is_asked: bool) -> Series:
    """Also the periods that an earlier plan asked for, when they were read: no reading goes away."""
    asked = {reading.period for reading in readings}
    if is_asked:
        asked |= set(range(1, measured.periods + 1))
    periods = tuple(
        Period(number, measured.begins(number, moved), measured.due_on(number, moved), _chain(readings, number))
        for number in sorted(asked)
    )
    return Series(measured, periods)


def _chain(readings: Sequence[Reading], number: int) -> tuple[Reading, ...]:
    return tuple(reading for reading in readings if reading.period == number)


def duties_in(register: Sequence[Commitment], kind: CommitmentKind) -> list[Commitment]:
    """Of one kind, by year."""
    return sorted((each for each in register if each.kind is kind), key=lambda each: each.year or 0)
