"""Nothing about fewer than five people can be read, nor worked out from what can."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ucc_participate.opinions import report
from ucc_participate.opinions.floors import FLOOR, percent, shown

CELLS = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 12), min_size=1)


def test_large_groups_are_shown_as_they_are() -> None:
    assert shown({"a": 5, "b": 0, "c": 70}) == {"a": 5, "b": 0, "c": 70}


def test_a_small_group_takes_the_smallest_other_with_it() -> None:
    assert shown({"a": 3, "b": 9, "c": 70}) == {"a": None, "b": None, "c": 70}


def test_two_small_groups_that_are_large_together_hide_each_other() -> None:
    assert shown({"a": 3, "b": 2, "c": 70}) == {"a": None, "b": None, "c": 70}


@given(CELLS)
def test_the_rest_of_the_whole_is_nobody_or_at_least_five_in_two_groups(cells: dict[str, int]) -> None:
    told = shown(cells)
    hidden = [name for name, people in told.items() if people is None]
    assert all(people is None or people == 0 or people >= FLOOR for people in told.values())
    left = sum(cells[name] for name in hidden)
    nothing_is_shown = all(not people for people in told.values())
    assert not hidden or nothing_is_shown or (len(hidden) > 1 and left >= FLOOR)


def test_shares_of_few_answers_are_coarse() -> None:
    assert [percent(1, 6), percent(2, 3), percent(5, 5)] == [15, 65, 100]
    assert percent(333, 1000) == 33


@pytest.mark.parametrize(
    ("people", "groups", "told"), [(40, [20, 12], 8), (40, [20, 17], None), (40, [20, None], None), (40, [], None)]
)
def test_how_many_stand_in_no_group_is_told_only_where_it_gives_nobody_away(
    people: int, groups: list[int | None], told: int | None
) -> None:
    named: list[dict[str, Any]] = [{"name": str(at), "people": size, "typical": []} for at, size in enumerate(groups)]
    result = {"people": people, "groups": named, "statements": [], "sectors": {}}
    assert report.make(result, {}).ungrouped == told
