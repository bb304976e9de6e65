"""The same ballots in other ways, who got something, and weights: against small elections counted by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from tests.voting.test_groups import FLOOR, attack, is_telling, secret_votes, truth, voters_of, width
from ucc_participate.voting.ballot_groups import common, encode, further_dimensions
from ucc_participate.voting.fairness import compare, rake
from ucc_participate.voting.groups import breakdown
from ucc_participate.voting.rules import BallotSet, Dimension, Election, Option, count, pack

ONE = {"method": "votes", "ballot": "approval", "winners": 1}


def election(rules: dict[str, Any], *costs: int | None) -> Election:
    options = tuple(Option(f"o{at}", f"Option {at}", cost) for at, cost in enumerate(costs))
    return Election("vote/v", "A vote", "individual", rules, options)


def cast(*parts: tuple[list[int], int, dict[str, str]]) -> BallotSet:
    """So many ballots of each set by people of whom this is stated."""
    packed = [pack(chosen) for chosen, times, _ in parts for _ in range(times)]
    people = [stated for _, times, stated in parts for _ in range(times)]
    sides = tuple(Dimension.of(name, [each.get(name) for each in people]) for name in ("sector", "sex", "age"))
    return BallotSet.from_packed(packed, sides)


def people(ballots: BallotSet, vote: Election, **tagged: list[str]) -> dict[str, Any]:
    found = compare(ballots, vote, count(ballots, vote), floor=FLOOR, tagged=tagged)["people"]
    return {each["key"]: each for each in found}


def test_other_weights_of_people_choose_others_and_only_one_way_decided() -> None:
    """Sixty of civil society want o0; forty of the two other sectors, thirty of them women, want o1."""
    ballots = cast(
        ([0], 60, {"sector": "civil_society", "sex": "male"}),
        ([1], 20, {"sector": "public", "sex": "female"}),
        ([1], 20, {"sector": "private", "sex": "female"}),
    )
    found = people(ballots, election(ONE, None, None))
    assert [key for key, each in found.items() if each["decides"]] == ["person"]
    assert found["person"]["winners"] == ("o0",)
    assert found["sectors"]["winners"] == ("o1",)
    assert (found["only_women"]["added"], found["only_women"]["removed"]) == (("o1",), ("o0",))
    assert found["weakest_sector"]["winners"] == ("o0",)


def test_an_outcome_of_fewer_than_twice_the_floor_is_not_shown() -> None:
    ballots = cast(
        ([0], 60, {"sector": "civil_society", "sex": "male"}), ([1], 9, {"sector": "public", "sex": "female"})
    )
    found = people(ballots, election(ONE, None, None))
    assert {key for key, each in found.items() if each["winners"] is None} >= {
        "sectors",
        "weakest_sector",
        "only_women",
        "only_youth",
    }
    assert all(not each["added"] and not each["removed"] for each in found.values() if each["winners"] is None)


def test_an_outcome_that_leaves_out_only_a_few_is_not_shown_either() -> None:
    """Everybody beside nearly everybody: the difference would speak of nine."""
    ballots = cast(([0], 60, {"sex": "female"}), ([1], 9, {"sex": "male"}))
    assert people(ballots, election(ONE, None, None))["only_women"]["winners"] is None


def test_a_fifth_of_the_money_is_kept_for_the_proposals_for_women() -> None:
    rules = {"method": "greedy", "ballot": "approval", "budget": 100, "currency": "IRR"}
    ballots = cast(([0], 30, {}), ([1], 10, {}))
    found = people(ballots, election(rules, 90, 20), women=["o1"])["reserved_women"]
    assert (found["winners"], found["added"], found["removed"]) == (("o1",), ("o1",), ("o0",))


def test_other_rules_stand_beside_the_one_that_decided() -> None:
    """Six of ten want o0 for all the money; greedy gives it to them, Equal Shares gives the four others their o1."""
    rules = {"method": "greedy", "ballot": "approval", "budget": 100, "currency": "IRR"}
    ballots = cast(([0], 6, {}), ([1], 4, {}))
    vote = election(rules, 100, 40)
    found = {each["key"]: each for each in compare(ballots, vote, count(ballots, vote), floor=FLOOR)["rules"]}
    assert found["greedy"]["decides"]
    assert found["greedy"]["winners"] == ("o0",)
    assert not found["equal_shares"]["decides"]
    assert found["equal_shares"]["winners"] == ("o1",)


def satisfied(ballots: BallotSet, vote: Election) -> dict[str, tuple[Any, Any]]:
    rows = compare(ballots, vote, count(ballots, vote), floor=FLOOR)["satisfied"]
    return {row["group"]: (row["covered"], row["funded"]) for row in rows}


def test_who_got_something_of_what_they_chose() -> None:
    ballots = cast(([0], 40, {"sex": "female"}), ([1], 20, {"sex": "female"}), ([0], 20, {"sex": "male"}),
                   ([1], 15, {"sex": "male"}))  # fmt: skip
    found = satisfied(ballots, election(ONE, None, None))
    assert found["all"] == (60, 60)
    assert (found["sex:female"], found["sex:male"]) == ((40, 40), (20, 20))


@settings(max_examples=60)
@given(secret_votes())
def test_satisfaction_tells_no_more_of_a_hidden_cell_than_the_floor_allows(case: Any) -> None:
    """The attacker lays "got something" beside the breakdown as one more option of every ballot.

    Who got something is at least who chose one winner and at most who chose any: the breakdown, whose numbers are big
    enough to be told, may say that much by itself (5 of 10 chose a winner, one person of all chose the other).
    """
    given_ballots, labels, options = case
    sexes = Dimension("sex", ("female", "male", "not_stated"), np.array(labels, dtype=np.uint8))
    ballots = BallotSet.from_packed([pack(each) for each in given_ballots], (sexes,))
    vote = election({**ONE, "winners": min(2, options)}, *[None] * options)
    outcome = count(ballots, vote)
    places = {int(code[1:]) for code in outcome.winners}
    extended = [[*each, options] if places & set(each) else each for each in given_ballots]
    rows = compare(ballots, vote, outcome, floor=FLOOR)["satisfied"][1:]
    shown = breakdown(ballots, vote, floor=FLOOR)
    voters = voters_of(labels)
    told = [(n, (*group.counts, row["covered"])) for n, group, row in zip(voters, shown, rows, strict=True)]
    found = attack(extended, told)
    breakdown_alone = attack(extended, [(n, (*group.counts, None)) for n, group in zip(voters, shown, strict=True)])
    for (g, o), votes in np.ndenumerate(np.array(truth(extended, labels, options + 1, 3))):
        if is_telling(int(votes), voters[g]) and told[g][1][o] is None:
            assert width(found[g, o]) >= min(FLOOR, width(breakdown_alone[g, o]))


def test_districts_are_those_that_enough_people_name_and_codes_keep_their_sector_sex_and_age() -> None:
    assert common(["Bazar "] * 20 + ["bagh"] * 19 + [None] * 50 + ["Bala  Deh"] * 30, least=20) == ["Bala Deh", "Bazar"]
    codes = [encode(sector="private", sex="male", age="under_30", district=2), encode(sector=None, sex=None, age=None)]
    district, channel = further_dimensions(codes, ["paper", "internet"], ["Bala Deh", "Bazar"])
    assert [district.labels[code] for code in district.codes] == ["Bazar", "not_stated"]
    assert [channel.labels[code] for code in channel.codes] == ["paper", "internet"]


def test_a_few_papers_are_not_told_apart_by_the_way_they_came() -> None:
    ways = ["internet"] * 60 + ["paper"] * 3 + ["kiosk"] * 20
    ballots = replace(cast(([0], 50, {}), ([1], 33, {})), dimensions=further_dimensions([0] * 83, ways, []))
    rows = {group.label_id: group for group in breakdown(ballots, election(ONE, None, None), floor=FLOOR)}
    assert rows["paper"].voters is None
    assert rows["paper"].counts == (None, None)
    assert [row.voters for row in rows.values()].count(None) == 2


def test_raking_meets_both_margins() -> None:
    """Worked by hand: 30 women and 70 men for a city of halves; weights 5/3 and 5/7, mean 1."""
    columns = {"sex": ["female"] * 30 + ["male"] * 70}
    raked = rake(columns, {"sex": {"female": 0.5, "male": 0.5}})
    assert raked is not None
    assert raked.is_converged
    assert raked.trimmed == 0
    assert raked.weights[[0, 99]] == pytest.approx([5 / 3, 5 / 7])
    assert raked.design_effect == pytest.approx(30 * (5 / 3) ** 2 / 100 + 70 * (5 / 7) ** 2 / 100)
    assert raked.effective_voters == pytest.approx(84)
    named = np.array([True] * 30 + [False] * 70)
    share, variance = raked.rate(named)
    assert share == pytest.approx(0.5)
    assert variance == pytest.approx((30 * (5 / 3) ** 2 + 70 * (5 / 7) ** 2) * 0.25 / 100**2)


def test_raking_over_three_margins_converges() -> None:
    random = np.random.default_rng(7)
    columns = {name: [str(each) for each in random.integers(0, groups, 900)] for name, groups in
               (("sex", 2), ("age", 3), ("district", 5))}  # fmt: skip
    margins = {
        "sex": {"0": 0.45, "1": 0.55},
        "age": {"0": 0.3, "1": 0.5, "2": 0.2},
        "district": dict(zip("01234", (0.3, 0.1, 0.2, 0.2, 0.2), strict=True)),
    }
    raked = rake(columns, margins)
    assert raked is not None
    assert raked.is_converged
    assert raked.trimmed == 0
    for name, shares in margins.items():
        for label, share in shares.items():
            mine = np.array([each == label for each in columns[name]])
            assert raked.weights[mine].sum() / raked.weights.sum() == pytest.approx(share, abs=1e-7)


def test_extreme_weights_are_cut_off_and_thin_margins_are_named() -> None:
    raked = rake({"sex": ["female"] * 4 + ["male"] * 96}, {"sex": {"female": 0.5, "male": 0.5}})
    assert raked is not None
    assert (raked.trimmed, raked.thin) == (4, ("sex:female",))
    assert raked.weights.max() / raked.weights.min() == pytest.approx(5 / (0.5 / 0.96))


def test_nobody_can_stand_for_a_group_without_voters() -> None:
    assert rake({"sex": ["male"] * 40}, {"sex": {"female": 0.5, "male": 0.5}}) is None
