"""Known answers of budgets: votes of real cities by Equal Shares, and examples that others have published.

The files are not part of the project: see test_pabulib_files.py.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conformance.test_pabulib_files import FOLDER, SETS
from tests.voting.plain_counts import Plain
from ucc_participate.voting import pabulib
from ucc_participate.voting.rules import BallotSet, Election, Option, Outcome, count, pack, schema, unpack

WIELICZKA = FOLDER / "Poland_Wieliczka_2023_Green_Budget.pb"
SMALL_ENOUGH = [path for path in SETS if path.stat().st_size < 1 << 19]

needs_wieliczka = pytest.mark.skipif(not WIELICZKA.exists(), reason=f"no {WIELICZKA}; set UCC_SHARED")

OF_THE_BALLOT = ("budget", "currency", "scale", "ballot", "min_choices", "max_choices")


def by(file: pabulib.PabulibFile, method: str, **rules: Any) -> Election:
    """The city's vote by another rule."""
    own = pabulib.election_of(file, vote_ref="vote/x")
    kept = {key: own.rules[key] for key in OF_THE_BALLOT if key in own.rules}
    return Election(own.vote_ref, own.title, own.franchise, {**kept, "method": method, **rules}, own.options)


def selected(file: pabulib.PabulibFile) -> set[str]:
    return {project.code for project in file.projects if project.selected == 1}


@needs_wieliczka
def test_wieliczka_by_equal_shares_to_the_limit_is_what_the_city_chose() -> None:
    """30 projects for 995,079 zł; the last share that fits and the first that does not are 164 and 165 steps away."""
    file = pabulib.read(WIELICZKA)
    rules = {"completion": "add1", "increment": file.scale, "comparison": True}
    outcome = count(file.votes.ballots, by(file, "equal_shares", **rules))
    assert set(outcome.winners) == selected(file)
    assert (len(outcome.winners), outcome.spent) == (30, 995_079 * file.scale)
    assert outcome.details is not None
    assert outcome.details["comparison"] == {"equal_shares": 1576, "greedy": 1050}


@needs_wieliczka
def test_wieliczka_stopped_as_soon_as_nothing_more_fits_would_have_been_another_result() -> None:
    """The stop that others call exhaustive gives 31 projects: 66 and 67 instead of 46. It is not our rule."""
    file = pabulib.read(WIELICZKA)
    costs = {option.id: option.cost or 0 for option in by(file, "equal_shares").options}
    budget, wins = file.budget, selected(file)
    for steps in range(200):
        more = by(file, "equal_shares")
        raised = Election(
            more.vote_ref, more.title, more.franchise, {**more.rules, "budget": budget + steps * 6586}, more.options
        )
        winners = set(count(file.votes.ballots, raised).winners)
        left = budget - sum(costs[winner] for winner in winners)
        if all(cost > left for option, cost in costs.items() if option not in winners):
            break
    assert (len(winners), winners - wins, wins - winners) == (31, {"66", "67"}, {"46"})


@pytest.mark.parametrize("method", ["equal_shares", "phragmen"])
@pytest.mark.parametrize("path", SMALL_ENOUGH, ids=lambda path: path.stem)
def test_real_votes_are_counted_as_by_fractions_voter_by_voter(path: Path, method: str) -> None:
    """Every price and every moment, against the count in plain Python."""
    file = pabulib.read(path)
    vote = by(file, method)
    grouped = file.votes.ballots.grouped()
    ballots = [
        (weight, "public", dict.fromkeys(unpack(packed), 1))
        for packed, weight in zip(grouped.to_packed(), grouped.own_weights.tolist(), strict=True)
    ]
    outcome = count(file.votes.ballots, vote)
    assert outcome.details == Plain(ballots, vote, schema.complete(vote.rules)).details


def small(costs: list[int], ballots: list[list[int]], lot_order: str | None = None, **rules: Any) -> Outcome:
    options = tuple(Option(chr(97 + i), chr(97 + i), cost) for i, cost in enumerate(costs))
    complete = {"ballot": "approval", "currency": "EUR", **rules}
    packed = [pack(ballot) for ballot in ballots]
    lot = None if lot_order is None else tuple(lot_order)
    return count(BallotSet.from_packed(packed), Election("vote/x", "x", "individual", complete, options, lot))


RUNNING_EXAMPLE = [[0, 1]] * 3 + [[0, 2]] * 3 + [[0, 3]] * 2 + [[1, 2, 5], [4], [5], [6]]
"""Lackner and Skowron, Multi-Winner Voting with Approval Preferences (2023), example 2.1: four places."""


def test_phragmen_in_the_running_example_of_lackner_and_skowron() -> None:
    """Example 2.9 there: a, b, c, d."""
    outcome = small([0] * 7, RUNNING_EXAMPLE, method="phragmen", winners=4)
    assert outcome.details is not None
    assert outcome.winners == ("a", "b", "c", "d")
    assert [each["load"] for each in outcome.details["rounds"][0]["taken"]] == ["1/8", "11/32", "55/128", "5/8"]


def test_equal_shares_in_the_running_example_of_lackner_and_skowron() -> None:
    """After a the four supporters of b hold 23/24 of a place, the others less: only a is bought by shares."""
    alone = small([0] * 7, RUNNING_EXAMPLE, method="equal_shares", winners=4)
    completed = small([0] * 7, RUNNING_EXAMPLE, method="equal_shares", winners=4, completion="utilitarian")
    assert alone.winners == ("a",)
    assert completed.winners == ("a", "b", "c", "d")


LOT = {"tie": "cost_votes_lot", "lot": {"sha256": "ab" * 32, "public_value": ""}}


@pytest.mark.parametrize(
    ("costs", "supporters", "first"),
    [
        ([6000, 7000, 100_000], [20, 20, 10], "a"),
        ([7000, 6000, 100_000], [20, 20, 10], "b"),
        ([6000, 6000, 6000], [20, 20, 20], "c"),
    ],
)
def test_equal_support_goes_to_the_cheaper_one_and_then_to_the_lot(
    costs: list[int], supporters: list[int], first: str
) -> None:
    """equalshares.net, examples 1 and 3 of tie breaking: as many supporters pay the same part of the cost."""
    ballots = [[i] for i, number in enumerate(supporters) for _ in range(number)]
    assert small(costs, ballots, lot_order="cab", method="equal_shares", budget=60_000, **LOT).winners[0] == first


def test_equal_support_at_equal_cost_goes_to_more_votes_before_the_lot() -> None:
    """equalshares.net, example 2. Once a is bought, b is as dear as c by three voters each, for b has lost a fourth."""
    ballots = [*[[0]] * 5, [0, 1], *[[1]] * 3, *[[2]] * 3]
    outcome = small([66, 30, 30], ballots, lot_order="cba", method="equal_shares", budget=132, **LOT)
    assert outcome.counts == (6, 4, 3)
    assert outcome.winners == ("a", "b", "c")
    assert outcome.details is not None
    assert [each["rho"] for each in outcome.details["rounds"][0]["taken"]] == ["1/6", "1/3", "1/3"]
