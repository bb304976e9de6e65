"""Made-up ballots for trial counts: within the rules, the same for the same seed, each sector with its own taste."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ucc_participate.voting.rules import BallotError, BallotSet, Option
from ucc_participate.voting.rules.synthetic import SHARES, synthesize

BALLOTS: dict[str, dict[str, Any]] = {
    "approval": {"max_choices": 5},
    "choose": {"max_choices": 1},
    "knapsack": {"budget": 50, "currency": "EUR"},
    "ranked": {"max_choices": 6},
    "score": {"min_points": 1, "max_points": 6},
    "cumulative": {"sum_points": 10, "max_points": 6},
    "yesno": {},
}


def options(number: int, cost: int = 10) -> list[Option]:
    return [Option(f"o{place}", f"Option {place}", cost + place) for place in range(number)]


def rules(kind: str, **changes: Any) -> dict[str, Any]:
    return {"method": "votes", "ballot": kind} | BALLOTS[kind] | changes


def ballots(made: BallotSet) -> list[list[int]]:
    return [each.tolist() for each in np.split(made.choices, made.offsets[1:-1])]


def points(made: BallotSet) -> list[list[int]]:
    assert made.points is not None
    return [each.tolist() for each in np.split(made.points, made.offsets[1:-1])]


def fingerprint(made: BallotSet) -> str:
    packed = b"|".join(made.to_packed()) + b"".join(dimension.codes.tobytes() for dimension in made.dimensions)
    return hashlib.sha256(packed).hexdigest()[:16]


@pytest.mark.parametrize("kind", BALLOTS)
def test_the_same_seed_gives_the_same_ballots_and_another_seed_others(kind):
    one, again, other = (synthesize(options(9), rules(kind), 300, seed) for seed in ("a", "a", "b"))
    assert fingerprint(one) == fingerprint(again) != fingerprint(other)


@pytest.mark.parametrize("kind", BALLOTS)
def test_a_larger_election_begins_with_the_voters_of_a_smaller_one(kind):
    few, many = (synthesize(options(1000), rules(kind), voters, "more") for voters in (40, 3000))
    assert many.to_packed()[:40] == few.to_packed()
    for smaller, larger in zip(few.dimensions, many.dimensions, strict=True):
        assert larger.codes[:40].tolist() == smaller.codes.tolist()


@given(
    kind=st.sampled_from(sorted(BALLOTS)),
    number=st.integers(1, 12),
    voters=st.integers(0, 60),
    least=st.integers(0, 4),
    more=st.none() | st.integers(0, 5),
    seed=st.text(max_size=5),
)
def test_every_ballot_keeps_to_the_limits(kind, number, voters, least, more, seed):
    least = min(least, number)
    most = None if more is None else max(1, least + more)
    made = synthesize(options(number), rules(kind, min_choices=least, max_choices=most), voters, seed)
    assert len(made) == voters
    for ballot in ballots(made):
        assert not ballot or max(1, least) <= len(set(ballot)) == len(ballot) <= min(number, most or number)
        assert set(ballot) <= set(range(number))
        assert kind == "ranked" or ballot == sorted(ballot)


def test_baskets_cost_no_more_than_the_budget():
    made = ballots(synthesize(options(30), rules("knapsack"), 500, "basket"))
    costs = [sum(10 + at for at in ballot) for ballot in made]
    assert max(costs) <= 50
    assert sum(cost > 30 for cost in costs) > 100


@given(st.integers(1, 25), st.none() | st.integers(1, 9), st.integers(1, 8))
def test_points_are_given_to_the_limit(total, most_each, number):
    made = synthesize(options(number), rules("cumulative", sum_points=total, max_points=most_each), 80, "points")
    for ballot, given_points in zip(ballots(made), points(made), strict=True):
        assert not ballot or 1 <= min(given_points) <= max(given_points) <= (most_each or total)
        assert sum(given_points) <= total
        assert most_each or not ballot or sum(given_points) == total


def test_grades_use_the_whole_scale_and_yes_is_not_everything():
    scores = synthesize(options(12), rules("score"), 400, "s").points
    assert scores is not None
    assert set(scores.tolist()) == set(range(1, 7))
    answers = synthesize(options(12), rules("yesno"), 400, "s").points
    assert answers is not None
    assert set(answers.tolist()) == {0, 1}
    assert 0.3 < answers.mean() < 0.8


def test_the_ballots_are_these_on_every_machine():
    found = {kind: fingerprint(synthesize(options(20), rules(kind), 100, "قرعه")) for kind in BALLOTS}
    assert found == PINNED


PINNED = {
    "approval": "6edc8e4e9c6abddb",
    "choose": "d630ee5c0cd2edfc",
    "knapsack": "311907004c758a87",
    "ranked": "d093ec724ac60073",
    "score": "b79ad8a325c03a1f",
    "cumulative": "59b298d1bf43462d",
    "yesno": "66296a72f3e97a5b",
}


def test_groups_have_their_shares_and_sectors_their_own_taste():
    made = synthesize(options(40), rules("approval"), 20_000, "taste")
    tables = {}
    for dimension in made.dimensions:
        shares = np.bincount(dimension.codes, minlength=len(dimension.labels)) / len(made) * 100
        assert np.abs(shares - SHARES[dimension.name]).max() < 1.5
        tables[dimension.name] = dimension
    sector = np.repeat(tables["sector"].codes, made.lengths)
    favourites = [set(np.argsort(np.bincount(made.choices[sector == code], minlength=40))[-8:]) for code in range(3)]
    assert all(len(one & other) < 8 for at, one in enumerate(favourites) for other in favourites[:at])
    assert 0.005 < made.blank / len(made) < 0.03


def test_without_options_there_is_nothing_to_make_up():
    with pytest.raises(BallotError):
        synthesize([], rules("approval"), 5, "none")


def test_without_voters_there_are_no_ballots():
    assert len(synthesize(options(3), rules("score"), 0, "none")) == 0
