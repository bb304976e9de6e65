"""What the breakdown by group publishes, attacked by somebody who has everything else that is published.

The attacker below shares no code with the product: plain Python, one bound after the other until nothing moves.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ucc_participate.voting.groups import Group, breakdown
from ucc_participate.voting.rules import BallotSet, Dimension, Election, Option, pack

FLOOR = 5

Ballots = list[list[int]]
Interval = tuple[int, int]
Cells = dict[tuple[int, int], Interval]


def publish(
    ballots: Ballots, labels: list[int], options: int, *, groups: int = 3, franchise: str = "individual"
) -> list[Group]:
    dimension = Dimension("sex", ("female", "male", "not_stated")[:groups], np.array(labels, dtype=np.uint8))
    vote = Election("vote/v", "A vote", franchise, {}, tuple(Option(f"o{i}", f"Option {i}") for i in range(options)))
    return breakdown(BallotSet.from_packed([pack(ballot) for ballot in ballots], (dimension,)), vote, floor=FLOOR)


def truth(ballots: Ballots, labels: list[int], options: int, groups: int) -> list[list[int]]:
    cells = [[0] * options for _ in range(groups)]
    for ballot, label in zip(ballots, labels, strict=True):
        for choice in ballot:
            cells[label][choice] += 1
    return cells


def voters_of(labels: list[int]) -> list[int]:
    """How many belong to each group: hidden when few, but people of a group may know each other."""
    return [labels.count(group) for group in range(3)]


def attack(ballots: Ballots, rows: list[tuple[int, tuple[int | None, ...]]]) -> Cells:
    """What follows for every cell from the opened ballots and the published rows (voters, counts)."""
    options, groups = len(rows[0][1]), len(rows)
    named = [{place for place, ballot in enumerate(ballots) if option in ballot} for option in range(options)]
    lengths = sorted(map(len, ballots))
    cells: Cells = {
        (g, o): (0, min(voters, len(named[o]))) if shown is None else (shown, shown)
        for g, (voters, counts) in enumerate(rows)
        for o, shown in enumerate(counts)
    }
    while True:
        before = dict(cells)
        for g, o in before:
            voters = rows[g][0]
            others = [cells[h, o] for h in range(groups) if h != g]
            rest = [cells[g, p] for p in range(options) if p != o]
            least = [
                cells[g, o][0],
                len(named[o]) - sum(high for _, high in others),
                sum(lengths[:voters]) - sum(high for _, high in rest),
                voters - (len(ballots) - len(named[o])),
            ]
            most = [
                cells[g, o][1],
                len(named[o]) - sum(low for low, _ in others),
                sum(lengths[len(lengths) - voters :]) - sum(low for low, _ in rest),
            ]
            for p in range(options):
                low, high = cells[g, p]
                least += [low - len(named[p] - named[o]), voters - high - len(ballots) + len(named[o] | named[p])]
                most += [high + len(named[o] - named[p]), voters - low + len(named[o] & named[p])]
            cells[g, o] = max(least), min(most)
        if cells == before:
            return cells


def width(interval: Interval) -> int:
    return interval[1] - interval[0]


def is_telling(votes: int, voters: int) -> bool:
    """Whether a cell speaks about fewer than FLOOR people all by itself."""
    return voters > 0 and (0 < votes < FLOOR or voters - votes < FLOOR or voters < 2 * FLOOR)


@st.composite
def secret_votes(draw: st.DrawFn) -> tuple[Ballots, list[int], int]:
    options = draw(st.integers(2, 6))
    most = draw(st.sampled_from([1, 2, options]))
    least = draw(st.sampled_from([0, 1, most]))
    choice = st.lists(st.integers(0, options - 1), unique=True, min_size=least, max_size=most)
    ballots = draw(st.lists(choice, min_size=12, max_size=60))
    shares = draw(st.sampled_from([[0] * 8 + [1] * 7 + [2], [0, 1, 2], [0, 1], [0] * 20 + [1]]))
    labels = draw(st.lists(st.sampled_from(shares), min_size=len(ballots), max_size=len(ballots)))
    return ballots, labels, options


@settings(max_examples=150, deadline=None)
@given(secret_votes())
def test_no_hidden_cell_can_be_told_from_everything_that_is_published(case: tuple[Ballots, list[int], int]) -> None:
    ballots, labels, options = case
    groups = publish(ballots, labels, options)
    voters = voters_of(labels)
    found = attack(ballots, [(n, group.counts) for n, group in zip(voters, groups, strict=True)])
    unaided = attack(ballots, [(n, (None,) * options) for n in voters])
    for (g, o), votes in np.ndenumerate(np.array(truth(ballots, labels, options, 3))):
        if is_telling(int(votes), voters[g]):
            assert groups[g].counts[o] is None
            assert width(found[g, o]) >= min(FLOOR, width(unaided[g, o]))


@given(secret_votes())
def test_what_is_published_is_true_and_speaks_of_nobody_in_particular(case: tuple[Ballots, list[int], int]) -> None:
    ballots, labels, options = case
    groups, cells = publish(ballots, labels, options), truth(ballots, labels, options, 3)
    for group, voters, row in zip(groups, voters_of(labels), cells, strict=True):
        assert group.voters in (None, voters)
        assert group.voters is None or not 0 < voters < FLOOR
        for published, votes in zip(group.counts, row, strict=True):
            assert published is None or (published == votes and not is_telling(votes, voters))


@pytest.mark.parametrize(
    ("voters", "shown"),
    [((60, 50, 23), (60, 50, 23)), ((60, 50, 3), (60, None, None)), ((60, 5, 1), (None, None, None)),
     ((60, 2, 1), (None, None, None)), ((60, 6, 4), (60, None, None)), ((20, 20, 0), (20, 20, 0)),
     ((3, 0, 0), (None, 0, 0))],
)  # fmt: skip
def test_few_voters_are_not_numbered_nor_told_by_the_rest(
    voters: tuple[int, ...], shown: tuple[int | None, ...]
) -> None:
    labels = [group for group, number in enumerate(voters) for _ in range(number)]
    groups = publish([[0]] * len(labels), labels, 1)
    assert tuple(group.voters for group in groups) == shown
    assert all(group.counts == (None,) for group in groups if group.voters is None)


@given(secret_votes(), st.randoms(use_true_random=False))
def test_the_same_votes_hide_the_same_cells_in_whatever_order_they_came(
    case: tuple[Ballots, list[int], int], random: Any
) -> None:
    ballots, labels, options = case
    order = random.sample(range(len(ballots)), len(ballots))
    shuffled = publish([ballots[i] for i in order], [labels[i] for i in order], options)
    assert shuffled == publish(ballots, labels, options)


def test_a_lone_small_cell_takes_the_smallest_cell_of_its_option_with_it() -> None:
    ballots = [[0]] * 40 + [[0]] * 30 + [[0]] * 3 + [[]] * 60
    labels = [0] * 40 + [1] * 30 + [2] * 3 + [0] * 20 + [1] * 20 + [2] * 20
    female, male, not_stated = publish(ballots, labels, 1)
    assert (female.counts, male.counts, not_stated.counts) == ((40,), (None,), (None,))
    assert (female.voters, male.voters, not_stated.voters) == (60, 50, 23)


def test_two_small_cells_that_add_up_to_too_little_take_a_third_with_them() -> None:
    ballots = [[0]] * 40 + [[0]] + [[0]] * 2 + [[]] * 60
    labels = [0] * 40 + [1] + [2] * 2 + [0] * 20 + [1] * 20 + [2] * 20
    assert [group.counts for group in publish(ballots, labels, 1)] == [(None,), (None,), (None,)]


def test_where_everybody_names_exactly_one_a_row_does_not_give_its_hidden_cell_away() -> None:
    ballots = [[0]] * 30 + [[1]] * 3 + [[2]] * 20 + [[0]] * 30 + [[1]] * 20 + [[2]] * 20
    labels = [0] * 53 + [1] * 70
    rows = [group.counts for group in publish(ballots, labels, 3, groups=2)]
    assert rows == [(30, None, None), (30, None, None)]


def test_an_option_named_on_the_same_ballots_does_not_give_its_twin_away() -> None:
    ballots = [[0, 1]] * 3 + [[0, 1]] * 20 + [[0, 1]] * 30 + [[2]] * 90
    labels = [0] * 3 + [1] * 20 + [2] * 30 + [0] * 30 + [1] * 30 + [2] * 30
    first, second = zip(*(group.counts[:2] for group in publish(ballots, labels, 3)), strict=True)
    assert first == second == (None, None, 30)


def test_nobody_in_a_large_group_is_shown_and_everybody_is_not() -> None:
    ballots = [[0]] * 20 + [[1]] * 80
    labels = [0] * 20 + [1] * 80
    rows = [group.counts for group in publish(ballots, labels, 2, groups=2)]
    assert rows[0] == (None, None)
    assert publish([[0]] * 40 + [[]] * 40, [0] * 20 + [1] * 20 + [0] * 20 + [1] * 20, 2, groups=2)[0].counts == (20, 0)


def test_a_group_without_voters_hides_nothing() -> None:
    groups = publish([[0]] * 20 + [[1]] * 20, [0] * 10 + [1] * 10 + [0] * 10 + [1] * 10, 2)
    assert [(group.voters, group.counts) for group in groups] == [(20, (10, 10)), (20, (10, 10)), (0, (0, 0))]


def test_organisations_vote_on_the_record() -> None:
    groups = publish([[0], [1], [0]], [0, 1, 2], 2, franchise="organisation")
    assert [group.counts for group in groups] == [(1, 0), (0, 1), (1, 0)]


def test_rows_are_named_by_dimension_and_label_in_a_fixed_order() -> None:
    dimensions = (Dimension.of("sector", ["private"] * 3), Dimension.of("age", ["under_30", None, "30_plus"]))
    vote = Election("vote/v", "A vote", "organisation", {}, (Option("a", "A"), Option("b", "B")))
    groups = breakdown(BallotSet.from_packed([pack([0])] * 3, dimensions), vote, floor=FLOOR)
    assert [(group.group, group.label_id, group.voters, group.counts) for group in groups] == [
        ("sector:public", "public", 0, (0, 0)),
        ("sector:private", "private", 3, (3, 0)),
        ("sector:civil_society", "civil_society", 0, (0, 0)),
        ("sector:not_stated", "not_stated", 0, (0, 0)),
        ("age:under_30", "under_30", 1, (1, 0)),
        ("age:30_plus", "30_plus", 1, (1, 0)),
        ("age:not_stated", "not_stated", 1, (1, 0)),
    ]


def test_ballots_without_anything_known_of_their_voters_have_no_breakdown() -> None:
    vote = Election("vote/v", "A vote", "individual", {}, (Option("a", "A"),))
    assert breakdown(BallotSet.from_packed([pack([0])]), vote, floor=FLOOR) == []


@pytest.mark.parametrize("labels", [[0] * 8 + [1], [0, 1, 0, 1, 0, 1, 0, 1, 1]])
def test_no_assignment_of_voters_to_ballots_is_left_as_the_only_one(labels: list[int]) -> None:
    """Every way to give nine opened ballots to the voters of two groups is tried against the published rows."""
    ballots = [[0, 1], [0], [1], [0, 2], [2], [1, 2], [0, 1, 2], [], [0]]
    groups = publish(ballots, labels, 3, groups=2)
    possible: list[set[int]] = [set(), set(), set()]
    for trial in product(range(2), repeat=9):
        cells = truth(ballots, list(trial), 3, 2)
        fits = all(shown in {None, cells[g][o]} for g in range(2) for o, shown in enumerate(groups[g].counts))
        if fits and [trial.count(g) for g in range(2)] == [labels.count(g) for g in range(2)]:
            for option in range(3):
                possible[option].add(cells[0][option])
    assert min(map(len, possible)) > 1
