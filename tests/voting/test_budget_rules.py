"""The rules that spend a budget: equal to a plain count by the text of the format, whatever ballots and rules are."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.voting.plain_counts import SECTORS, Ballot, Plain
from ucc_participate.voting.rules import (
    BallotError,
    BallotKind,
    BallotSet,
    Dimension,
    Election,
    Option,
    Outcome,
    RulesError,
    count,
    pack,
    pack_points,
    pack_ranking,
    schema,
    validate_rules,
)
from ucc_participate.voting.rules.ballots import totals

METHODS = ["votes", "greedy", "equal_shares", "phragmen", "knapsack"]
WITH_PLACES = ("equal_shares", "phragmen")
POINTS = (BallotKind.SCORE, BallotKind.CUMULATIVE, BallotKind.YESNO)
SEAL = {"sha256": "ab" * 32, "public_value": "the lottery"}
Row = tuple[dict[int, int], str, int]
"""A ballot as drawn: points by position in the order written, its sector, its weight."""


def ids(number: int) -> list[str]:
    return [f"o{place}" for place in range(number)]


def make(rules: dict[str, Any], costs: Sequence[int | None], lot: Sequence[str] | None = None) -> Election:
    options = tuple(Option(f"o{place}", f"Option {place}", cost) for place, cost in enumerate(costs))
    return Election("vote/v", "A vote", "individual", rules, options, None if lot is None else tuple(lot))


def ballot_set(rows: Sequence[Row], kind: str) -> BallotSet:
    sectors = (Dimension.of("sector", [sector for _, sector, _ in rows]),)
    if kind in POINTS:
        made = BallotSet.from_packed([pack_points(named) for named, _, _ in rows], sectors, has_points=True)
    elif kind == BallotKind.RANKED:
        made = BallotSet.from_packed([pack_ranking(list(named)) for named, _, _ in rows], sectors)
    else:
        made = BallotSet.from_packed([pack(named) for named, _, _ in rows], sectors)
    weights = np.array([weight for _, _, weight in rows], dtype=np.int64)
    return made.weighted(weights) if (weights != 1).any() else made


def plain(rows: Sequence[Row], vote: Election) -> Plain:
    rules = schema.complete(vote.rules)
    worth = rules["rank_points"] or range(rules["max_choices"] or len(vote.options), 0, -1)
    ballots: list[Ballot] = []
    for named, sector, weight in rows:
        if rules["ballot"] in POINTS:
            values = dict(named)
        elif rules["ballot"] == BallotKind.RANKED:
            values = {i: worth[r] if r < len(worth) else 0 for r, i in enumerate(named)}
        else:
            values = dict.fromkeys(named, 1)
        ballots.append((weight, sector, values))
    return Plain(ballots, vote, rules)


@st.composite
def rows_of(draw: st.DrawFn, kind: str, costs: Sequence[int], budget: int, most: int | None) -> list[Row]:
    def named() -> dict[int, int]:
        limit = len(costs) if most is None else min(most, len(costs))
        chosen = draw(st.lists(st.integers(0, len(costs) - 1), unique=True, max_size=limit))
        if kind == BallotKind.KNAPSACK:
            while sum(costs[i] for i in chosen) > budget:
                chosen.pop()
        if kind == BallotKind.CUMULATIVE:
            chosen = chosen[:3]
            return {i: draw(st.integers(1, 2)) for i in chosen}
        top = {BallotKind.SCORE: 3, BallotKind.YESNO: 1}.get(BallotKind(kind), 0)
        return {i: draw(st.integers(0, top)) for i in chosen}

    number = draw(st.integers(0, 14))
    weights = st.just(1) if draw(st.booleans()) else st.integers(1, 3)
    return [(named(), draw(st.sampled_from(SECTORS)), draw(weights)) for _ in range(number)]


def of_kind(draw: st.DrawFn, kind: str, options: int) -> dict[str, Any]:
    """The members of the rules that belong to the kind of ballot."""
    if kind == BallotKind.SCORE:
        return {"max_points": 3}
    if kind == BallotKind.CUMULATIVE:
        return {"sum_points": 6, "max_points": draw(st.sampled_from([None, 2]))}
    if kind == BallotKind.CHOOSE:
        return {"max_choices": draw(st.integers(1, 3))}
    if kind == BallotKind.RANKED and draw(st.booleans()):
        return {"rank_points": [3, 2, 1], "max_choices": draw(st.sampled_from([None, 3, 4]))}
    return {}


def envelopes(draw: st.DrawFn, options: int, share: str, amount: int) -> list[dict[str, Any]]:
    first = draw(st.lists(st.integers(0, options - 1), unique=True, min_size=1, max_size=options))
    cut = draw(st.integers(1, len(first)))
    made = []
    for name, inside in (("women", first[:cut]), ("youth", first[cut:])):
        if inside:
            money = draw(st.integers(0, amount // 2))
            other = {"budget": None, "winners": None, share: money}
            made.append({"id": name, "options": [f"o{i}" for i in inside], "reserve": draw(st.booleans()), **other})
    return made


@st.composite
def cases(draw: st.DrawFn, methods: Sequence[str] = METHODS) -> tuple[list[Row], Election]:
    method, kind = draw(st.sampled_from(methods)), draw(st.sampled_from(list(BallotKind)))
    costs = draw(st.lists(st.sampled_from([0, 1, 2, 3, 3, 4, 5, 6, 7, 10, 11, 50]), min_size=1, max_size=6))
    budget = draw(st.integers(0, 30))
    has_places = method == "votes" or (method in WITH_PLACES and kind != BallotKind.KNAPSACK and draw(st.booleans()))
    assume(not (has_places and kind == BallotKind.KNAPSACK))
    amount = draw(st.integers(1, len(costs))) if has_places else budget
    share = "winners" if has_places else "budget"
    rules: dict[str, Any] = {"method": method, "ballot": kind.value, share: amount, "currency": "IRR"}
    rules |= of_kind(draw, kind, len(costs)) | special(draw, method, kind, has_places)
    if draw(st.booleans()):
        rules["threshold"] = draw(st.integers(0, 4))
    if draw(st.integers(0, 3)) == 0:
        rules["quorum"] = draw(st.integers(0, 8))
    if len(costs) > 1 and draw(st.integers(0, 2)) == 0:
        rules["exclusive"] = [ids(len(costs))[:2], *([ids(len(costs))[1:4]] if method != "knapsack" else [])]
        rules["exclusive"] = [group for group in rules["exclusive"] if len(group) > 1]
    if draw(st.integers(0, 2)) == 0 and not rules.get("comparison"):
        rules["envelopes"] = envelopes(draw, len(costs), share, amount)
    rules["decides"] = draw(st.sampled_from(["person", "person", "sectors", "double_majority"]))
    rules["tie"] = draw(st.sampled_from(schema.TIE_RULES))
    lot = draw(st.permutations(ids(len(costs))))
    if rules["tie"] in schema.BY_LOT:
        rules["lot"] = SEAL
    rows = draw(rows_of(kind.value, costs, budget, rules.get("max_choices")))
    return rows, make(rules, costs, lot)


def special(draw: st.DrawFn, method: str, kind: str, has_places: bool) -> dict[str, Any]:
    """The members that only this method uses."""
    rules: dict[str, Any] = {}
    if kind == BallotKind.YESNO and draw(st.booleans()):
        rules["majority"] = True
    if method in ("greedy", "phragmen"):
        rules["skip"] = draw(st.booleans())
    if method == "greedy":
        rules["per_cost"] = draw(st.booleans())
    if method == "equal_shares":
        ways = ["none", "utilitarian"] if has_places else list(schema.COMPLETIONS)
        rules["completion"] = draw(st.sampled_from(ways))
        rules["satisfaction"] = draw(st.sampled_from(schema.SATISFACTIONS))
        rules["comparison"] = not has_places and draw(st.booleans())
        if rules["completion"] in ("add1", "add1u"):
            rules["increment"] = draw(st.integers(1, 3))
    return rules


def require_equal(rows: Sequence[Row], vote: Election) -> Outcome:
    outcome, by_hand = count(ballot_set(rows, vote.rules["ballot"]), vote), plain(rows, vote)
    assert outcome.counts == tuple(by_hand.counts)
    assert list(outcome.order) == by_hand.order
    assert list(outcome.winners) == by_hand.winners
    assert (outcome.details or {}) == by_hand.details
    return outcome


@settings(max_examples=600, deadline=None)
@given(cases())
def test_every_rule_counts_as_the_format_says(case: tuple[list[Row], Election]) -> None:
    rows, vote = case
    outcome = require_equal(rows, vote)
    assert outcome.spent == (
        0 if vote.rules.get("budget") is None else sum(o.cost or 0 for o in vote.options if o.id in outcome.winners)
    )


@settings(max_examples=400, deadline=None)
@given(cases(["equal_shares"]))
def test_equal_shares_counts_as_the_format_says(case: tuple[list[Row], Election]) -> None:
    require_equal(*case)


same = st.randoms(use_true_random=False)


@given(cases(), same)
def test_the_order_of_the_voters_does_not_matter(case: tuple[list[Row], Election], order: random.Random) -> None:
    rows, vote = case
    kind = vote.rules["ballot"]
    shuffled = order.sample(rows, len(rows))
    assert count(ballot_set(shuffled, kind), vote) == count(ballot_set(rows, kind), vote)


@given(cases(), same)
def test_the_order_of_the_ballot_does_not_matter_where_the_lot_decides(
    case: tuple[list[Row], Election], order: random.Random
) -> None:
    rows, vote = case
    vote = replace(vote, rules={**vote.rules, "tie": "lot", "lot": SEAL})
    moved = order.sample(range(len(vote.options)), len(vote.options))
    elsewhere = replace(vote, options=tuple(vote.options[i] for i in moved))
    there = [({moved.index(i): value for i, value in named.items()}, sector, w) for named, sector, w in rows]
    kind = vote.rules["ballot"]
    before, after = count(ballot_set(rows, kind), vote), count(ballot_set(there, kind), elsewhere)
    assert (before.winners, before.order, before.spent) == (after.winners, after.order, after.spent)


@given(cases())
def test_a_weight_is_as_many_ballots(case: tuple[list[Row], Election]) -> None:
    rows, vote = case
    assume(vote.rules["decides"] != "sectors")  # the common divisor is another one then
    vote = replace(vote, rules={**vote.rules, "quorum": 0})
    repeated = [(named, sector, 1) for named, sector, weight in rows for _ in range(weight)]
    kind = vote.rules["ballot"]
    assert count(ballot_set(repeated, kind), vote) == count(ballot_set(rows, kind), vote)


@given(cases())
def test_every_voter_twice_gives_the_same_winners(case: tuple[list[Row], Election]) -> None:
    rows, vote = case
    assume(vote.rules.get("completion") not in ("add1", "add1u"))
    vote = replace(vote, rules={**vote.rules, "quorum": 0, "threshold": 0})
    kind = vote.rules["ballot"]
    once, twice = count(ballot_set(rows, kind), vote), count(ballot_set(rows * 2, kind), vote)
    assert (once.winners, once.order) == (twice.winners, twice.order)


@given(cases())
def test_money_in_a_hundredth_of_the_unit_changes_only_sums(case: tuple[list[Row], Election]) -> None:
    rows, vote = case
    assume(vote.rules.get("budget") is not None)
    rules = {**vote.rules, "budget": vote.rules["budget"] * 100, "scale": 100}
    rules["envelopes"] = [{**e, "budget": e["budget"] * 100} for e in vote.rules.get("envelopes", [])]
    if "increment" in rules:
        rules["increment"] *= 100
    dearer = make(rules, [(option.cost or 0) * 100 for option in vote.options], vote.lot)
    kind = vote.rules["ballot"]
    before, after = count(ballot_set(rows, kind), vote), count(ballot_set(rows, kind), dearer)
    assert (after.winners, after.order, after.spent) == (before.winners, before.order, before.spent * 100)


@given(cases())
def test_an_option_that_nobody_names_and_nobody_can_pay_changes_nothing(case: tuple[list[Row], Election]) -> None:
    rows, vote = case
    assume("rank_points" in vote.rules or vote.rules["ballot"] != "ranked" or vote.rules.get("max_choices"))
    assume(vote.rules.get("skip", True) and vote.rules.get("budget") is not None)
    more = (*vote.options, Option("nobody", "Nobody’s", 1_000_000))
    wider = replace(vote, options=more, lot=(*(vote.lot or ()), "nobody"))
    kind = vote.rules["ballot"]
    before, after = count(ballot_set(rows, kind), vote), count(ballot_set(rows, kind), wider)
    assert after.winners == before.winners


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2**62), st.integers(0, 65_535)), max_size=20))
def test_sums_that_no_float_and_no_machine_word_holds_are_exact(parts: list[tuple[int, int, int]]) -> None:
    places, weights, factors = (np.array([part[k] for part in parts], dtype=np.int64) for k in range(3))
    expected = [sum(w * f for at, w, f in parts if at == place) for place in range(4)]
    assert totals(places, 4, weights, factors) == expected
    assert totals(places, 4, weights) == [sum(w for at, w, _ in parts if at == place) for place in range(4)]


@given(cases())
def test_equal_ballots_are_put_together_without_loss(case: tuple[list[Row], Election]) -> None:
    rows, vote = case
    ballots = ballot_set(rows, vote.rules["ballot"])
    expected: dict[bytes, int] = {}
    for packed, (_, _, weight) in zip(ballots.to_packed(), rows, strict=True):
        expected[packed] = expected.get(packed, 0) + weight
    grouped = ballots.grouped()
    assert dict(zip(grouped.to_packed(), grouped.own_weights.tolist(), strict=True)) == expected
    assert len(grouped) == len(expected)


def test_long_ballots_of_many_options_are_put_together_too() -> None:
    draw = random.Random(5)
    rankings = [draw.sample(range(3_000), 40) for _ in range(30)] * 3
    grouped = BallotSet.from_packed([pack_ranking(ranking) for ranking in rankings]).grouped()
    assert len(grouped) == 30
    assert set(grouped.to_packed()) == {pack_ranking(ranking) for ranking in rankings}
    assert grouped.own_weights.tolist() == [3] * 30


SHARES = {"method": "equal_shares", "ballot": "approval", "budget": 100, "currency": "IRR"}


def approval(*ballots: Sequence[int]) -> list[Row]:
    return [(dict.fromkeys(ballot, 1), "public", 1) for ballot in ballots]


def test_shares_that_are_just_enough_buy_and_shares_a_hair_short_do_not() -> None:
    """Thirds have no float, and a share of 10¹⁵ leaves no digit for a unit."""
    rows = approval([0], [0], [0])
    money = 10**15
    exactly = count(ballot_set(rows, "approval"), make(SHARES | {"budget": money}, [money]))
    short = count(ballot_set(rows, "approval"), make(SHARES | {"budget": money}, [money + 1]))
    assert (exactly.winners, short.winners) == (("o0",), ())
    assert exactly.details is not None
    assert exactly.details["rounds"][0]["taken"] == [{"option": "o0", "rho": "1/3"}]


def test_prices_that_floats_cannot_tell_apart_are_compared_exactly() -> None:
    rows = approval(*[[0]] * 3, *[[1]] * 3)
    vote = make(SHARES | {"budget": 2 * 10**15, "satisfaction": "cardinality"}, [9 * 10**14, 9 * 10**14 - 1])
    outcome = require_equal(rows, vote)
    assert outcome.winners == ("o1", "o0")


def test_many_different_ballots_at_the_border_are_compared_exactly() -> None:
    """All have bought different things, and all have exactly as much left as the last option asks for."""
    rows = approval(*[[i, 6] for i in range(6)] * 2)
    outcome = require_equal(rows, make(SHARES | {"budget": 120}, [8] * 6 + [72]))
    assert set(outcome.winners) == {f"o{i}" for i in range(7)}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("rows", [[], approval([], [])], ids=["nobody", "blank"])
def test_nobody_voting_is_an_outcome(method: str, rows: list[Row]) -> None:
    share = {"winners": 1} if method == "votes" else {"budget": 10, "currency": "IRR"}
    outcome = require_equal(rows, make({"method": method, "ballot": "approval", "threshold": 1, **share}, [3, 0, 11]))
    assert outcome.winners == ()


@pytest.mark.parametrize("method", METHODS[1:])
def test_a_budget_of_nothing_buys_what_costs_nothing(method: str) -> None:
    vote = make({"method": method, "ballot": "approval", "budget": 0, "currency": "IRR", "threshold": 1}, [3, 0, 5])
    assert require_equal(approval([0, 1], [1]), vote).winners == ("o1",)


@pytest.mark.parametrize("method", METHODS[1:])
def test_what_costs_more_than_the_budget_is_never_bought(method: str) -> None:
    vote = make({"method": method, "ballot": "approval", "budget": 10, "currency": "IRR"}, [11, 12])
    assert require_equal(approval([0, 1], [1]), vote).winners == ()


@pytest.mark.parametrize("method", METHODS[1:])
@pytest.mark.parametrize("tie", ["option_order", "lot"])
def test_when_all_are_equal_the_tie_rule_decides_everything(method: str, tie: str) -> None:
    lot = {"lot": SEAL} if tie == "lot" else {}
    rules = {"method": method, "ballot": "approval", "budget": 30, "currency": "IRR", "tie": tie, **lot}
    vote = make(rules, [10] * 4, ["o2", "o0", "o3", "o1"])
    expected = {"option_order": {"o0", "o1", "o2"}, "lot": {"o2", "o0", "o3"}}
    outcome = require_equal(approval([0, 1, 2, 3], [3, 2, 1, 0]), vote)
    assert set(outcome.winners) == expected[tie]
    assert outcome.tie_broken


@pytest.mark.parametrize("method", METHODS)
def test_a_million_ballots_with_one_option(method: str) -> None:
    offsets = np.arange(1_000_001, dtype=np.int64)
    ballots = BallotSet(offsets, np.zeros(1_000_000, dtype=np.uint16))
    share = {"winners": 1} if method == "votes" else {"budget": 10, "currency": "IRR"}
    outcome = count(ballots, make({"method": method, "ballot": "approval", **share}, [7]))
    assert (outcome.counts, outcome.winners) == ((1_000_000,), ("o0",))


def test_shares_are_raised_until_all_is_bought_or_the_money_is_out() -> None:
    rules = SHARES | {"budget": 10, "completion": "add1", "increment": 1}
    all_bought = require_equal(approval([0], [1]), make(rules, [4, 6]))
    too_dear = require_equal(approval([0], [1]), make(rules, [7, 6]))
    assert (all_bought.winners, too_dear.winners) == (("o0", "o1"), ("o1",))
    for outcome, steps in ((all_bought, 1), (too_dear, 1)):
        assert outcome.details is not None
        assert outcome.details["rounds"][0]["steps"] == steps


def test_what_excludes_each_other_does_not_keep_shares_rising_for_ever() -> None:
    rules = SHARES | {"budget": 10, "completion": "add1", "increment": 1, "exclusive": [["o0", "o1"]]}
    assert require_equal(approval([0], [1], [0, 1]), make(rules, [4, 6])).winners == ("o0",)


def test_what_costs_more_than_there_is_does_not_keep_shares_rising_either() -> None:
    """Its one voter would have the money for it after a billion steps."""
    rules = SHARES | {"budget": 10, "completion": "add1", "increment": 1}
    outcome = require_equal(approval([0], [1], [1, 2]), make(rules, [4, 5, 1_000_000_000]))
    assert outcome.winners == ("o1", "o0")
    assert outcome.details is not None
    assert outcome.details["rounds"][0]["steps"] == 1


def test_the_knapsack_is_the_best_set_and_not_the_greedy_one() -> None:
    vote = make({"method": "knapsack", "ballot": "approval", "budget": 10, "currency": "IRR"}, [9, 5, 5])
    assert require_equal(approval([0], [0], [0], [1], [1], [2], [2]), vote).winners == ("o1", "o2")


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.booleans())
def test_the_knapsack_is_the_optimum_of_more_options_than_sets_can_be_listed(seed: int, has_groups: bool) -> None:
    draw = random.Random(seed)
    costs = [draw.choice([0, 1, 2, 3, 5, 8, 13, 40]) for _ in range(25)]
    rows = approval(*([i for i in range(25) if draw.random() < 0.3] for _ in range(12)))
    rules = {"method": "knapsack", "ballot": "approval", "budget": draw.randint(0, 90), "currency": "IRR"}
    if has_groups:
        rules["exclusive"] = [["o0", "o1", "o2"], ["o7", "o8"]]
    outcome = count(ballot_set(rows, "approval"), make(rules, costs))
    best = [(0, 0)] * (int(str(rules["budget"])) + 1)
    classes = [[0, 1, 2], [7, 8], *([i] for i in range(25) if i not in (0, 1, 2, 7, 8))]
    for members in classes if has_groups else [[i] for i in range(25)]:
        before = list(best)
        for i in members:
            for money in range(costs[i], len(best)):
                votes, cost = before[money - costs[i]]
                best[money] = max(best[money], (votes + outcome.counts[i], cost - costs[i]))
    chosen = [int(winner[1:]) for winner in outcome.winners]
    assert (sum(outcome.counts[i] for i in chosen), -sum(costs[i] for i in chosen)) == best[-1]


def test_a_knapsack_of_sums_beyond_machine_words_is_exact() -> None:
    heavy = [(dict.fromkeys(ballot, 1), "public", 2**60) for ballot in ([0], [1], [1, 2], [2])]
    vote = make({"method": "knapsack", "ballot": "approval", "budget": 10, "currency": "IRR"}, [9, 5, 5])
    assert require_equal(heavy, vote).winners == ("o1", "o2")


def test_in_equal_sectors_each_sector_weighs_the_same() -> None:
    rows = [({0: 1}, "civil_society", 1)] * 4 + [({1: 1}, "public", 1)] * 2 + [({1: 1}, "private", 1)]
    rules = {"method": "votes", "ballot": "approval", "winners": 1, "decides": "sectors"}
    assert require_equal(rows, make(rules, [None, None])).counts == (4, 8)


def test_who_belongs_to_no_sector_counts_in_civil_society() -> None:
    rules = {"method": "votes", "ballot": "approval", "winners": 1, "decides": "sectors"}
    rows = [({0: 1}, "civil_society", 1), ({0: 1}, "not_stated", 1), ({1: 1}, "public", 1)]
    assert count(ballot_set(rows, "approval"), make(rules, [None, None])).counts == (2, 2)


def test_sectors_cannot_decide_where_ballots_do_not_say_theirs() -> None:
    rules = {"method": "votes", "ballot": "approval", "winners": 1, "decides": "sectors"}
    with pytest.raises(BallotError, match="sector"):
        count(BallotSet.from_packed([pack([0])]), make(rules, [None]))


def test_a_double_majority_needs_half_of_all_and_half_in_most_sectors() -> None:
    civil = [({0: 1, 1: 1}, "civil_society", 1)] * 6
    rows = [*civil, ({1: 1}, "public", 1), ({2: 1}, "private", 1), ({}, "private", 1)]
    rules = {"method": "votes", "ballot": "approval", "winners": 3, "decides": "double_majority"}
    outcome = require_equal(rows, make(rules, [None] * 3))
    assert (outcome.winners, outcome.details) == (("o1",), {"barred": ["o0", "o2"]})


def test_a_majority_is_more_yes_than_no() -> None:
    rows: list[Row] = [({0: 1, 1: 1, 2: 0}, "public", 1), ({0: 1, 1: 0}, "public", 1)]
    rules = {"method": "votes", "ballot": "yesno", "winners": 3, "majority": True}
    outcome = require_equal(rows, make(rules, [None] * 3))
    assert (outcome.winners, outcome.named) == (("o0",), (2, 2, 1))


def test_below_the_quorum_nobody_wins() -> None:
    rules = {"method": "votes", "ballot": "approval", "winners": 1, "quorum": 3}
    assert require_equal(approval([0], []), make(rules, [None])).details == {"quorum_missed": True}
    assert require_equal(approval([0], [], []), make(rules, [None])).winners == ("o0",)


def test_what_a_reserve_leaves_competes_again_and_what_another_envelope_leaves_is_lost() -> None:
    inside = {"id": "women", "options": ["o0", "o1"], "budget": 10, "winners": None, "reserve": True}
    rules = {"method": "greedy", "ballot": "approval", "budget": 20, "currency": "IRR", "envelopes": [inside]}
    rows = approval([0, 1, 2], [0, 1], [1])
    assert require_equal(rows, make(rules, [8, 6, 8])).winners == ("o1", "o0")
    rules["envelopes"] = [inside | {"reserve": False}]
    assert require_equal(rows, make(rules, [8, 6, 8])).winners == ("o1", "o2")


def test_the_moments_of_phragmen_in_a_small_example() -> None:
    """Two voters hold 4 together at 2; a single one needs until 5 alone."""
    rules = {"method": "phragmen", "ballot": "approval", "budget": 9, "currency": "IRR"}
    outcome = require_equal(approval([0], [0], [1]), make(rules, [4, 5]))
    assert outcome.details == {
        "rounds": [
            {"envelope": "", "taken": [{"option": "o0", "load": "2/1"}, {"option": "o1", "load": "5/1"}]},
        ]
    }


@pytest.mark.parametrize(
    ("rules", "key"),
    [
        (SHARES | {"winners": 2}, "winners"),
        (SHARES | {"budget": None}, "budget"),
        (SHARES | {"skip": False}, "skip"),
        (SHARES | {"per_cost": True}, "per_cost"),
        (SHARES | {"satisfaction": "joy"}, "satisfaction"),
        (SHARES | {"completion": "add1"}, "increment"),
        (SHARES | {"increment": 1}, "increment"),
        (SHARES | {"completion": "add1", "increment": 0}, "increment"),
        (SHARES | {"completion": "add1", "increment": 1, "budget": 1_000_001}, "increment"),
        (SHARES | {"budget": None, "winners": 2, "completion": "add1", "increment": 1}, "completion"),
        (SHARES | {"budget": None, "winners": 2, "comparison": True}, "comparison"),
        (SHARES | {"transfer": "meek"}, "transfer"),
        (SHARES | {"majority": True}, "majority"),
        (SHARES | {"exclusive": [["o0", "o9"]]}, "exclusive"),
        (SHARES | {"exclusive": [["o0"]]}, "exclusive"),
        (SHARES | {"method": "knapsack", "exclusive": [["o0", "o1"], ["o1", "o2"]]}, "exclusive"),
        (SHARES | {"method": "knapsack", "skip": False}, "skip"),
        (SHARES | {"method": "phragmen", "completion": "utilitarian"}, "completion"),
        (SHARES | {"ballot": "score"}, "max_points"),
        (SHARES | {"ballot": "score", "max_points": 2, "min_points": 2}, "max_points"),
        (SHARES | {"ballot": "score", "max_points": 2, "sum_points": 5}, "sum_points"),
        (SHARES | {"ballot": "cumulative"}, "sum_points"),
        (SHARES | {"ballot": "cumulative", "sum_points": 3, "max_points": 4}, "max_points"),
        (SHARES | {"ballot": "cumulative", "sum_points": 2, "min_choices": 3}, "min_choices"),
        (SHARES | {"ballot": "yesno", "max_points": 1}, "max_points"),
        (SHARES | {"ballot": "ranked", "rank_points": [1, 2]}, "rank_points"),
        (SHARES | {"ballot": "ranked", "rank_points": [0]}, "rank_points"),
        (SHARES | {"ballot": "ranked", "rank_points": [3, 2, 1], "max_choices": 2}, "rank_points"),
        (SHARES | {"ballot": "knapsack", "budget": None, "winners": 1}, "budget"),
        (SHARES | {"tie": "lot"}, "tie"),
    ],
)
def test_a_wrong_rule_is_refused_by_its_name(rules: dict[str, Any], key: str) -> None:
    with pytest.raises(RulesError) as caught:
        validate_rules(rules, make(rules, [10, 20, 30]).options)
    assert (caught.value.key, str(caught.value).startswith(key)) == (key, True)


ENVELOPE = {"id": "a", "options": ["o0"], "budget": 50, "winners": None, "reserve": False}


@pytest.mark.parametrize(
    "wrong",
    [
        [ENVELOPE | {"options": ["o9"]}],
        [ENVELOPE | {"budget": 101}],
        [ENVELOPE, ENVELOPE | {"id": "b", "options": ["o1"], "budget": 51}],
        [ENVELOPE, ENVELOPE | {"id": "b"}],
        [ENVELOPE, ENVELOPE | {"options": ["o1"]}],
        [ENVELOPE | {"budget": None, "winners": 1}],
        [ENVELOPE | {"winners": 1}],
        [ENVELOPE | {"min_cost": 11}],
        [ENVELOPE | {"max_cost": 9}],
        [ENVELOPE | {"min_cost": 10, "max_cost": 9}],
        [{"id": "a"}],
    ],
)
def test_an_envelope_that_cannot_be_is_refused(wrong: list[dict[str, Any]]) -> None:
    with pytest.raises(RulesError) as caught:
        validate_rules(SHARES | {"envelopes": wrong}, make({}, [10, 20, 30]).options)
    assert caught.value.key == "envelopes"


def test_an_envelope_that_can_be_is_published_as_it_is() -> None:
    envelope = ENVELOPE | {"min_cost": 10, "max_cost": 10, "title": {"en": "Women"}}
    assert validate_rules(SHARES | {"envelopes": [envelope]}, make({}, [10, 20]).options)["envelopes"] == [envelope]


BALLOTS: list[tuple[dict[str, Any], list[bytes]]] = [
    ({"ballot": "approval"}, [pack([3])]),
    ({"ballot": "approval"}, [b"\x01\x00\x01\x00"]),
    ({"ballot": "approval"}, [b"\x01\x00\x00\x00"]),
    ({"ballot": "approval", "min_choices": 2}, [b"", pack([1])]),
    ({"ballot": "choose", "max_choices": 1}, [pack([0, 1])]),
    ({"ballot": "knapsack"}, [pack([0, 1]), pack([0, 1, 2])]),
    ({"ballot": "ranked"}, [pack_ranking([2, 0]), b"\x01\x00\x00\x00\x01\x00"]),
    ({"ballot": "ranked"}, [pack_ranking([3])]),
    ({"ballot": "ranked", "max_choices": 1}, [pack_ranking([1, 0])]),
    ({"ballot": "score", "max_points": 5}, [pack_points({0: 6})]),
    ({"ballot": "score", "max_points": 5, "min_points": 1}, [pack_points({0: 0})]),
    ({"ballot": "cumulative", "sum_points": 5}, [pack_points({0: 3, 1: 3})]),
    ({"ballot": "cumulative", "sum_points": 5}, [pack_points({0: 3, 1: 0})]),
    ({"ballot": "cumulative", "sum_points": 5, "max_points": 2}, [pack_points({0: 3})]),
    ({"ballot": "yesno"}, [pack_points({0: 1}), pack_points({1: 2})]),
]


@pytest.mark.parametrize(("rules", "packed"), BALLOTS)
def test_a_ballot_that_nobody_may_cast_stops_the_count(rules: dict[str, Any], packed: list[bytes]) -> None:
    points = rules["ballot"] in POINTS
    with pytest.raises(BallotError):
        count(BallotSet.from_packed(packed, has_points=points), make(SHARES | rules, [40, 60, 1]))


def test_ballots_without_the_points_of_their_kind_stop_the_count() -> None:
    with pytest.raises(BallotError, match="points"):
        count(BallotSet.from_packed([pack([0])]), make(SHARES | {"ballot": "yesno"}, [1]))


def test_shares_are_fractions_in_lowest_terms() -> None:
    outcome = require_equal(approval([0, 1], [0], [1], [1]), make(SHARES | {"budget": 90}, [30, 45]))
    assert outcome.details is not None
    this = outcome.details["rounds"][0]
    assert (this["endowment"], [each["rho"] for each in this["taken"]]) == ("45/2", ["1/3", "3/4"])
