"""Two programs, written from the same pages by different hands, count random elections alike: product and verifier.

It grows by itself: every method that the product knows is compared, with every kind of ballot that it counts.
"""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
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
EXAMPLES = int(os.environ.get("RECOUNT_EXAMPLES", "60"))
"""More of them, with several ``--hypothesis-seed``, for whoever changes a rule."""

BY_MONEY = ("greedy", "knapsack", "equal_shares", "phragmen")
PAIRS = sorted(
    (name, str(kind))
    for name, method in METHODS.items()
    for kind in method.ballots
    if kind != "knapsack" or name in BY_MONEY  # such ballots are bounded by a budget
)
BY_RANKING = ("stv", "schulze", "ranked_pairs", "majority_judgment", "borda")
WITHOUT_EXCLUSIVE = ("stv",)
SECTORS = ("public", "private", "civil_society")
GROUPS = ("private+public", "civil_society")


@dataclass
class Held:
    """A vote as both programs get it: a rules object that may be refused, and ballots that keep to it."""

    options: list[Option]
    agreed: dict[str, Any]
    ballots: list[verify.Ballot]
    weights: list[int]
    lot: list[str]
    groups: Sequence[str]


@st.composite
def elections(draw: st.DrawFn, method: str, kind: str) -> Held:
    size = draw(st.integers(1, 7))
    by_money = "knapsack" in (method, kind) or (method in BY_MONEY and (method == "greedy" or draw(st.booleans())))
    options = [Option(f"o{at}", "", draw(st.integers(0, 40 if by_money else 3))) for at in range(size)]
    agreed: dict[str, Any] = {"method": method, "ballot": kind, **draw(_limits(size, kind))}
    if by_money:
        agreed |= {"budget": draw(st.integers(0, 120)), "currency": "IRR"}
    else:
        agreed |= {"winners": draw(st.integers(1, size))}
    agreed |= draw(st.fixed_dictionaries({}, optional=_members(size, method, kind, agreed)))
    if draw(st.booleans()) and not agreed.get("comparison"):
        agreed["envelopes"] = draw(_envelopes(size, agreed))
    if agreed.get("completion") in ("add1", "add1u"):
        agreed["increment"] = draw(st.integers(1, 9))
    if agreed.get("tie") in verify.BY_LOT:
        agreed["lot"] = {"sha256": "0" * 64, "public_value": ""}
    groups = draw(st.sampled_from([SECTORS, GROUPS]))
    ballots = draw(st.lists(_ballots(size, kind, agreed, options, groups), max_size=14))
    weights = draw(st.just([1] * len(ballots)) | st.lists(_WEIGHTS, min_size=len(ballots), max_size=len(ballots)))
    lot = draw(st.permutations([option.id for option in options]))
    return Held(options, agreed, ballots, weights, lot, groups)


_WEIGHTS = st.sampled_from([1, 2, 4, 6, 30]) | st.integers(1, 1000)
"""Some with common divisors: by sectors these fall out."""


@st.composite
def _limits(draw: st.DrawFn, size: int, kind: str) -> dict[str, Any]:
    """How many options a ballot names, and how many points it gives."""
    least = draw(st.sampled_from([0, 1, 1, min(2, size)]))
    most = draw(st.sampled_from([None, size, *range(max(1, least), size + 1)]))
    if kind == "choose" and most is None:
        most = size
    limits: dict[str, Any] = {"min_choices": least, "max_choices": most}
    if kind == "score":
        low = draw(st.integers(0, 2))
        limits |= {"min_points": low, "max_points": low + draw(st.integers(1, 4))}
    if kind == "cumulative":
        limits |= {"sum_points": draw(st.integers(2, 6)), "max_points": draw(st.sampled_from([None, 1, 2]))}
    if kind == "ranked":
        limits |= {"rank_points": draw(st.sampled_from([[], [], [3, 2, 1], [1], [5, 0], [2, 2]]))}
    return limits


@st.composite
def _envelopes(draw: st.DrawFn, size: int, agreed: dict[str, Any]) -> list[dict[str, Any]]:
    """One to three, with a part of the options each, a part of the money or places, and now and then nothing."""
    left = draw(st.permutations(range(size)))
    shared = agreed.get("budget", agreed.get("winners", 0))
    made: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 3))):
        inside, left = left[: (some := draw(st.integers(1, 4)))], left[some:]
        if not inside:
            break
        part = draw(st.integers(0, shared))
        shared -= part
        money, places = (part, None) if "budget" in agreed else (None, part)
        given = {"id": f"e{number}", "options": [f"o{at}" for at in inside], "reserve": draw(st.booleans())}
        made.append({**given, "budget": money, "winners": places})
    return made


def _groups(size: int) -> st.SearchStrategy[list[list[str]]]:
    """Options that exclude each other; an option may be in two of them."""
    names = [f"o{at}" for at in range(size)]
    return st.lists(st.lists(st.sampled_from(names), unique=True, min_size=2, max_size=3), min_size=1, max_size=2)


def _members(size: int, method: str, kind: str, agreed: dict[str, Any]) -> dict[str, st.SearchStrategy[Any]]:
    """What may be in the rules besides; what a method does not know it refuses, so only fitting ones are offered."""
    deciders = [name for name in schema.DECIDERS if method != "stv" or name != "sectors"]
    members: dict[str, st.SearchStrategy[Any]] = {
        "tie": st.sampled_from(schema.TIE_RULES),
        "quorum": st.integers(0, 8),
        "threshold": st.integers(0, 4),
        "decides": st.sampled_from(deciders),
    }
    if size > 1 and method not in WITHOUT_EXCLUSIVE:
        members["exclusive"] = _groups(size)
    if method in ("greedy", "phragmen"):
        members["skip"] = st.booleans()
    if method == "greedy":
        members["per_cost"] = st.booleans()
    if method == "equal_shares":
        completions = schema.COMPLETIONS if "budget" in agreed else ("none", "utilitarian")
        members["satisfaction"] = st.sampled_from(schema.SATISFACTIONS)
        members["completion"] = st.sampled_from(completions)
        if "budget" in agreed:
            members["comparison"] = st.booleans()
    if method == "stv":
        members["transfer"] = st.sampled_from(schema.TRANSFERS)
    if kind == "yesno" and method not in BY_RANKING:
        members["majority"] = st.booleans()
    return members


@st.composite
def _ballots(
    draw: st.DrawFn, size: int, kind: str, agreed: dict[str, Any], options: list[Option], groups: Sequence[str]
) -> verify.Ballot:
    """One ballot, blank where what was drawn does not keep to the limits."""
    most = agreed["max_choices"] or size
    picked = draw(st.lists(st.integers(0, size - 1), unique=True, max_size=min(size, most)))
    if kind != "ranked":
        picked = sorted(picked)
    points = None
    if kind in verify.POINTED:
        low, high = {
            "score": (agreed.get("min_points"), agreed.get("max_points")),
            "yesno": (0, 1),
            "cumulative": (1, agreed.get("max_points") or agreed.get("sum_points")),
        }[kind]
        points = draw(st.lists(st.integers(low, high), min_size=len(picked), max_size=len(picked)))
        while kind == "cumulative" and sum(points) > agreed["sum_points"]:
            picked, points = picked[:-1], points[:-1]
    while kind == "knapsack" and sum(options[at].cost or 0 for at in picked) > agreed["budget"]:
        picked = picked[:-1]
    if len(picked) < agreed["min_choices"]:
        picked, points = [], None if points is None else []
    sector = draw(st.sampled_from(groups)) if agreed.get("decides", "person") != "person" else ""
    return verify.Ballot(tuple(f"o{at}" for at in picked), None if points is None else tuple(points), sector)


def by_the_product(held: Held, agreed: dict[str, Any]) -> rules.Outcome:
    place = {option.id: at for at, option in enumerate(held.options)}
    packed = []
    for ballot in held.ballots:
        at = [place[choice] for choice in ballot.choices]
        if ballot.points is not None:
            packed.append(rules.pack_points(dict(zip(at, ballot.points, strict=True))))
        else:
            packed.append(rules.pack_ranking(at) if agreed["ballot"] == "ranked" else rules.pack(at))
    read = rules.BallotSet.from_packed(packed, (_sectors_of(held),), has_points=agreed["ballot"] in verify.POINTED)
    if set(held.weights) - {1}:
        read = read.weighted(np.array(held.weights, dtype=np.int64))
    return rules.count(read, Election("vote/v", "", "individual", agreed, tuple(held.options), tuple(held.lot)))


def _sectors_of(held: Held) -> rules.Dimension:
    """A person without a sector stands in civil society; groups of sectors are labels of their own."""
    sectors = [ballot.sector for ballot in held.ballots]
    if held.groups is SECTORS:
        return rules.Dimension.of("sector", [None if name in ("", "civil_society") else name for name in sectors])
    codes = [held.groups.index(name) if name else 0 for name in sectors]
    return rules.Dimension("sector", tuple(held.groups), np.array(codes, dtype=np.uint8))


def by_the_verifier(held: Held, agreed: dict[str, Any]) -> dict[str, Any]:
    """Ballots put together as the verifier reads them."""
    said: Counter[verify.Ballot] = Counter()
    units: dict[str, int] = {}
    for ballot, weight in zip(held.ballots, held.weights, strict=True):
        said[ballot] += weight
        units[ballot.sector] = math.gcd(units.get(ballot.sector, 0), weight)
    lines = [{"id": option.id, "title": "", "cost": option.cost} for option in held.options]
    return verify.count_ballots(said, lines, agreed, held.lot, len(held.ballots), units)


@pytest.mark.parametrize(("method", "kind"), PAIRS)
@settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
@given(data=st.data())
def test_the_recount_is_the_count_of_the_product(method, kind, data):
    held = data.draw(elections(method, kind))
    try:
        agreed = rules.validate_rules(held.agreed, held.options)
    except RulesError:
        assume(False)
    theirs, ours = by_the_product(held, agreed), by_the_verifier(held, agreed)
    assert np.array_equal([line["votes"] for line in ours["counts"]], theirs.counts)
    assert tuple(ours["winners"]) == theirs.winners
    assert (ours["spent"], ours["tie_broken"]) == (theirs.spent, theirs.tie_broken)
    assert [line["id"] for line in sorted(ours["counts"], key=lambda line: line["rank"])] == list(theirs.order)
    named = [line.get("named") for line in ours["counts"]]
    assert named == ([None] * len(held.options) if theirs.named is None else list(theirs.named))
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
