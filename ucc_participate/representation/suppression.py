"""Which counts of people may be published beside everything that has been published before.

A table says how many of a stage's people belong to each of some disjoint groups; its total is public (the log tells
it). What somebody can work out who keeps every publication are sums and differences. So a number is published only
when it is 0 or at least ``floor`` away from what was said of its group before (nothing at first: then it is the count
itself); groups for which that is not so *wait*: their older number stays, or they stay hidden. People who are in the
total and in no shown number are then spread over the waiting groups, and nobody can say how: there are at least
``floor`` of them and two groups for them. The same holds for every set of groups whose sum can be worked out at two
publications, and for those of another table who are not in this one (who joined and did not vote).

tests/representation/test_reconstruction.py attacks this with linear programming over several publications.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

FLOOR = 5


@dataclass(frozen=True, slots=True)
class Published:
    """One publication of a table: ``shown`` the number that stands for each group, None where there never was one;
    ``waiting`` those whose number is older than this publication, or hidden."""

    total: int
    shown: Mapping[str, int | None]
    waiting: frozenset[str]

    def sum_of(self, groups: Iterable[str]) -> int:
        """People in these groups at that time; everybody could work it out when they include all that wait."""
        inside = set(groups)
        return self.total - sum(count or 0 for name, count in self.shown.items() if name not in inside)


@dataclass(frozen=True, slots=True)
class Table:
    """The true counts of a table now, with what was published of it, oldest first.

    ``within``: counts of the same groups in a wider table of which this one's people are part; ``beside``: what was
    published of that wider table, each with this one's total at the time.
    ``outside``: of narrower tables, groups that wait there with their sum: those here may not be few more.
    """

    counts: Mapping[str, int]
    history: Sequence[Published] = ()
    within: Mapping[str, int] | None = None
    beside: Sequence[tuple[Published, int]] = ()
    outside: Sequence[tuple[frozenset[str], int]] = ()

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def base(self, group: str) -> int:
        """The number that stands for the group so far."""
        return (self.history[-1].shown.get(group) if self.history else None) or 0

    def growth(self, group: str) -> int:
        return self.counts[group] - self.base(group)


def suppress(cells: Mapping[str, int], *, floor: int = FLOOR) -> dict[str, int | None]:
    """A table that is published once, with nothing before it: counts, None where hidden."""
    made = publish(Table(cells), floor=floor)
    return dict.fromkeys(cells) if made is None else dict(made.shown)


def publish(table: Table, *, floor: int = FLOOR) -> Published | None:
    """What can be published now; None when the older publication has to stay as it is."""
    made = publish_together({"": table}, floor=floor)
    return None if made is None else made[""]


def publish_together(
    rows: Mapping[str, Table], *, floor: int = FLOOR, waiting: Iterable[str] = (), columns: Table | None = None
) -> dict[str, Published] | None:
    """Tables with the same groups whose sums by group are public too: in all of them the same groups wait.

    ``waiting``: groups that wait anyway. ``columns``: the sums by group; where one of a waiting group is public, its
    part that no row shows is 0 or at least ``floor``.
    """
    names = list(next(iter(rows.values())).counts)
    held = set(waiting) | {name for name in names for row in rows.values() if _is_few(row, name, floor)}
    while (fault := _fault(rows, frozenset(held), floor, columns)) is not None:
        more = fault - held or _next(rows, names, held)
        if not more:
            return None
        held |= more
    if len(held) == len(names):
        return None
    return {key: _published(row, frozenset(held)) for key, row in rows.items()}


def _published(row: Table, held: frozenset[str]) -> Published:
    last = row.history[-1].shown if row.history else {}
    shown = {name: last.get(name) if name in held else count for name, count in row.counts.items()}
    return Published(row.total, shown, held)


def _is_few(row: Table, name: str, floor: int) -> bool:
    """Whether showing this count tells of fewer than ``floor`` people."""
    if not _tells_enough(row.growth(name), floor):
        return True
    if row.within is None or not row.growth(name):
        return False
    return not _tells_enough(row.within[name] - row.counts[name], floor)


def _next(rows: Mapping[str, Table], names: Sequence[str], held: set[str]) -> set[str]:
    """The group that costs least to keep back: the smallest growth, those without any last."""

    def cost(name: str) -> tuple[bool, int]:
        growth = sum(abs(row.growth(name)) for row in rows.values())
        return growth == 0, growth

    return {min((name for name in names if name not in held), key=cost)} if len(held) < len(names) else set()


def _fault(rows: Mapping[str, Table], held: frozenset[str], floor: int, columns: Table | None) -> frozenset[str] | None:
    """Groups that must wait too, or an empty set when some other must; None when nothing can be worked out."""
    if len(held) == 1:
        return frozenset()
    for row in rows.values():
        fault = _fault_of(row, held, floor)
        if fault is not None:
            return fault
    if columns is not None:
        for name in held:
            if not _tells_enough(columns.counts[name] - sum(row.base(name) for row in rows.values()), floor):
                return frozenset()
    return None


def _fault_of(row: Table, held: frozenset[str], floor: int) -> frozenset[str] | None:
    if held and not _tells_enough(sum(row.growth(name) for name in held), floor):
        return frozenset()
    if held and row.within is not None:
        apart = sum(row.within[name] - row.counts[name] for name in held)
        if not _tells_enough(apart, floor):
            return frozenset()
    if any(_presses(row, held, at) for at in range(len(row.beside))):
        return frozenset()
    for groups, people in row.outside:
        if not groups <= held and not _tells_enough(sum(row.counts[name] for name in groups) - people, floor):
            return groups
    between: set[frozenset[str]] = set()
    for earlier in reversed(row.history):
        if earlier.waiting and (held != earlier.waiting or any(held < other for other in between)):
            is_apart = not held & earlier.waiting
            block = earlier.waiting if is_apart else earlier.waiting | held
            growth = sum(row.counts[name] for name in block) - earlier.sum_of(block)
            if abs(growth) < floor and not (growth == 0 and (is_apart or held > earlier.waiting)):
                return next((other for other in between if held < other), earlier.waiting)
        between.add(earlier.waiting)
    return next((late for late in _unsettled(row.history) if _is_across(held, late)), None)


def _presses(row: Table, held: frozenset[str], at: int) -> bool:
    """Whether anything follows from how many there were at a publication of the wider table: they had to fit in there.

    Either about groups that waited in the wider table, given what this one shows now, or about those that wait here.
    """
    wide, total = row.beside[at]
    names, late, spread = frozenset(row.counts), wide.waiting, wide.sum_of(wide.waiting)
    waiting = sum(row.counts[name] for name in held)
    most = {name: row.counts[name] for name in names - held}
    for later, _total in row.beside[at + 1 :]:
        for name in names - later.waiting:
            most[name] = min(most.get(name, total), later.shown[name] or 0)

    def needed(groups: frozenset[str], of: Mapping[str, int | None]) -> int:
        """How many of this table's people must have been in these groups, beyond those who are shown in them."""
        rest = names - groups
        fits = {name: most.get(name, total) for name in rest}
        fits |= {name: min(wide.shown[name] or 0, fits[name]) for name in rest - late}
        by_wide = sum(fits[name] for name in rest - late) + min(spread, sum(fits[name] for name in rest & late))
        by_own = sum(fits[name] for name in rest - held) + min(waiting, sum(fits[name] for name in rest & held))
        return max(0, total - min(by_wide, by_own) - sum(of.get(name) or 0 for name in groups))

    bases: dict[str, int | None] = {name: row.base(name) for name in names}
    parts = [(late, dict(wide.shown)), (held, bases)]
    return any(
        needed(group, of) > 0 for part, of in parts for name in part for group in (part - {name}, frozenset({name}))
    )


def _unsettled(history: Sequence[Published]) -> list[frozenset[str]]:
    """Groups that waited together and were not all shown at one time since."""
    found: list[frozenset[str]] = []
    for published in history:
        found = [groups for groups in found if groups & published.waiting]
        found += [published.waiting] if published.waiting else []
    return found


def _is_across(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one & other) and not one <= other and not one >= other


def _tells_enough(people: int, floor: int) -> bool:
    return people == 0 or abs(people) >= floor


@dataclass(frozen=True, slots=True)
class Margins:
    """Sums of a two-way table at one publication: of its rows and of its columns."""

    rows: Published
    columns: Published


def publish_crossed(
    cells: Mapping[str, Table], *, now: Margins, before: Iterable[Margins], floor: int = FLOOR
) -> dict[str, Published] | None:
    """A two-way table (rows of columns) beside its margins: whole, or not at all.

    ``before``: the margins that were published without the table since the table was published last.
    """
    if now.rows.waiting or now.columns.waiting:
        return None
    made = publish_together(cells, floor=floor)
    if made is None or any(row.waiting for row in made.values()):
        return None
    caps = {(row, column): count for row, table in cells.items() for column, count in table.counts.items()}
    least = {(row, column): table.base(column) for row, table in cells.items() for column in table.counts}
    is_safe = all(_keeps_room(caps, least, margins, floor) for margins in before)
    return made if is_safe else None


def _keeps_room(
    caps: Mapping[tuple[str, str], int], least: Mapping[tuple[str, str], int], known: Margins, floor: int
) -> bool:
    """Whether each cell kept an interval ``floor`` wide when these margins were published, now that the cells are.

    Gale's condition for a table of given margins with no cell over its cap. Rows that waited then are one row.
    """
    names = {row: "" if row in known.rows.waiting else row for row, _ in caps}
    tops = {column: "" if column in known.columns.waiting else column for _, column in caps}
    room: dict[tuple[str, str], int] = {}
    base: dict[tuple[str, str], int] = {}
    for (row, column), cap in caps.items():
        key = names[row], tops[column]
        room[key] = room.get(key, 0) + cap - least[row, column]
        base[key] = base.get(key, 0) + least[row, column]
    rows, columns = sorted(set(names.values())), sorted(set(tops.values()))
    across = {row: _sum_of(known.rows, row) - sum(base[row, column] for column in columns) for row in rows}
    down = {column: _sum_of(known.columns, column) - sum(base[row, column] for row in rows) for column in columns}
    return all(_is_wide(room, across, down, key, floor) for key in room)


def _sum_of(published: Published, group: str) -> int:
    return (published.shown[group] or 0) if group else published.sum_of(published.waiting)


def _is_wide(
    room: Mapping[tuple[str, str], int],
    across: Mapping[str, int],
    down: Mapping[str, int],
    key: tuple[str, str],
    floor: int,
) -> bool:
    row, column = key
    low, high = 0, min(room[key], across[row], down[column])
    for size in range(len(across) + 1):
        for some in combinations(across, size):
            elsewhere = sum(
                min(down[other], sum(room[each, other] for each in some)) for other in down if other != column
            )
            surplus = sum(across[each] for each in some) - elsewhere
            if row in some:
                low = max(low, surplus - sum(room[each, column] for each in some if each != row))
            else:
                high = min(high, down[column] - surplus)
    return high - low >= floor or (high == low and _tells_enough(low, floor))
