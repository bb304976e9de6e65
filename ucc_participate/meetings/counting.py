"""Attendance in numbers that can be shown: groups below the floor are hidden, and what would give them away too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..accounts.models import Sex
from ..vocabularies.uccn import Sector

AGES = ("under_30", "30_plus")
NOT_STATED = "not_stated"


@dataclass(frozen=True, slots=True)
class Present:
    """One who came, by everything that is counted."""

    sector: Sector | None
    sex: Sex | None
    birth_band: int | None
    has_account: bool


def attendance_counts(
    present: Iterable[Present], organisations: Mapping[Sector, int], *, year: int, floor: int
) -> dict[str, Any]:
    """What is published of an attendance list: ``people`` in all (null below the floor), ``without_account``,
    ``groups`` by sector, sex and age, and ``organisations`` by sector, of which nothing is hidden."""
    people = list(present)
    kinds = {
        "sector": ([*(sector.value for sector in Sector), NOT_STATED], [_sector(each) for each in people]),
        "sex": ([*(sex.value for sex in Sex), NOT_STATED], [_sex(each) for each in people]),
        "age": ([*AGES, NOT_STATED], [_age(each, year) for each in people]),
    }
    groups = []
    for kind, (names, found) in kinds.items():
        shown = hide_small({name: found.count(name) for name in names}, floor)
        groups += [{"group": f"{kind}:{name}", "count": count} for name, count in shown.items()]
    without = hide_small(
        {"with": sum(each.has_account for each in people), "without": sum(not each.has_account for each in people)},
        floor,
    )
    return {
        "people": len(people) if len(people) >= floor or not people else None,
        "without_account": without["without"],
        "groups": groups,
        "organisations": {sector.value: organisations.get(sector, 0) for sector in Sector},
    }


def hide_small(cells: Mapping[str, int], floor: int) -> dict[str, int | None]:
    """The cells of one partition; None for those from 1 to below the floor, and for as many of the next larger ones as
    it takes until the sum of what is hidden is no small number either and more than one cell shares it.

    The total is known to the reader: what is hidden can only be guessed within a sum that is itself at the floor.
    """
    hidden = {name for name, count in cells.items() if 0 < count < floor}
    rest = sorted((count, name) for name, count in cells.items() if count >= floor)
    while hidden and rest and (len(hidden) < 2 or sum(cells[name] for name in hidden) < floor):
        hidden.add(rest.pop(0)[1])
    return {name: None if name in hidden else count for name, count in cells.items()}


def _sector(each: Present) -> str:
    return each.sector.value if each.sector else NOT_STATED


def _sex(each: Present) -> str:
    return each.sex.value if each.sex else NOT_STATED


def _age(each: Present, year: int) -> str:
    if each.birth_band is None:
        return NOT_STATED
    return AGES[0] if year - each.birth_band < 30 else AGES[1]
