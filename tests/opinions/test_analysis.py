"""The analysis against tables whose answer is known, and against tables that have none."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ucc_participate.opinions import analysis
from ucc_participate.opinions.analysis import AGREE, DISAGREE, PASS, UNSEEN, Table, analyse

SECTORS = ("resident", "public", "private", "civil_society")


def planted(sizes: list[int], statements: int = 20, *, noise: float = 0.1, unseen: float = 0.4, seed: int = 7) -> Table:
    """Groups that answer alike, but for some noise; everybody agrees with the first statement."""
    dice = np.random.default_rng(seed)
    leanings = dice.choice([AGREE, DISAGREE], (len(sizes), statements))
    leanings[:, 0] = AGREE
    rows = np.repeat(leanings, sizes, axis=0)
    turned = np.where(dice.random(rows.shape) < noise, dice.choice([AGREE, DISAGREE, PASS], rows.shape), rows)
    turned[:, 0] = AGREE
    answers = np.where(dice.random(rows.shape) < unseen, UNSEEN, turned).astype(np.int8)
    answers[:, :8] = np.where(answers[:, :8] == UNSEEN, turned[:, :8], answers[:, :8])
    return Table.of(answers, dice.integers(0, 4, len(rows)).tolist(), SECTORS)


def uniform(people: int, statements: int, answer: int = AGREE, side: int = 0) -> Table:
    return Table.of(np.full((people, statements), answer, dtype=np.int8), [side] * people, SECTORS)


@pytest.mark.parametrize("sizes", [[40, 30], [50, 40, 30], [80, 15]])
def test_planted_groups_are_found_with_their_sizes(sizes: list[int]) -> None:
    grouping = analysis.group(planted(sizes), seed=1)
    assert sorted(np.bincount(grouping.labels).tolist(), reverse=True) == sizes


def test_the_order_of_people_changes_nothing() -> None:
    table = planted([40, 30])
    order = np.random.default_rng(3).permutation(table.people)
    mixed = Table.of(table.answers[order], table.sides[order].tolist(), SECTORS)
    assert json.dumps(analyse(mixed, seed=5)) == json.dumps(analyse(table, seed=5))


def test_the_same_seed_gives_the_same_result_and_it_holds_only_whole_numbers_and_words() -> None:
    found = analyse(planted([40, 30]), seed=5)
    assert found == analyse(planted([40, 30]), seed=5)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert "float" not in {type(each).__name__ for each in _leaves(found)}


def _leaves(value: object) -> list[object]:
    if isinstance(value, dict):
        return [leaf for each in value.values() for leaf in _leaves(each)]
    return [leaf for each in value for leaf in _leaves(each)] if isinstance(value, list) else [value]


def test_what_all_groups_and_all_sectors_agree_with_is_accepted() -> None:
    found = analyse(planted([60, 50]), seed=1)
    first = found["statements"][0]
    assert first["is_accepted"]
    assert all(cell == [100, 0] for cell in first["groups"].values())
    dividing = max(found["statements"], key=lambda row: row["spread"])
    assert not dividing["is_accepted"]


def test_one_sector_that_disagrees_keeps_a_statement_from_being_accepted() -> None:
    table = planted([60, 50], unseen=0.0)
    answers = table.answers.copy()
    answers[table.sides == 3, 0] = DISAGREE
    found = analyse(Table.of(answers, table.sides.tolist(), SECTORS), seed=1)["statements"][0]
    assert found["agrees"] > 0.6 * (found["agrees"] + found["disagrees"])
    assert found["sectors"]["civil_society"] == [0, 100]
    assert not found["is_accepted"]


def test_typical_statements_are_those_on_which_a_group_leans_apart() -> None:
    answers = np.full((40, 9), AGREE, dtype=np.int8)
    answers[:15, 3] = DISAGREE
    table = Table.of(answers, [0] * 40, SECTORS)
    membership = (table.answers[:, 3] == DISAGREE).astype(np.int64)
    counts = analysis.tally(table, membership, 2)
    assert analysis.typical_of(counts, 1) == [analysis.Typical(3, agrees=False)]
    assert analysis.typical_of(counts, 0) == [analysis.Typical(3, agrees=True)]


def test_the_tests_of_proportions_are_those_of_pol_is() -> None:
    # Worked by hand from stats.clj: (prop-test 8 10), (two-prop-test 8 2 10 10).
    assert analysis.proportion_test(8, 10) == pytest.approx(2 * 11**0.5 * (9 / 11 - 0.5))
    both = 12 / 22
    expected = (9 / 11 - 3 / 11) / (both * (1 - both) * (2 / 11)) ** 0.5
    assert analysis.two_proportions_test(8, 2, 10, 10) == pytest.approx(expected)


def test_fewer_than_five_people_have_no_result() -> None:
    assert analyse(uniform(4, 10), seed=1) == {"method": analysis.METHOD, "people": None}


@pytest.mark.parametrize("answer", [AGREE, DISAGREE, PASS])
def test_people_who_all_say_the_same_make_no_groups(answer: int) -> None:
    found = analyse(uniform(50, 10, answer), seed=1)
    assert (found["groups"], found["map"]) == ([], None)
    assert found["statements"][0]["is_accepted"] is (answer == AGREE)


def test_nobody_nothing_and_one_person_are_no_fault() -> None:
    for people, statements in ((0, 0), (0, 5), (1, 5), (20, 1), (20, 2)):
        assert analyse(uniform(people, statements), seed=1)["method"] == analysis.METHOD


def test_who_saw_nothing_counts_as_nobody() -> None:
    table = planted([30, 20])
    with_empty = np.vstack([table.answers, np.full((9, table.statements), UNSEEN, dtype=np.int8)])
    same = Table.of(with_empty, [*table.sides.tolist(), *[1] * 9], SECTORS)
    assert analyse(same, seed=1) == analyse(table, seed=1)


def test_who_answered_little_has_no_place_but_is_counted() -> None:
    table = planted([30, 20])
    few = np.full((6, table.statements), UNSEEN, dtype=np.int8)
    few[:, :3] = DISAGREE
    more = Table.of(np.vstack([table.answers, few]), [*table.sides.tolist(), *[0] * 6], SECTORS)
    assert len(analysis.group(more, seed=1).rows) == 50
    assert analyse(more, seed=1)["statements"][0]["disagrees"] == 6


def test_a_group_of_four_is_no_group() -> None:
    found = analyse(planted([40, 30, 4]), seed=1)
    assert all(group["people"] is None or group["people"] >= 5 for group in found["groups"])


def test_a_sector_of_three_is_neither_shown_nor_follows_from_the_others() -> None:
    table = planted([40, 30])
    sides = [1 if at < 3 else 2 if at < 10 else 0 for at in range(70)]
    found = analyse(Table.of(table.answers, sides, SECTORS), seed=1)
    assert found["sectors"] == {"resident": 60, "public": None, "private": None, "civil_society": 0}
    assert all(row["sectors"]["public"] is None and row["sectors"]["private"] is None for row in found["statements"])


@given(st.integers(0, 2**32), st.integers(0, 40), st.integers(1, 12), st.floats(0.1, 0.95))
def test_no_table_breaks_it_and_no_cell_tells_of_few(seed: int, people: int, statements: int, unseen: float) -> None:
    dice = np.random.default_rng(seed)
    answers = dice.choice([AGREE, DISAGREE, PASS], (people, statements)).astype(np.int8)
    answers[dice.random(answers.shape) < unseen] = UNSEEN
    table = Table.of(answers, dice.integers(0, 4, people).tolist(), SECTORS)
    found = analyse(table, seed=1)
    for row in found.get("statements", []):
        for at, name in enumerate(SECTORS):
            seen = int((table.answers[table.sides == at, row["column"]] != UNSEEN).sum())
            assert row["sectors"][name] is None or seen >= 5
    for _x, _y, shade in (found.get("map") or {"hexagons": []})["hexagons"]:
        assert shade >= 0


def test_a_hexagon_stands_only_where_five_people_are() -> None:
    from ucc_participate.opinions import picture

    places = np.array([[0.0, 0.0]] * 5 + [[9.0, 9.0]] * 4 + [[5.0, 0.0]] * 10)
    drawn = picture.draw(places, np.array([0] * 9 + [1] * 10))
    assert len(drawn["hexagons"]) == 2
    assert [shade for _x, _y, shade in drawn["hexagons"]].count(1) == 1


def test_starting_the_application_does_not_load_the_library() -> None:
    import subprocess
    import sys

    code = "import sys, ucc_participate.app, ucc_participate.opinions.views; print('sklearn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
