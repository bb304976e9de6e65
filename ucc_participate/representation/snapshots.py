"""What may be published of the people of a process, given everything that was published before.

Figures are the object of ``figures.published`` (docs/record-format.md §6). Each dimension of each stage is a table of
suppression.py: sexes; under 30, 30 and older; the bands within each half; districts; ways in; women and men by band.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from .population import band_of, half_of
from .suppression import Margins, Published, Table, publish, publish_crossed, publish_together

SEXES: Final = ("female", "male", "other", "not_stated")
HALVES: Final = ("age:under_30", "age:30_plus", "age:not_stated")
WAYS: Final = ("internet", "paper", "workshop", "phone", "counter")
ROWS: Final = ("sex:female", "sex:male", "sex:rest")
NARROW: Final = ("proposing", "commenting", "voting")
PERSON_STAGES: Final = ("joined", *NARROW)
ELSEWHERE: Final = "district:elsewhere"

Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Someone:
    """So many people who have the same things said of them and came the same way."""

    sex: str | None
    birth_band: int | None
    district: str | None
    way: str
    stages: frozenset[str]
    number: int


@dataclass(frozen=True, slots=True)
class Measures:
    """By what people are counted: age bands, districts by their folded name, the year in which ages are taken."""

    bands: tuple[str, ...]
    districts: Mapping[str, str]
    year: int

    def age(self, birth_band: int) -> str:
        """The band of the oldest age that somebody of these five years can have: the young are never overstated."""
        return band_of(max(0, self.year - birth_band), self.bands)

    def youngest_age(self, birth_band: int) -> str:
        """The band of the youngest age that somebody of these five years can have."""
        return band_of(max(0, self.year - birth_band - 5), self.bands)

    def axes(self) -> dict[str, tuple[str, ...]]:
        """The groups of every table, by its name; the bands are named after their half."""
        places = tuple(f"district:{name}" for name in dict.fromkeys(self.districts.values()))
        found: dict[str, tuple[str, ...]] = {"sex": tuple(f"sex:{sex}" for sex in SEXES), "age": HALVES}
        for half in HALVES[:2]:
            found[half] = tuple(f"band:{band}" for band in self.bands if half_of(band) == half)
        if places:
            found["district"] = (*places, ELSEWHERE, "district:not_stated")
        found["way"] = tuple(f"way:{way}" for way in WAYS)
        return found


@dataclass(slots=True)
class Tally:
    """True counts of one stage by group, crossed ones included."""

    total: int = 0
    groups: Counter[str] = field(default_factory=Counter)


def tally(people: Iterable[Someone], measures: Measures, fold: Any) -> dict[str, Tally]:
    """The true counts of every stage. Nothing of this leaves the server as it is."""
    found = {stage: Tally() for stage in PERSON_STAGES}
    for each in people:
        groups = _groups_of(each, measures, fold)
        for stage in each.stages:
            found[stage].total += each.number
            for group in groups:
                found[stage].groups[group] += each.number
    return found


def _groups_of(each: Someone, measures: Measures, fold: Any) -> list[str]:
    band = "age:not_stated" if each.birth_band is None else f"band:{measures.age(each.birth_band)}"
    half = band if each.birth_band is None else half_of(band.removeprefix("band:"))
    place = measures.districts.get(fold(each.district)) if each.district else None
    district = f"district:{place}" if place else ELSEWHERE if each.district else "district:not_stated"
    row = f"sex:{each.sex}" if each.sex in ("female", "male") else "sex:rest"
    groups = [f"sex:{each.sex or 'not_stated'}", half, district, f"way:{each.way}", f"{row}&{band}"]
    return groups if each.birth_band is None else [*groups, band]


@dataclass(slots=True)
class _Axis:
    """One table of one stage: what was published of it with the stage's own figures at that time."""

    groups: tuple[str, ...]
    history: list[Published] = field(default_factory=list)
    times: list[int] = field(default_factory=list)
    made: Published | None = None


def renew(
    tallies: Mapping[str, Tally], measures: Measures, earlier: Sequence[Figures], *, floor: int, at: str
) -> list[dict[str, Any]]:
    """The stages of the people as they may be published now. ``earlier``: all figures of the process, oldest first."""
    wide = _Stage("joined", tallies["joined"], measures, earlier, floor)
    narrow = [_Stage(name, tallies[name], measures, earlier, floor) for name in NARROW]
    for axis in wide.axes:
        wide.publish_wide(axis, [stage.axes[axis] for stage in narrow])
        for stage in narrow:
            stage.publish_narrow(axis, wide)
    wide.publish_crossed()
    return [stage.figures(at) for stage in (wide, *narrow)]


class _Stage:
    def __init__(self, name: str, true: Tally, measures: Measures, earlier: Sequence[Figures], floor: int) -> None:
        self.name, self.true, self.floor = name, true, floor
        self.columns = (*(f"band:{band}" for band in measures.bands), "age:not_stated")
        self.axes = {axis: _Axis(groups) for axis, groups in measures.axes().items()}
        self.rows = {row: _Axis(tuple(f"{row}&{column}" for column in self.columns)) for row in ROWS}
        self.shown: dict[str, dict[str, Any]] = {}
        self.told: list[Mapping[str, Mapping[str, Any]]] = []
        self.margins: list[Margins] = []
        self.margins_now: tuple[Published, Published] | None = None
        for then, cells in _cells_of(earlier, f"people_{name}"):
            self._remember(then, cells)

    def _remember(self, then: str, cells: Mapping[str, Mapping[str, Any]]) -> None:
        total = cells["all"]["count"]
        self.told.append(cells)
        for axis in self.axes.values():
            axis.made = _published(cells, axis.groups, self._whole(axis, cells, total))
            if axis.made is not None:
                axis.history.append(axis.made)
                axis.times.append(len(self.told) - 1)
        crossed = {
            row: _published(cells, axis.groups, self._whole_row(row, cells, total)) for row, axis in self.rows.items()
        }
        if all(crossed.values()):
            for row, axis in self.rows.items():
                axis.history.append(_of_columns(crossed[row], row))
            self.margins = []
        else:
            self._remember_margins(total)
        self.shown |= {group: {"at": then, **cell} for group, cell in cells.items()}

    def _remember_margins(self, total: int) -> None:
        found = self._margins(total)
        if found is not None:
            self.margins_now = found
        if self.margins_now is not None:
            self.margins.append(Margins(*self.margins_now))

    def _whole(self, axis: _Axis, cells: Mapping[str, Mapping[str, Any]], total: int) -> int | None:
        half = next((name for name in HALVES[:2] if self.axes[name] is axis), None)
        if half is None:
            return total
        cell = cells.get(half, {})
        return None if "at" in cell else cell.get("count")

    def _whole_row(self, row: str, cells: Mapping[str, Mapping[str, Any]], total: int) -> int | None:
        known = {name: cells.get(name, {}) for name in ROWS[:2]}
        if any("at" in cell or cell.get("count") is None for cell in known.values()):
            return None
        counts = {name: int(cell["count"]) for name, cell in known.items()}
        return counts.get(row, total - sum(counts.values()))

    def _margins(self, total: int) -> tuple[Published, Published] | None:
        """Women, men and the rest; all bands and those who did not say: as published at one time."""
        sexes, halves = self.axes["sex"].made, self.axes["age"].made
        parts = [self.axes[half].made for half in HALVES[:2]]
        if sexes is None or halves is None or any(part is None for part in parts):
            return None
        hidden = {name for name in ROWS[:2] if name in sexes.waiting}
        rest = None if hidden else total - sum(sexes.shown[name] or 0 for name in ROWS[:2])
        rows = Published(
            total,
            {**{name: sexes.shown[name] for name in ROWS[:2]}, "sex:rest": rest},
            frozenset(hidden | {"sex:rest"} if hidden else ()),
        )
        shown, waiting = {"age:not_stated": halves.shown["age:not_stated"]}, set(halves.waiting & {"age:not_stated"})
        for part in parts:
            assert part is not None  # noqa: S101 - looked at above
            shown |= part.shown
            waiting |= part.waiting
        return rows, Published(total, shown, frozenset(waiting))

    def counts(self, axis: str) -> dict[str, int]:
        return {group: self.true.groups[group] for group in self.axes[axis].groups}

    def publish_wide(self, name: str, narrow: Iterable[_Axis]) -> None:
        axis = self.axes[name]
        axis.made = None
        if name == "way":
            axis.made = Published(self.true.total, self.counts(name), frozenset())
        elif name not in HALVES or self._is_shown_now(name):
            outside = [
                (past.waiting, past.sum_of(past.waiting)) for other in narrow for past in other.history if past.waiting
            ]
            axis.made = publish(Table(self.counts(name), axis.history, outside=outside), floor=self.floor)

    def publish_narrow(self, name: str, wide: _Stage) -> None:
        axis, around = self.axes[name], wide.axes[name]
        axis.made = None
        if around.made is None or (name in HALVES and not self._is_shown_now(name)):
            return
        beside = [*self._beside(around, name), (around.made, sum(self.counts(name).values()))]
        table = Table(self.counts(name), axis.history, within=wide.counts(name), beside=beside)
        made = publish_together({"": table}, floor=self.floor, waiting=around.made.waiting)
        axis.made = None if made is None else made[""]

    def _beside(self, around: _Axis, name: str) -> list[tuple[Published, int]]:
        """The wider table's publications with the sum that was known of this stage's table then."""
        group = name if name in HALVES else "all"
        known = [self.told[time].get(group, {}).get("count") for time in around.times]
        return [(past, count) for past, count in zip(around.history, known, strict=True) if count is not None]

    def _is_shown_now(self, half: str) -> bool:
        made = self.axes["age"].made
        return made is not None and half not in made.waiting

    def publish_crossed(self) -> None:
        found = self._margins(self.true.total)
        for axis in self.rows.values():
            axis.made = None
        if found is None:
            return
        tables = {
            row: Table({column: self.true.groups[f"{row}&{column}"] for column in self.columns}, axis.history)
            for row, axis in self.rows.items()
        }
        made = publish_crossed(tables, now=Margins(*found), before=self.margins, floor=self.floor)
        for row, axis in self.rows.items():
            axis.made = None if made is None else _with_row(made[row], row)

    def figures(self, at: str) -> dict[str, Any]:
        """This stage for the log. A number that is older than this publication says from when it is."""
        cells: list[dict[str, Any]] = [{"group": "all", "count": self.true.total, "of": self.true.total}]
        for axis in (*self.axes.values(), *(self.rows.values() if self.name == "joined" else ())):
            cells += [self._cell(group, axis) for group in axis.groups]
        return {"stage": f"people_{self.name}", "at": at, "cells": cells}

    def _cell(self, group: str, axis: _Axis) -> dict[str, Any]:
        if not self.true.total:
            return {"group": group, "count": 0, "of": 0}
        if axis.made is not None and group not in axis.made.waiting:
            return {"group": group, "count": axis.made.shown[group], "of": self.true.total}
        old = self.shown.get(group)
        if old is None or old["count"] is None:
            return {"group": group, "count": None, "of": self.true.total}
        return old


def _cells_of(earlier: Sequence[Figures], stage: str) -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
    """Time and cells of a stage in each figures, by group; an older number has ``at``, when it was new."""
    for figures in earlier:
        found = next((each for each in figures.get("stages", []) if each["stage"] == stage), None)
        if found is not None:
            yield found.get("at", ""), {cell["group"]: cell for cell in found["cells"]}


def _published(cells: Mapping[str, Mapping[str, Any]], groups: Sequence[str], total: int | None) -> Published | None:
    """What these figures published of a table; None when they only carried on older numbers."""
    found = [cells.get(group) for group in groups]
    if total is None or any(cell is None for cell in found):
        return None
    shown = {group: cells[group]["count"] for group in groups}
    waiting = frozenset(group for group in groups if shown[group] is None or "at" in cells[group])
    return None if len(waiting) == len(groups) else Published(total, shown, waiting)


def _of_columns(published: Published | None, row: str) -> Published:
    assert published is not None  # noqa: S101 - only of crossed tables that are whole
    shown = {group.removeprefix(f"{row}&"): count for group, count in published.shown.items()}
    return Published(published.total, shown, frozenset(group.removeprefix(f"{row}&") for group in published.waiting))


def _with_row(published: Published, row: str) -> Published:
    return Published(
        published.total,
        {f"{row}&{column}": count for column, count in published.shown.items()},
        frozenset(f"{row}&{column}" for column in published.waiting),
    )
