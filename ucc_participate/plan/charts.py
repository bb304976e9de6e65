"""Pictures of the plan as numbers from 0 to 1: the four years with every initiative, money by year and source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .models import Initiative, Plan, Texts
from .money import Money, Year


@dataclass(frozen=True, slots=True)
class Bar:
    """An initiative on the line of four years. ``x`` and ``width``: shares of them. ``steps``: where they fall due."""

    initiative: Initiative
    x: float
    width: float
    steps: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Gantt:
    """``years``: where each year after the designation begins, and its first day. ``undated``: without days."""

    bars: tuple[Bar, ...]
    years: tuple[tuple[float, date], ...]
    undated: tuple[Initiative, ...]


def gantt(plan: Plan, initiatives: Sequence[Initiative]) -> Gantt:
    """What lies outside the four years is drawn up to their edge; a blocker names it."""
    first, days = plan.begins_on, (plan.ends_on - plan.begins_on).days

    def place(day: date) -> float:
        return min(max((day - first).days / days, 0.0), 1.0)

    bars = []
    for each in initiatives:
        if each.starts_on is not None and each.ends_on is not None:
            x = place(each.starts_on)
            steps = tuple(place(date.fromisoformat(step["due_on"])) for step in each.steps if step.get("due_on"))
            bars.append(Bar(each, x, max(place(each.ends_on) - x, 0.006), steps))
    years = tuple((place(day), day) for day in _year_days(plan))
    return Gantt(
        tuple(bars), years, tuple(each for each in initiatives if each.starts_on is None or each.ends_on is None)
    )


def _year_days(plan: Plan) -> list[date]:
    days = []
    for after in range(4):
        try:
            days.append(plan.begins_on.replace(year=plan.begins_on.year + after))
        except ValueError:
            days.append(date(plan.begins_on.year + after, 3, 1))
    return days


@dataclass(frozen=True, slots=True)
class Part:
    """A source in a year's bar."""

    name: Texts
    is_secured: bool
    amount: int
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """``cost``: where the year's cost stands on the bar."""

    year: Year
    parts: tuple[Part, ...]
    cost: float


def budget(money: Money) -> list[BudgetRow]:
    """One bar for each year, all on the scale of the dearest or richest."""
    most = max((max(year.cost, year.there) for year in money.years), default=0) or 1
    return [BudgetRow(year, _parts(money, year.year, most), year.cost / most) for year in money.years]


def _parts(money: Money, year: int, most: int) -> tuple[Part, ...]:
    parts: list[Part] = []
    at = 0
    for source in money.sources:
        amount = source.by_year.get(year, 0)
        if amount:
            parts.append(Part(source.name, source.certainty.value == "secured", amount, at / most, amount / most))
            at += amount
    return tuple(parts)
