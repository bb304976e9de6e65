"""An attacker who kept every publication tries to work out what was not shown, by exact linear programming.

What the attacker knows: every number that was shown when it was new; every total, also of days on which nothing was
shown (the log tells them); that nobody leaves, that who voted had joined, that parts add up. Nothing else of the
product's is used here. A number that was not shown must keep an interval of K, or as wide as the people allow who are
in no shown number; or be worked out exactly as something that might have been shown: 0 or at least K more than before.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import pytest

from tests.representation.linear import Impossible, Known, Polytope
from ucc_participate.representation.population import DEFAULT_BANDS
from ucc_participate.representation.snapshots import Measures, Someone, renew, tally
from ucc_participate.representation.suppression import (
    Margins,
    Published,
    Table,
    publish,
    publish_crossed,
    publish_together,
    suppress,
)

K = 5
Truth = list[dict[Any, int]]
STEPS = (0, 0, 1, 2, 3, 5, 8)


def grown(rng: random.Random, count: int) -> int:
    return count + rng.choice([*STEPS, rng.randint(0, 30)])


def is_kept(low: Any, high: Any, base: int, loose: int) -> bool:
    if high is None or high - low >= min(K, loose):
        return True
    return low == high and (low == base or low - base >= K)


# --- one table, and one within another ----------------------------------------------------------------------------


def hold(rng: random.Random) -> tuple[list[str], dict[str, Truth], dict[str, list[Published | None]]]:
    """A few publications of those who joined, and of those of them who voted, by the same groups."""
    groups = [f"g{number}" for number in range(rng.randint(2, 5))]
    joined, voted = dict.fromkeys(groups, 0), dict.fromkeys(groups, 0)
    truth: dict[str, Truth] = {"joined": [], "voted": []}
    made: dict[str, list[Published | None]] = {"joined": [], "voted": []}
    for _ in range(rng.randint(1, 4)):
        joined = {group: grown(rng, count) for group, count in joined.items()}
        voted = {group: min(joined[group], grown(rng, count)) for group, count in voted.items()}
        truth["joined"].append(joined)
        truth["voted"].append(voted)
        _publish_both(truth, made)
    return groups, truth, made


def _publish_both(truth: dict[str, Truth], made: dict[str, list[Published | None]]) -> None:
    joined, voted = truth["joined"][-1], truth["voted"][-1]
    past = {name: [each for each in all_of if each is not None] for name, all_of in made.items()}
    outside = [(each.waiting, each.sum_of(each.waiting)) for each in past["voted"] if each.waiting]
    wide = publish(Table(joined, past["joined"], outside=outside), floor=K)
    made["joined"].append(wide)
    narrow = None
    if wide is not None:
        totals = [sum(counts.values()) for counts in truth["voted"]]
        beside = [(each, total) for each, total in zip(made["joined"], totals, strict=True) if each is not None]
        table = Table(voted, past["voted"], within=joined, beside=beside)
        narrow = (publish_together({"": table}, floor=K, waiting=wide.waiting) or {}).get("")
    made["voted"].append(narrow)


def known(groups: list[str], truth: dict[str, Truth], made: dict[str, list[Published | None]]) -> Polytope:
    equal: list[Known] = []
    most: list[Known] = []
    for name, tables in made.items():
        for time, table in enumerate(tables):
            equal.append(({(name, time, group): 1 for group in groups}, sum(truth[name][time].values())))
            if table is not None:
                equal += [({(name, time, g): 1}, table.shown[g] or 0) for g in groups if g not in table.waiting]
            if time:
                most += [({(name, time - 1, group): 1, (name, time, group): -1}, 0) for group in groups]
            if name == "voted":
                most += [({("voted", time, group): 1, ("joined", time, group): -1}, 0) for group in groups]
    return Polytope(equal, most)


def betrayed(groups: list[str], truth: dict[str, Truth], made: dict[str, list[Published | None]]) -> Iterator[Any]:
    polytope = known(groups, truth, made)
    for name, tables in made.items():
        base = dict.fromkeys(groups, 0)
        for time, table in enumerate(tables):
            if table is None:
                continue
            base |= {group: table.shown[group] or 0 for group in groups if group not in table.waiting}
            loose = table.total - sum(base.values())
            for group in table.waiting:
                low, high = polytope.interval({(name, time, group): 1})
                assert low <= truth[name][time][group]
                assert high is None or truth[name][time][group] <= high
                if not is_kept(low, high, base[group], loose):
                    yield name, time, group, low, high


@pytest.mark.parametrize("block", range(8))
def test_nothing_hidden_can_be_worked_out_from_several_publications_and_stages(block: int) -> None:
    shown = 0
    for seed in range(block * 25, block * 25 + 25):
        groups, truth, made = hold(random.Random(seed))
        assert list(betrayed(groups, truth, made)) == [], (seed, truth, made)
        shown += sum(len(groups) - len(table.waiting) for table in made["joined"] if table is not None)
    assert shown > 50  # hiding everything would be no art


def test_the_attack_finds_what_careless_publishing_betrays() -> None:
    """Each cell alone is large enough; the difference of two publications is not."""
    truth = {"joined": [{"a": 20, "b": 30}, {"a": 22, "b": 37}], "voted": [{"a": 0, "b": 0}, {"a": 0, "b": 0}]}
    careless = Published(59, {"a": 20, "b": 37}, frozenset({"a"}))
    made: dict[str, list[Published | None]] = {
        "joined": [publish(Table(truth["joined"][0])), careless],
        "voted": [None, None],
    }
    assert list(betrayed(["a", "b"], truth, made)) == [("joined", 1, "a", 22, 22)]


# --- women and men by band, beside their margins ------------------------------------------------------------------


@pytest.mark.parametrize("block", range(6))
def test_a_two_way_table_betrays_nothing_beside_its_margins(block: int) -> None:
    shown = 0
    for seed in range(block * 15, block * 15 + 15):
        rng = random.Random(seed)
        faults, cells = _attack_crossed(rng)
        assert faults == [], seed
        shown += cells
    assert shown > 0


def _attack_crossed(rng: random.Random) -> tuple[list[Any], int]:
    rows, columns = ["f", "m", "r"], [f"b{number}" for number in range(rng.randint(2, 4))]
    cells = dict.fromkeys(product(rows, columns), 0)
    truth: Truth = []
    made: list[tuple[Published | None, Published | None, dict[str, Published] | None]] = []
    past: dict[str, list[Published]] = {name: [] for name in ("rows", "columns", *rows)}
    alone: list[Margins] = []
    for _ in range(rng.randint(1, 3)):
        cells = {cell: grown(rng, count) + rng.choice([0, rng.randint(0, 30)]) for cell, count in cells.items()}
        truth.append(cells)
        across = publish(Table({row: sum(cells[row, c] for c in columns) for row in rows}, past["rows"]), floor=K)
        down = publish(Table({c: sum(cells[row, c] for row in rows) for c in columns}, past["columns"]), floor=K)
        whole = None
        if across is not None and down is not None:
            tables = {row: Table({c: cells[row, c] for c in columns}, past[row]) for row in rows}
            whole = publish_crossed(tables, now=Margins(across, down), before=alone, floor=K)
        for name, table in (("rows", across), ("columns", down), *(whole or {}).items()):
            past[name] += [table] if table is not None else []
        if whole is not None:
            alone = []
        elif past["rows"] and past["columns"]:
            alone = [*alone, Margins(past["rows"][-1], past["columns"][-1])]
        made.append((across, down, whole))
    return _betrayed_cells(rows, columns, truth, made), sum(1 for each in made if each[2] is not None)


def _betrayed_cells(rows: list[str], columns: list[str], truth: Truth, made: list[Any]) -> list[Any]:
    equal: list[Known] = []
    most: list[Known] = []
    for time, (across, down, whole) in enumerate(made):
        equal.append(({(time, *cell): 1 for cell in truth[time]}, sum(truth[time].values())))
        shown: list[tuple[list[Any], int]] = []
        if across is not None:
            shown += [([(r, c) for c in columns], across.shown[r]) for r in rows if r not in across.waiting]
        if down is not None:
            shown += [([(r, c) for r in rows], down.shown[c]) for c in columns if c not in down.waiting]
        shown += [([(r, c)], whole[r].shown[c]) for r in rows for c in columns] if whole is not None else []
        equal += [({(time, *cell): 1 for cell in some}, count) for some, count in shown]
        if time:
            most += [({(time - 1, *cell): 1, (time, *cell): -1}, 0) for cell in truth[time]]
    polytope = Polytope(equal, most)
    found, base = [], dict.fromkeys(truth[0], 0)
    for time, (across, down, whole) in enumerate(made):
        if whole is not None:
            base = dict(truth[time])
        elif across is not None or down is not None:
            loose = sum(truth[time].values()) - sum(base.values())
            for cell in truth[time]:
                low, high = polytope.interval({(time, *cell): 1})
                if not is_kept(low, high, base[cell], loose):
                    found.append((time, cell, low, high))
    return found


# --- the whole page, day after day --------------------------------------------------------------------------------

MEASURES = Measures(DEFAULT_BANDS, {"north": "North", "south": "South", "west": "West"}, 2026)


def crowd(rng: random.Random, number: int) -> list[Someone]:
    found = []
    for _ in range(number):
        stages = {"joined", *(["proposing"] if rng.random() < 0.4 else []), *(["voting"] if rng.random() < 0.5 else [])}
        stages |= {"commenting"} if rng.random() < 0.3 else set()
        found.append(
            Someone(
                sex=rng.choice(["female", "female", "male", "male", "male", None, "other"]),
                birth_band=rng.choice([None, 2010, 2000, 1995, 1985, 1985, 1970, 1950]),
                district=rng.choice([None, "north", "north", "south", "west", "moon"]),
                way=rng.choice(["internet", "internet", "paper"]),
                stages=frozenset(stages),
                number=1,
            )
        )
    return found


@pytest.mark.parametrize("seed", range(6))
def test_a_week_of_published_pages_betrays_no_group(seed: int) -> None:
    """The product's own figures, attacked dimension by dimension from nothing but what they say."""
    rng = random.Random(seed)
    people: list[Someone] = []
    figures: list[dict[str, Any]] = []
    truths = []
    for day in range(4):
        people = [*people, *crowd(rng, rng.choice([3, 12, 40, 90]))]
        true = tally(people, MEASURES, str)
        figures.append({"stages": renew(true, MEASURES, figures, floor=K, at=f"2026-04-0{day + 1}T08:00:00Z")})
        truths.append(true)
    for axis in ("sex", "age", "district"):
        groups = list(MEASURES.axes()[axis])
        assert list(_attack_page(axis, groups, figures, truths)) == []


STAGES = {
    "joined": "people_joined",
    "proposing": "people_proposing",
    "commenting": "people_commenting",
    "voting": "people_voting",
}


def _said(groups: list[str], figures: list[Any]) -> tuple[list[Known], list[Known], dict[tuple[str, int, str], int]]:
    """Everything that follows at once from the published figures, and the numbers that were new."""
    equal: list[Known] = []
    most: list[Known] = []
    new: dict[tuple[str, int, str], int] = {}
    for (name, stage), (time, each) in product(STAGES.items(), enumerate(figures)):
        cells = _cells(each, stage)
        equal.append(({(name, time, group): 1 for group in groups}, cells["all"]["count"]))
        for group in groups:
            if cells[group]["count"] is not None and "at" not in cells[group]:
                new[name, time, group] = cells[group]["count"]
        most += [({(name, time - 1, group): 1, (name, time, group): -1}, 0) for group in groups if time]
        most += [({(name, time, g): 1, ("joined", time, g): -1}, 0) for g in groups if name != "joined"]
    return equal + [({key: 1}, count) for key, count in new.items()], most, new


def _attack_page(axis: str, groups: list[str], figures: list[Any], truths: list[Any]) -> Iterator[Any]:
    equal, most, new = _said(groups, figures)
    try:
        polytope = Polytope(equal, most)
    except Impossible:
        pytest.fail(f"{axis}: the figures contradict each other")
    for name, time in product(STAGES, range(len(figures))):
        if not any((name, time, group) in new for group in groups):
            continue
        base = {g: max([0, *(n for (s, t, o), n in new.items() if (s, o) == (name, g) and t <= time)]) for g in groups}
        loose = truths[time][name].total - sum(base.values())
        for group in groups:
            if (name, time, group) in new:
                continue
            low, high = polytope.interval({(name, time, group): 1})
            assert low <= truths[time][name].groups[group]
            if not is_kept(low, high, base[group], loose):
                yield name, time, group, low, high, truths[time][name].groups[group]


def _cells(figures: Mapping[str, Any], stage: str) -> dict[str, Any]:
    found = next(each for each in figures["stages"] if each["stage"] == stage)
    return {cell["group"]: cell for cell in found["cells"]}


# --- small ones by hand -------------------------------------------------------------------------------------------


def test_a_lone_small_group_takes_another_with_it() -> None:
    assert suppress({"a": 3, "b": 40, "c": 10}) == {"a": None, "b": 40, "c": None}


def test_two_groups_of_one_person_need_a_third() -> None:
    assert suppress({"a": 1, "b": 1, "c": 50, "d": 9}) == {"a": None, "b": None, "c": 50, "d": None}


def test_nobody_is_a_number_that_names_nobody() -> None:
    assert suppress({"a": 0, "b": 12}) == {"a": 0, "b": 12}


def test_where_every_group_is_small_nothing_is_shown() -> None:
    assert suppress({"a": 2, "b": 1}) == {"a": None, "b": None}


def test_the_city_may_ask_for_larger_groups() -> None:
    assert suppress({"a": 7, "b": 60, "c": 20}, floor=10) == {"a": None, "b": 60, "c": None}


def test_the_solver_knows_what_follows_from_sums() -> None:
    box = Polytope([({"x": 1, "y": 1}, 10), ({"x": 1, "y": -1}, 2)], [])
    assert [*box.interval({"x": 1})] == [6, 6]
    loose = Polytope([({"x": 1, "y": 1, "z": 1}, 9)], [({"x": 1}, 4), ({"y": -1}, -3)])
    assert [*loose.interval({"x": 1})] == [0, 4]
    assert [*loose.interval({"y": 1})] == [3, 9]
    assert [*loose.interval({"z": 1, "x": 1})] == [0, 6]
    assert [*Polytope([], [({"x": 1, "y": -1}, 0)]).interval({"y": 1})] == [0, None]
    with pytest.raises(Impossible):
        Polytope([({"x": 1}, 3)], [({"x": 1}, 2)])
