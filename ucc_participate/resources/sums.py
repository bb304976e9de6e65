"""What the lines of people and money come to: by year, by source, secured and expected (rule B2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from .models import Certainty, Resource, ResourceKind, Texts


@dataclass(slots=True)
class Sum:
    """Money in whole units, or people in full-time equivalents."""

    secured: Decimal = Decimal(0)
    expected: Decimal = Decimal(0)

    @property
    def together(self) -> Decimal:
        return self.secured + self.expected

    def add(self, resource: Resource) -> None:
        if resource.certainty is Certainty.SECURED:
            self.secured += resource.value
        else:
            self.expected += resource.value


@dataclass(slots=True)
class Source:
    """Where it comes from, with its sum of every year that has one."""

    name: Texts
    years: dict[int, Sum] = field(default_factory=dict)


@dataclass(slots=True)
class Table:
    """One kind of resource. ``years``: every year asked for and every one that has a line."""

    years: dict[int, Sum]
    sources: list[Source] = field(default_factory=list)

    @property
    def whole(self) -> Sum:
        sums = self.years.values()
        return Sum(sum((each.secured for each in sums), Decimal(0)), sum((each.expected for each in sums), Decimal(0)))


def table_of(resources: Iterable[Resource], kind: ResourceKind, years: Iterable[int] = ()) -> Table:
    """Sums of the lines of one kind that count; sources with the same name in every language are one."""
    lines = [resource for resource in resources if resource.kind is kind and not resource.is_void]
    table = Table({year: Sum() for year in sorted({*years, *(line.year for line in lines)})})
    known: dict[tuple[tuple[str, str], ...], Source] = {}
    for line in lines:
        source = known.setdefault(tuple(sorted(line.source.items())), Source(line.source))
        source.years.setdefault(line.year, Sum()).add(line)
        table.years[line.year].add(line)
    table.sources = list(known.values())
    return table
