"""Who is missing: groups below their target, or so far below their share of the population that it is no chance.

For the city's staff only: the counts here are the true ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from ..kernel.text import fold
from ..processes.models import Process
from . import queries, rates
from .population import first_age, half_of
from .queries import Stage
from .snapshots import Measures, Someone, Tally, tally
from .wording import SUGGESTIONS, target_group


class Kind(StrEnum):
    TARGET = "target"
    PARITY = "parity"


@dataclass(frozen=True, slots=True)
class Gap:
    """``group`` falls short at ``stage`` (``people_joined``, ``organisations_present``).

    Of people ``reached`` and ``wanted`` are shares between 0 and 1, of organisations numbers. ``shortfall``: how many
    more people or organisations it takes, those who are there already unchanged. ``suggestions``: lazy texts.
    """

    group: str
    stage: str
    kind: Kind
    reached: float
    wanted: float
    shortfall: int
    suggestions: tuple[Any, ...]

    @property
    def is_of_people(self) -> bool:
        return self.stage.startswith("people_")


def gaps(session: Session, process: Process, *, now: datetime) -> list[Gap]:
    """Everything that falls short now, targets first; empty before the process opens. Five queries."""
    if process.opened_at is None or process.is_imported:
        return []
    population = queries.population_of(session, process)
    measures = queries.measures(session, process, now=now)
    people = queries.count_people(session, process)
    found = [
        *_organisations(queries.organisation_stages(session, process), process.targets),
        *_people(people, measures, process.targets, population.census.margins() if population is not None else {}),
    ]
    return sorted(found, key=lambda gap: (gap.kind is not Kind.TARGET, gap.stage, gap.group))


def _organisations(stages: tuple[Stage, ...], targets: Mapping[str, int]) -> Iterator[Gap]:
    present = next(stage for stage in stages if stage.stage == "present")
    for key, goal in targets.items():
        reached = present.count(target_group(key))
        if reached is not None and reached < goal:
            yield Gap(key, "organisations_present", Kind.TARGET, reached, goal, goal - reached, suggestions(key))


def _people(
    people: list[Someone], measures: Measures, targets: Mapping[str, int], population: Mapping[str, int]
) -> Iterator[Gap]:
    most = _as_young_as_possible(people, measures)
    for stage, true in tally(people, measures, fold).items():
        for group, goal in ((target_group(key), goal) for key, goal in targets.items()):
            count, known = most[stage].groups[group], _known(true, group)
            if _is_of_people(group) and known and count / known < goal / 100:
                yield _gap(group, stage, Kind.TARGET, count, known, goal / 100)
        for group, share in _shares(population).items():
            count, known = most[stage].groups[group], _known(true, group)
            found = rates.parity(min(count, known), known, round(share * 10**9), 10**9)
            if found is not None and found.is_below and group not in map(target_group, targets):
                yield _gap(group, stage, Kind.PARITY, count, known, share)


def _as_young_as_possible(people: list[Someone], measures: Measures) -> dict[str, Tally]:
    """Counts by the youngest age that each can have, where that makes a group larger: in doubt nobody is missing."""
    found = tally(people, measures, fold)
    for each in people:
        if each.birth_band is None:
            continue
        oldest, youngest = measures.age(each.birth_band), measures.youngest_age(each.birth_band)
        for stage in each.stages:
            if youngest != oldest:
                found[stage].groups[f"band:{youngest}"] += each.number
            if half_of(youngest) != half_of(oldest):
                found[stage].groups[half_of(youngest)] += each.number
    return found


def _shares(population: Mapping[str, int]) -> dict[str, float]:
    """Which part of the city each group is, within its dimension; crossed groups are left out."""
    totals: dict[str, int] = {}
    for group, number in population.items():
        dimension = group.partition(":")[0]
        totals[dimension] = totals.get(dimension, 0) + (number if "&" not in group else 0)
    return {
        group: number / totals[group.partition(":")[0]]
        for group, number in population.items()
        if "&" not in group and totals[group.partition(":")[0]]
    }


def _known(true: Tally, group: str) -> int:
    """Those of whom it is known whether they belong to the group."""
    dimension = group.partition(":")[0]
    not_stated = {"sex": "sex:not_stated", "district": "district:not_stated"}.get(dimension, "age:not_stated")
    return true.total - true.groups[not_stated]


def _is_of_people(group: str) -> bool:
    return group.partition(":")[0] in ("sex", "age", "band", "district")


def _gap(group: str, stage: str, kind: Kind, count: int, known: int, wanted: float) -> Gap:
    shortfall = max(1, round((wanted * known - count) / (1 - wanted))) if wanted < 1 else known - count
    return Gap(group, f"people_{stage}", kind, count / known, wanted, shortfall, suggestions(group))


def suggestions(group: str) -> tuple[Any, ...]:
    """What could be done to reach this group: by group, else by its kind."""
    if group in SUGGESTIONS:
        return SUGGESTIONS[group]
    kind, _colon, name = group.partition(":")
    if group == "age:under_30" or (kind == "band" and first_age(name) < 30):
        return SUGGESTIONS["young"]
    if kind in ("age", "band"):
        return SUGGESTIONS["old"]
    return SUGGESTIONS.get(kind, SUGGESTIONS["other"])
