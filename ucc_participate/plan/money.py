"""What the plan costs and what there is for it, year by year and source by source (rule B2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..resources.models import Certainty, Resource, ResourceKind
from .models import Initiative, Plan, Texts


@dataclass(frozen=True, slots=True)
class Year:
    """Whole units of the plan's currency."""

    year: int
    cost: int
    secured: int
    expected: int

    @property
    def there(self) -> int:
        return self.secured + self.expected

    @property
    def short(self) -> int:
        """What is missing; 0 when there is enough."""
        return max(self.cost - self.there, 0)


@dataclass(frozen=True, slots=True)
class Source:
    """One source with its amounts by year."""

    name: Texts
    certainty: Certainty
    by_year: dict[int, int]

    @property
    def total(self) -> int:
        return sum(self.by_year.values())


@dataclass(frozen=True, slots=True)
class Money:
    """``outside``: years out of the plan for which there is money all the same; it counts for nothing here."""

    years: tuple[Year, ...]
    sources: tuple[Source, ...]
    outside: tuple[int, ...] = ()

    @property
    def cost(self) -> int:
        return sum(year.cost for year in self.years)

    @property
    def secured(self) -> int:
        return sum(year.secured for year in self.years)

    @property
    def expected(self) -> int:
        return sum(year.expected for year in self.years)

    @property
    def short(self) -> int:
        return max(self.cost - self.secured - self.expected, 0)


def money_of(plan: Plan, initiatives: Sequence[Initiative], resources: Iterable[Resource]) -> Money:
    """Every year of the plan, and any other that something costs in."""
    every = [each for each in resources if each.kind is ResourceKind.MONEY and not each.is_void]
    money = [each for each in every if each.year in plan.years]
    costs = [cost for each in initiatives for cost in each.costs]
    years = sorted({*plan.years, *(cost.year for cost in costs)})
    return Money(
        tuple(
            Year(
                year,
                sum(cost.amount for cost in costs if cost.year == year),
                _sum(money, year, Certainty.SECURED),
                _sum(money, year, Certainty.EXPECTED),
            )
            for year in years
        ),
        _sources(money),
        tuple(sorted({each.year for each in every} - set(plan.years))),
    )


def _sum(money: Sequence[Resource], year: int, certainty: Certainty) -> int:
    return sum(each.amount for each in money if each.year == year and each.certainty is certainty)


def _sources(money: Sequence[Resource]) -> tuple[Source, ...]:
    """Secured ones first, the larger first."""
    found: dict[tuple[Certainty, tuple[tuple[str, str], ...]], Source] = {}
    for each in money:
        key = (each.certainty, tuple(sorted(each.source.items())))
        source = found.setdefault(key, Source(each.source, each.certainty, {}))
        source.by_year[each.year] = source.by_year.get(each.year, 0) + each.amount
    return tuple(sorted(found.values(), key=lambda one: (one.certainty is Certainty.EXPECTED, -one.total)))
