"""What a frozen plan promises, read from its fixed content: pure, so that the same version says the same for ever."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from ..audit.canonical import dumps
from ..plan.models import Frequency, IndicatorKind, Level
from ..plan.years import YEARS, end_of
from .models import CommitmentKind, Designation, Texts

GRACE = timedelta(days=30)
"""A reading may be entered so long after the last day of its period before it is late."""
MONTHS = {Frequency.QUARTERLY: 3, Frequency.HALF_YEARLY: 6, Frequency.YEARLY: 12, Frequency.ONCE: 12 * YEARS}


@dataclass(frozen=True, slots=True)
class Promise:
    """One line of the register before it has a state."""

    key: str
    kind: CommitmentKind
    title: Texts
    of_title: Texts
    owner: str
    planned_on: date | None
    initiative: str | None = None
    indicator: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """An indicator of the frozen plan. ``ends_on``: the last day of its initiative in the plan, None for the plan's."""

    id: str
    initiative: str
    initiative_title: Texts
    kind: IndicatorKind
    level: Level
    title: Texts
    unit: Texts
    baseline: Decimal | None
    target: Decimal | None
    frequency: Frequency
    responsible: str
    begins_on: date
    ends_on: date

    @property
    def periods(self) -> int:
        """How many readings the four years ask for: those that end while the initiative runs, one at least."""
        return next(
            (
                number
                for number in range(1, 12 * YEARS)
                if period_end(self.begins_on, self.frequency, number) >= self.ends_on
            ),
            1,
        )

    def due_on(self, period: int, moved: timedelta = timedelta()) -> date:
        """The last day of a period, ``moved`` with the designation."""
        return min(period_end(self.begins_on, self.frequency, period), self.ends_on) + moved

    def begins(self, period: int, moved: timedelta = timedelta()) -> date:
        """The first day of a period, ``moved`` with the designation."""
        before = self.due_on(period - 1) + timedelta(days=1) if period > 1 else self.begins_on
        return before + moved


def period_end(begins_on: date, frequency: Frequency, number: int) -> date:
    """The last day of the ``number``-th period after ``begins_on``."""
    months = begins_on.month - 1 + MONTHS[frequency] * number
    year, month = begins_on.year + months // 12, months % 12 + 1
    day = date(year, month, min(begins_on.day, monthrange(year, month)[1]))
    return day - timedelta(days=1)


def promises_of(content: Mapping[str, Any]) -> list[Promise]:
    """Every step, every target, the end of every initiative, in the order of the plan."""
    return [
        promise for public_id, told in _initiatives(content) for promise in _of_initiative(content, public_id, told)
    ]


def _of_initiative(content: Mapping[str, Any], public_id: str, told: Mapping[str, Any]) -> Iterator[Promise]:
    about: dict[str, Any] = {"of_title": told["title"], "initiative": public_id}
    owner, ends_on = told.get("owner", ""), _ends_on(content, told)
    seen: Counter[str] = Counter()
    for step in told.get("steps") or []:
        due, mark = _day(step.get("due_on")) or ends_on, _mark(step["title"])
        seen[mark] += 1
        key = f"{public_id}:step:{mark}:{seen[mark]}"
        yield Promise(key, CommitmentKind.STEP, step["title"], owner=owner, planned_on=due, **about)
    for indicator in told.get("indicators") or []:
        if indicator.get("target") is not None:
            yield Promise(
                f"{public_id}:target:{indicator['id']}",
                CommitmentKind.TARGET,
                indicator["title"],
                owner=indicator.get("responsible") or owner,
                planned_on=ends_on,
                indicator=indicator["id"],
                **about,
            )
    yield Promise(f"{public_id}:end", CommitmentKind.END, told["title"], owner=owner, planned_on=ends_on, **about)


def _mark(title: Texts) -> str:
    """A step is the same step in another version of the plan while it says the same, whatever its place and day."""
    return sha256(dumps(dict(title))).hexdigest()[:12]


def duties_of(designated_on: date, *, owner: str) -> list[Promise]:
    """What membership asks of the city: a conference and a review each year, the report in the fourth (L2, L4)."""
    found = [
        Promise(f"{kind.value}:{year}", kind, {}, {}, owner, year_end(designated_on, year), year=year)
        for year in range(1, YEARS + 1)
        for kind in (CommitmentKind.REVIEW, CommitmentKind.CONFERENCE)
    ]
    report_due = end_of(designated_on) - timedelta(days=1)
    return [*found, Promise("report:4", CommitmentKind.REPORT, {}, {}, owner, report_due, year=YEARS)]


def year_end(designated_on: date, year: int) -> date:
    """The last day of a year of membership."""
    return period_end(designated_on, Frequency.YEARLY, year)


def indicators_of(content: Mapping[str, Any]) -> list[Measured]:
    """Every indicator, in the order of the plan."""
    begins_on = date.fromisoformat(content["plan"]["begins_on"])
    return [
        _measured(public_id, told, indicator, begins_on, _ends_on(content, told))
        for public_id, told in _initiatives(content)
        for indicator in told.get("indicators") or []
    ]


def _measured(
    public_id: str, told: Mapping[str, Any], indicator: Mapping[str, Any], begins_on: date, ends_on: date
) -> Measured:
    return Measured(
        id=indicator["id"],
        initiative=public_id,
        initiative_title=told["title"],
        kind=IndicatorKind(indicator["kind"]),
        level=Level(told["level"]),
        title=indicator["title"],
        unit=indicator.get("unit") or {},
        baseline=_decimal(indicator.get("baseline")),
        target=_decimal(indicator.get("target")),
        frequency=Frequency(indicator["frequency"]),
        responsible=indicator.get("responsible") or told.get("owner", ""),
        begins_on=_day(told.get("starts_on")) or begins_on,
        ends_on=ends_on,
    )


def moved_by(content: Mapping[str, Any], designation: Designation | None) -> timedelta:
    """How much later than planned the four years began; nothing moves before the designation."""
    if designation is None:
        return timedelta()
    return designation.designated_on - date.fromisoformat(content["plan"]["begins_on"])


def _initiatives(content: Mapping[str, Any]) -> Sequence[tuple[str, Mapping[str, Any]]]:
    """Without those that were dropped, by their numbers."""
    kept = [
        (known, told) for known, told in content["initiatives"].items() if told.get("status", "planned") == "planned"
    ]
    return sorted(kept, key=lambda each: each[1].get("number", 0))


def _ends_on(content: Mapping[str, Any], told: Mapping[str, Any]) -> date:
    plan_ends = end_of(date.fromisoformat(content["plan"]["begins_on"])) - timedelta(days=1)
    return _day(told.get("ends_on")) or plan_ends


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _decimal(text: str | None) -> Decimal | None:
    return Decimal(text) if text is not None else None
