"""Two programs, written from the same pages by different hands, count random elections alike: product and verifier.

It grows by itself: every method that the product knows is compared, with every kind of ballot that it counts.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ucc_participate.record import verify
from ucc_participate.voting import rules
from ucc_participate.voting.rules import METHODS, Election, Option, RulesError, schema

KNOWN = {
    *("votes", "greedy", "equal_shares", "phragmen", "knapsack"),
    *("stv", "schulze", "ranked_pairs", "borda", "majority_judgment"),
}
KNOWS_LATER_MEMBERS = "equal_shares" in METHODS
"""Votes and greedy know quorum, lots and all that since the rules that came with them are there."""
BY_MONEY = ("greedy", "knapsack", "equal_shares", "phragmen")
PAIRS = sorted(
    (name, str(kind))
    for name, method in METHODS.items()
    for kind in method.ballots
    if kind != "knapsack" or name in BY_MONEY  # such ballots are bounded by a budget
)
REFUSED = ("stv", "sectors")
SECTORS = ("public", "private", "civil_society")


@st.composite
def elections(draw: st.DrawFn, method: str, kind: str) -> tuple[list[Option], dict[str, Any], list[verify.Ballot]]:
    """Options, a rules object that may be refused, and ballots that keep to it."""
    size = draw(st.integers(1, 6))
    options = [Option(f"o{at}", "", draw(st.integers(0, 40))) for at in range(size)]
    given = draw(st.fixed_dictionaries({}, optional=_members(size, method, kind)))
    agreed = {"method": method, "ballot": kind, "min_choices": 0, "max_choices": size, **_needed(draw, size, kind)}
    by_money = method in ("greedy", "knapsack") or (method in ("equal_shares", "phragmen") and draw(st.booleans()))
    agreed |= (
        {"budget": draw(st.integers(0, 120)), "currency": "IRR"}
        if by_money
        else {"winners": draw(st.integers(1, size))}
    )
    agreed |= given
    if "envelopes" in agreed:
        agreed = _funded(agreed, draw)
    if agreed.get("tie") in verify.BY_LOT:
        agreed["lot"] = {"sha256": "0" * 64, "public_value": ""}
    ballots = draw(st.lists(_ballots(size, kind, agreed, options), max_size=14))
    return options, agreed, ballots


def _envelopes(size: int) -> st.SearchStrategy[list[dict[str, Any]]]:
    """One envelope with some of the options; its money or places are set when it is known what is shared out."""
    some = st.lists(st.integers(0, size - 1), unique=True, min_size=1, max_size=size - 1)
    return st.builds(
        lambda picked, reserve: [{"id": "e", "options": [f"o{at}" for at in sorted(picked)], "reserve": reserve}],
        some,
        st.booleans(),
    )


def _funded(agreed: dict[str, Any], draw: st.DrawFn) -> dict[str, Any]:
    """The rules with the money or the places of their envelope."""
    by_money = "budget" in agreed
    whole = agreed["budget" if by_money else "winners"]
    part = draw(st.integers(0 if by_money else min(1, whole), whole))
    shares = {"budget": part if by_money else None, "winners": None if by_money else part}
    return {**agreed, "envelopes": [{**envelope, **shares} for envelope in agreed["envelopes"]]}


def _needed(draw: st.DrawFn, size: int, kind: str) -> dict[str, Any]:
    points = {"score": {"max_points": 3}, "cumulative": {"sum_points": 5}}
    return points.get(kind, {})


def _members(size: int, method: str, kind: str) -> dict[str, st.SearchStrategy[Any]]:
    """What may be in the rules besides; what a method does not know it refuses, so only fitting ones are offered."""
    if method in ("votes", "greedy") and not KNOWS_LATER_MEMBERS:
        return {"tie": st.sampled_from(schema.TIE_RULES[:2])}
    members: dict[str, st.SearchStrategy[Any]] = {"tie": st.sampled_from(schema.TIE_RULES)}
    members |= {"quorum": st.integers(0, 8), "threshold": st.integers(0, 4)}
    members["decides"] = st.sampled_from([decider for decider in schema.DECIDERS if (method, decider) != REFUSED])
    if size > 2 and method != "stv":
        members["exclusive"] = st.just([["o0", "o2"]])
    if size > 1:
        members["envelopes"] = _envelopes(size)
    if method in ("greedy", "phragmen"):
        members["skip"] = st.booleans()
    if method == "greedy":
        members["per_cost"] = st.booleans()
    if method == "equal_shares":
        members["satisfaction"] = st.sampled_from(schema.SATISFACTIONS)
        members["completion"] = st.sampled_from(schema.COMPLETIONS)
        members["increment"] = st.integers(1, 9)
        members["comparison"] = st.booleans()
    if method == "stv":
        members["transfer"] = st.sampled_from(schema.TRANSFERS)
    if kind == "ranked" and method not in ("stv", "schulze", "ranked_pairs"):
        members["rank_points"] = st.sampled_from([[3, 2, 1], [1]])
    if kind == "yesno":
        members["majority"] = st.booleans()
    return members


def _ballots(size: int, kind: str, agreed: dict[str, Any], options: list[Option]) -> st.SearchStrategy[verify.Ballot]:
    sector = st.sampled_from(SECTORS) if agreed.get("decides", "person") != "person" else st.just("")

    def sealed(picked: list[int], given: list[int], of: str) -> verify.Ballot:
        if kind != "ranked":
            picked = sorted(picked)
        points = tuple(given[: len(picked)])
        if kind == "cumulative":
            while sum(points) > 5:
                picked, points = picked[:-1], points[:-1]
        if kind == "knapsack" and "budget" in agreed:
            while sum(options[at].cost or 0 for at in picked) > agreed["budget"]:
                picked = picked[:-1]
        has_points = kind in verify.POINTED
        return verify.Ballot(tuple(f"o{at}" for at in picked), points if has_points else None, of)

    most = {"score": 3, "yesno": 1, "cumulative": 5}.get(kind, 0)
    least = 1 if kind == "cumulative" else 0
    picks = st.lists(st.integers(0, size - 1), unique=True, max_size=size)
    return st.builds(sealed, picks, st.lists(st.integers(least, most), min_size=size, max_size=size), sector)


def by_the_product(options: list[Option], agreed: dict[str, Any], ballots: list[verify.Ballot], lot: list[str]) -> Any:
    place = {option.id: at for at, option in enumerate(options)}
    packed = []
    for ballot in ballots:
        at = [place[choice] for choice in ballot.choices]
        if ballot.points is not None:
            packed.append(rules.pack_points(dict(zip(at, ballot.points, strict=True))))
        else:
            packed.append(rules.pack_ranking(at) if agreed["ballot"] == "ranked" else rules.pack(at))
    sectors = rules.Dimension.of("sector", [ballot.sector or None for ballot in ballots])
    read = rules.BallotSet.from_packed(packed, (sectors,), has_points=agreed["ballot"] in verify.POINTED)
    return rules.count(read, Election("vote/v", "", "individual", agreed, tuple(options), tuple(lot)))


@pytest.mark.parametrize(("method", "kind"), PAIRS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(data=st.data())
def test_the_recount_is_the_count_of_the_product(method, kind, data):
    options, wanted, ballots = data.draw(elections(method, kind))
    try:
        agreed = rules.validate_rules(wanted, options)
    except RulesError:
        assume(False)
    lot = data.draw(st.permutations([option.id for option in options]))
    theirs = by_the_product(options, agreed, ballots, lot)
    lines = [{"id": option.id, "title": "", "cost": option.cost} for option in options]
    ours = verify.count_ballots(Counter(ballots), lines, agreed, lot)
    assert np.array_equal([line["votes"] for line in ours["counts"]], theirs.counts)
    assert tuple(ours["winners"]) == theirs.winners
    assert (ours["spent"], ours["tie_broken"]) == (theirs.spent, theirs.tie_broken)
    assert [line["id"] for line in sorted(ours["counts"], key=lambda line: line["rank"])] == list(theirs.order)
    named = [line.get("named") for line in ours["counts"]]
    assert named == ([None] * len(options) if theirs.named is None else list(theirs.named))
    assert (ours.get("details") or {}) == (theirs.details or {})


def test_the_verifier_knows_every_method_of_the_product():
    assert METHODS.keys() <= KNOWN == verify._METHODS.keys() | verify._RANKINGS.keys()


def counted(method: str, ballots: dict[Any, int], costs: dict[str, int], **more: Any) -> dict[str, Any]:
    options = [{"id": name, "title": "", "cost": cost} for name, cost in costs.items()]
    base = {"method": method, "ballot": "approval", "min_choices": 1, "max_choices": None, "budget": None}
    base |= {"currency": None, "winners": None, "skip": True, "threshold": 0, "group_floor": 5, "tie": "option_order"}
    return verify.count_ballots(ballots, options, {**base, **more})


def test_equal_shares_by_hand():
    """Two thirds like a and b, one third likes c: each third can pay one; 10 each of the 30, so a at 60 is too dear."""
    ballots = {("a", "b"): 2, ("c",): 1}
    found = counted("equal_shares", ballots, {"a": 20, "b": 20, "c": 10}, budget=30)
    assert found["winners"] == ["a", "c"]
    taken = found["details"]["rounds"][0]["taken"]
    assert taken == [{"option": "a", "rho": "1/2"}, {"option": "c", "rho": "1/1"}]
    assert found["details"]["rounds"][0]["endowment"] == "10/1"


def test_add1_does_not_stop_when_nothing_else_fits_but_when_the_budget_is_exceeded():
    """a has its money at once, b only when everybody has two more."""
    ballots = {("a",): 2, ("b",): 1}
    found = counted("equal_shares", ballots, {"a": 10, "b": 8}, budget=18, completion="add1", increment=1)
    assert found["winners"] == ["a", "b"]
    assert found["details"]["rounds"][0]["steps"] == 2


def test_phragmen_by_hand():
    """a is bought when its three hold 6 together, at 2; b when its two hold 6: one of them paid at 2, so at 4."""
    ballots = {("a",): 2, ("a", "b"): 1, ("b",): 1}
    found = counted("phragmen", ballots, {"a": 6, "b": 6}, budget=12)
    assert found["details"]["rounds"][0]["taken"] == [{"option": "a", "load": "2/1"}, {"option": "b", "load": "4/1"}]


def test_the_best_knapsack_is_not_the_greedy_one():
    ballots = {("a",): 5, ("b",): 4, ("c",): 4}
    assert counted("knapsack", ballots, {"a": 60, "b": 50, "c": 50}, budget=100)["winners"] == ["b", "c"]


def test_schulze_finds_the_winner_of_the_example_in_its_paper():
    """Schulze 2011, example 1: 45 voters, the order is E A C B D."""
    votes = {"acbed": 5, "adecb": 5, "bedac": 8, "cabed": 3, "caebd": 7, "cbade": 2, "dceba": 7, "ebadc": 8}
    ballots = {tuple(ranking): number for ranking, number in votes.items()}
    five = dict.fromkeys("abcde", 0)
    found = counted("schulze", ballots, five, ballot="ranked", winners=1)
    assert [line["id"] for line in sorted(found["counts"], key=lambda line: line["rank"])] == list("eacbd")
    assert found["details"]["matrix"][0] == [0, 20, 26, 30, 22]


TENNESSEE = {("m", "n", "c", "k"): 42, ("n", "c", "k", "m"): 26, ("c", "k", "n", "m"): 15, ("k", "c", "n", "m"): 17}


def test_ranked_pairs_finds_nashville():
    found = counted("ranked_pairs", TENNESSEE, dict.fromkeys("mnck", 0), ballot="ranked", winners=1)
    assert found["winners"] == ["n"]
    assert found["details"]["locked"][0] == ["c", "k"]


@pytest.mark.parametrize("transfer", ["scottish", "meek"])
def test_stv_with_one_place_finds_knoxville(transfer):
    found = counted("stv", TENNESSEE, dict.fromkeys("mnck", 0), ballot="ranked", winners=1, transfer=transfer)
    assert found["winners"] == ["k"]


def test_a_surplus_of_stv_is_passed_on_in_five_decimals():
    """Nine ballots, two places: quota 4; six for a, two thirds of whose surplus goes to b at ⌊2/6⌋ = 0.33333 each."""
    ballots = {("a", "b"): 4, ("a", "c"): 2, ("b",): 1, ("c",): 2}
    found = counted("stv", ballots, dict.fromkeys("abc", 0), ballot="ranked", winners=2)
    assert found["details"]["quota"] == 400_000
    assert found["details"]["stages"][1]["votes"] == [400_000, 100_000 + 4 * 33_333, 200_000 + 2 * 33_333]
    assert found["winners"] == ["a", "c"]


def test_majority_judgment_takes_medians_away():
    """Both have the median 2; after taking one away a has 1 and b has 2."""
    ballots = {(("a", "b"), (1, 2)): 1, (("a", "b"), (2, 2)): 1, (("a", "b"), (3, 2)): 1}
    found = counted("majority_judgment", ballots, {"a": 0, "b": 0}, ballot="score", max_points=3, winners=1)
    assert found["winners"] == ["b"]
    assert found["details"] == {"medians": [2, 2], "grades": [[0, 1, 1, 1], [0, 0, 3, 0]]}


def test_every_sector_weighs_the_same():
    """Nine residents want a and one firm wants b: by sectors both weigh the same."""
    ballots = {verify.Ballot(("a",), None, "civil_society"): 9, verify.Ballot(("b",), None, "private"): 1}
    found = counted("votes", ballots, {"a": 0, "b": 0}, winners=1, decides="sectors")
    assert [line["votes"] for line in found["counts"]] == [9, 9]


def test_a_double_majority_asks_most_sectors_too():
    ballots = {verify.Ballot(("a",), None, "civil_society"): 9, verify.Ballot(("b",), None, "private"): 1}
    found = counted("votes", ballots, {"a": 0, "b": 0}, winners=1, decides="double_majority")
    assert (found["winners"], found["details"]) == ([], {"barred": ["a", "b"]})


def test_what_a_reserve_does_not_spend_flows_back():
    """The envelope buys a, and its other option competes again with the 20 that are left."""
    reserve = {"id": "women", "options": ["a", "b"], "budget": 60, "winners": None, "reserve": True}
    ballots = {("a", "b"): 3, ("c",): 2}
    found = counted("greedy", ballots, {"a": 40, "b": 50, "c": 30}, budget=100, envelopes=[reserve])
    assert found["winners"] == ["a", "b"]
    assert found["details"]["rounds"] == [{"envelope": "women", "taken": ["a"]}, {"envelope": "", "taken": ["b"]}]
