"""The page of who takes part, line by line: counts, shares, rates with their intervals, parity with the population."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from ..kernel.i18n import number, percent, reader
from . import charts, rates
from .charts import known
from .queries import Cell, Presence, Stage
from .rates import Parity, Rate
from .snapshots import ELSEWHERE, PERSON_STAGES
from .wording import DIMENSIONS, group_name

STATED = {"sex": ("sex:female", "sex:male", "sex:other"), "age": ("age:under_30", "age:30_plus")}
SILENT = ("not_stated", ELSEWHERE)

day_of = charts.day_of
"""For the templates, which get this module."""


@dataclass(frozen=True, slots=True)
class Line:
    """A group in a table. ``counts``: a cell for each stage. ``share``: of those who joined and said; ``city``: its
    share of the population; ``reached``: those who joined, of all such people in the city."""

    group: str
    name: Any
    counts: tuple[Cell | None, ...]
    share: Rate | None = None
    city: float | None = None
    reached: Rate | None = None
    parity: Parity | None = None

    @property
    def is_unknown(self) -> bool:
        return self.group.endswith("not_stated") or self.group == ELSEWHERE


@dataclass(frozen=True, slots=True)
class Part:
    """One dimension: its lines; how many did not say; how far it is from the population; whether a margin is small."""

    dimension: str
    title: Any
    lines: tuple[Line, ...]
    silent: Rate | None
    apart: float | None
    is_few: bool
    has_city: bool


@dataclass(frozen=True, slots=True)
class Crossed:
    """Women and men by age band: rows of band, women, men."""

    rows: tuple[tuple[Any, Cell | None, Cell | None], ...]


def parts(presence: Presence, population: Mapping[str, int]) -> list[Part]:
    """The dimensions that have been published, in the order of the page."""
    stages = [presence.stage("people", name) for name in PERSON_STAGES]
    counted = next((stage for stage in stages if len(stage.cells) > 1), None)
    if counted is None:
        return []
    found = []
    for dimension in DIMENSIONS:
        groups = [
            cell.group for cell in counted.cells if cell.group.startswith(f"{dimension}:") and "&" not in cell.group
        ]
        if groups:
            found.append(_part(dimension, groups, stages, counted, population))
    return found


def _part(
    dimension: str, groups: Sequence[str], stages: Sequence[Stage], counted: Stage, population: Mapping[str, int]
) -> Part:
    stated = STATED.get(dimension) or tuple(group for group in groups if not group.endswith(SILENT))
    whole = known(counted, stated if dimension != "district" else (*stated, ELSEWHERE))
    if dimension == "band":
        whole = known(counted, STATED["age"])
    city = {group: people for group, people in population.items() if group in groups}
    lines = [_line(group, stages, counted, whole, city) for group in groups]
    if dimension == "band":
        silent = counted.cell("age:not_stated")
        lines += [_line("age:not_stated", stages, counted, None, {})]
    else:
        silent = counted.cell(f"{dimension}:not_stated")
    shown = {group: counted.count(group) for group in city}
    apart = None
    if city and all(count is not None for count in shown.values()):
        apart = rates.dissimilarity({group: count or 0 for group, count in shown.items()}, city)
    few = whole is not None and whole < rates.FEW
    share = rates.rate(silent.count, silent.of) if silent and silent.count is not None and silent.of else None
    return Part(dimension, DIMENSIONS[dimension], tuple(lines), share, apart, few, bool(city))


def _line(group: str, stages: Sequence[Stage], counted: Stage, whole: int | None, city: Mapping[str, int]) -> Line:
    counts = tuple(stage.cell(group) for stage in stages)
    count, people, everybody = counted.count(group), city.get(group), sum(city.values())
    line = Line(group, group_name(group), counts)
    if count is None or line.is_unknown:
        return line
    share = rates.rate(count, whole) if whole else None
    if people is None or not everybody:
        return Line(group, line.name, counts, share)
    parity = rates.parity(count, whole, people, everybody) if whole and count <= whole else None
    return Line(group, line.name, counts, share, people / everybody, rates.rate(count, people), parity)


def crossed(presence: Presence, bands: Sequence[str]) -> Crossed | None:
    """Women and men by age; None while that table is not published."""
    joined = presence.stage("people", "joined")
    columns = [*(f"band:{band}" for band in bands), "age:not_stated"]
    rows = tuple(
        (group_name(column), joined.cell(f"sex:female&{column}"), joined.cell(f"sex:male&{column}"))
        for column in columns
    )
    is_there = any(cell is not None and cell.count is not None for _name, *cells in rows for cell in cells)
    return Crossed(rows) if is_there else None


@dataclass(frozen=True, slots=True)
class Step:
    """A stage of macros/charts.html funnel()."""

    label: Any
    value: int
    words: str


def steps(presence: Presence, names: Mapping[str, Any]) -> list[Step]:
    """How many people came how far."""
    found = []
    for name in PERSON_STAGES:
        count = presence.stage("people", name).count("all")
        if count is not None:
            found.append(Step(names[f"people_{name}"], count, number(count, locale=reader().locale)))
    return found


def words_of(rate: Rate | None, *, decimals: int = 0) -> str:
    """``12% (10–14%)``."""
    if rate is None:
        return "–"
    return str(_("%(value)s (%(low)s to %(high)s)", **_written(rate.value, rate.low, rate.high, decimals)))


def _written(value: float, low: float, high: float, decimals: int) -> dict[str, str]:
    locale = reader().locale
    named = {"value": value, "low": low, "high": high}
    return {name: percent(each, locale=locale, decimals=decimals) for name, each in named.items()}


def parity_words(parity: Parity | None) -> str:
    """``0.8 (0.7 to 0.9)``."""
    if parity is None:
        return "–"
    locale = reader().locale
    named = {"value": parity.value, "low": parity.low, "high": parity.high}
    written = {name: number(each, locale=locale, decimals=2) for name, each in named.items()}
    return str(_("%(value)s (%(low)s to %(high)s)", **written))


def table_rows(presence: Presence, names: Mapping[str, Any]) -> list[list[Any]]:
    """What is public, for a spreadsheet: stage, group, count, of, since."""
    rows: list[list[Any]] = [[_("Stage"), _("Group"), _("Number"), _("Out of"), _("As of")]]
    for kind, stages in (("organisations", presence.organisations), ("people", presence.people)):
        for stage in stages:
            for cell in stage.cells:
                count = _("hidden") if cell.count is None else cell.count
                at = cell.at or (presence.at if kind == "people" else None)
                name = str(names[f"{kind}_{stage.stage}"])
                rows.append([name, str(group_name(cell.group)), count, cell.of, (at or "")[:10]])
    return rows
