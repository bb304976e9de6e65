"""Counting rules: what they must give, and what must not change it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ucc_participate.voting.rules import (
    BallotError,
    BallotSet,
    Dimension,
    Election,
    Option,
    Outcome,
    RulesError,
    count,
    pack,
    unpack,
    validate_rules,
)

BY_VOTES = {"method": "votes", "ballot": "approval", "winners": 1}
GREEDY = {"method": "greedy", "ballot": "approval", "budget": 100, "currency": "IRR"}

Ballots = list[list[int]]


def options(*costs: int | None) -> tuple[Option, ...]:
    return tuple(Option(f"o{place}", f"Option {place}", cost) for place, cost in enumerate(costs))


def election(rules: dict[str, Any], *costs: int | None) -> Election:
    return Election("vote/v", "A vote", "individual", rules, options(*costs))


def ballot_set(ballots: Ballots) -> BallotSet:
    return BallotSet.from_packed([pack(ballot) for ballot in ballots])


def names(*positions: int) -> tuple[str, ...]:
    return tuple(f"o{position}" for position in positions)


def by_hand(ballots: Ballots, vote: Election) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """The counts and winners in a few lines of plain Python, the reference of the properties below."""
    rules = validate_rules(vote.rules, vote.options)
    votes = Counter(choice for ballot in ballots for choice in ballot)
    by_cost = rules["tie"] == "cost_then_order"
    ranked = sorted(range(len(vote.options)), key=lambda i: (-votes[i], (vote.options[i].cost or 0) * by_cost, i))
    winners, left = [], rules["budget"]
    for i in ranked:
        if rules["method"] == "votes":
            winners = ranked[: rules["winners"]]
        elif votes[i] >= rules["threshold"]:
            cost = vote.options[i].cost or 0
            if cost > left:
                if rules["skip"]:
                    continue
                break
            left -= cost
            winners.append(i)
    return tuple(votes[i] for i in range(len(vote.options))), names(*winners)


@st.composite
def votes_by_greedy(draw: st.DrawFn) -> tuple[Ballots, Election]:
    costs = draw(st.lists(st.integers(1, 60), min_size=1, max_size=7))
    ballots = draw(st.lists(st.lists(st.integers(0, len(costs) - 1), unique=True, max_size=5), max_size=25))
    rules = GREEDY | {
        "budget": draw(st.integers(0, 200)),
        "skip": draw(st.booleans()),
        "threshold": draw(st.integers(0, 4)),
        "tie": draw(st.sampled_from(["option_order", "cost_then_order"])),
    }
    return ballots, election(rules, *costs)


@st.composite
def votes_by_number(draw: st.DrawFn) -> tuple[Ballots, Election]:
    ballots, vote = draw(votes_by_greedy())
    winners = draw(st.integers(1, len(vote.options)))
    rules = BY_VOTES | {"winners": winners, "tie": vote.rules["tie"]}
    return ballots, election(rules, *(option.cost for option in vote.options))


any_vote = st.one_of(votes_by_greedy(), votes_by_number())


@given(any_vote)
def test_a_count_equals_the_count_by_hand(case: tuple[Ballots, Election]) -> None:
    ballots, vote = case
    outcome = count(ballot_set(ballots), vote)
    assert (outcome.counts, outcome.winners) == by_hand(ballots, vote)


@given(any_vote, st.randoms(use_true_random=False))
def test_the_order_of_voters_does_not_matter(case: tuple[Ballots, Election], random: Any) -> None:
    ballots, vote = case
    shuffled = random.sample(ballots, len(ballots))
    assert count(ballot_set(shuffled), vote) == count(ballot_set(ballots), vote)


@given(votes_by_greedy())
def test_an_option_without_votes_at_the_end_of_the_ballot_changes_nothing_for_the_others(
    case: tuple[Ballots, Election],
) -> None:
    ballots, vote = case
    costs = [option.cost for option in vote.options]
    before = count(ballot_set(ballots), election({**vote.rules, "tie": "option_order"}, *costs))
    after = count(ballot_set(ballots), election({**vote.rules, "tie": "option_order"}, *costs, 1))
    assert [winner for winner in after.winners if winner != f"o{len(costs)}"] == list(before.winners)
    assert after.counts == (*before.counts, 0)


@given(votes_by_greedy())
def test_counting_in_a_hundredth_of_the_unit_changes_only_the_sum(case: tuple[Ballots, Election]) -> None:
    ballots, vote = case
    rules = {**vote.rules, "budget": vote.rules["budget"] * 100, "scale": 100}
    costs = [(option.cost or 0) * 100 for option in vote.options]
    before, after = count(ballot_set(ballots), vote), count(ballot_set(ballots), election(rules, *costs))
    assert (after.order, after.winners, after.tie_broken) == (before.order, before.winners, before.tie_broken)
    assert after.spent == before.spent * 100


@given(any_vote)
def test_the_money_spent_is_the_cost_of_the_winners_and_within_the_budget(case: tuple[Ballots, Election]) -> None:
    ballots, vote = case
    outcome = count(ballot_set(ballots), vote)
    cost = {option.id: option.cost or 0 for option in vote.options}
    budget = vote.rules.get("budget")
    assert outcome.spent == (0 if budget is None else sum(cost[winner] for winner in outcome.winners))
    assert budget is None or outcome.spent <= budget


@given(any_vote)
def test_a_tie_is_said_to_be_broken_exactly_when_an_equal_was_left_out(case: tuple[Ballots, Election]) -> None:
    ballots, vote = case
    outcome = count(ballot_set(ballots), vote)
    votes = dict(zip((option.id for option in vote.options), outcome.counts, strict=True))
    left = set(votes) - set(outcome.winners)
    assert outcome.tie_broken == any(votes[a] == votes[b] for a in outcome.winners for b in left)


def test_equal_numbers_go_by_the_order_of_the_ballot() -> None:
    outcome = count(ballot_set([[1], [2]]), election(BY_VOTES, 5, 9, 3))
    assert outcome == Outcome((0, 1, 1), names(1, 2, 0), names(1), 0, tie_broken=True)


def test_equal_numbers_go_to_the_cheaper_one_where_the_rules_say_so() -> None:
    outcome = count(ballot_set([[1], [2]]), election(BY_VOTES | {"tie": "cost_then_order"}, 5, 9, 3))
    assert outcome.order == names(2, 1, 0)


def test_greedy_passes_over_what_does_not_fit() -> None:
    ballots = ballot_set([[0, 1, 2], [0, 1], [0]])
    outcome = count(ballots, election(GREEDY, 60, 50, 40))
    assert (outcome.winners, outcome.spent) == (names(0, 2), 100)


def test_greedy_without_skipping_stops_at_the_first_that_does_not_fit() -> None:
    ballots = ballot_set([[0, 1, 2], [0, 1], [0]])
    outcome = count(ballots, election(GREEDY | {"skip": False}, 60, 50, 40))
    assert (outcome.winners, outcome.spent) == (names(0), 60)


def test_an_option_under_the_threshold_neither_wins_nor_stops_the_count() -> None:
    ballots = ballot_set([[0], [0], [1], [1], [2]])
    outcome = count(ballots, election(GREEDY | {"skip": False, "threshold": 2}, 30, 30, 500))
    assert outcome.winners == names(0, 1)


def test_nobody_voting_is_an_outcome_too() -> None:
    outcome = count(ballot_set([]), election(GREEDY | {"threshold": 1}, 10))
    assert outcome == Outcome((0,), names(0), (), 0, tie_broken=False)


@pytest.mark.parametrize(
    ("rules", "key"),
    [
        ({}, "method"),
        (BY_VOTES | {"method": "dice"}, "method"),
        (BY_VOTES | {"ballot": "tea leaves"}, "ballot"),
        (BY_VOTES | {"colour": 1}, "colour"),
        (BY_VOTES | {"winners": None}, "winners"),
        (BY_VOTES | {"winners": 4}, "winners"),
        (BY_VOTES | {"winners": True}, "winners"),
        (BY_VOTES | {"winners": 1.0}, "winners"),
        (BY_VOTES | {"budget": 5}, "budget"),
        (BY_VOTES | {"skip": False}, "skip"),
        (BY_VOTES | {"ballot": "choose"}, "max_choices"),
        (BY_VOTES | {"min_choices": 3, "max_choices": 2}, "max_choices"),
        (BY_VOTES | {"min_choices": 4}, "min_choices"),
        (BY_VOTES | {"min_choices": -1}, "min_choices"),
        (BY_VOTES | {"tie": "coin"}, "tie"),
        (BY_VOTES | {"group_floor": 0}, "group_floor"),
        (GREEDY | {"budget": None}, "budget"),
        (GREEDY | {"budget": "100"}, "budget"),
        (GREEDY | {"budget": 2**53}, "budget"),
        (GREEDY | {"currency": None}, "currency"),
        (GREEDY | {"currency": "rial"}, "currency"),
        (GREEDY | {"scale": 7}, "scale"),
        (GREEDY | {"winners": 2}, "winners"),
        (GREEDY | {"skip": 1}, "skip"),
        (GREEDY | {"threshold": -1}, "threshold"),
    ],
)
def test_a_wrong_rule_is_refused_by_its_name(rules: dict[str, Any], key: str) -> None:
    with pytest.raises(RulesError) as caught:
        validate_rules(rules, options(10, 20, 30))
    assert caught.value.key == key
    assert str(caught.value).startswith(key)


@pytest.mark.parametrize(
    ("rules", "costs", "key"),
    [
        (GREEDY, (10, None), "options"),
        (GREEDY, (10, -1), "options"),
        (BY_VOTES | {"tie": "cost_then_order"}, (10, None), "tie"),
    ],
)
def test_rules_that_the_options_cannot_meet_are_refused(
    rules: dict[str, Any], costs: tuple[int | None, ...], key: str
) -> None:
    with pytest.raises(RulesError) as caught:
        count(ballot_set([]), election(rules, *costs))
    assert caught.value.key == key


def test_two_options_of_one_id_are_refused() -> None:
    with pytest.raises(RulesError, match="options"):
        validate_rules(BY_VOTES, (Option("a", "A"), Option("a", "B")))


def test_the_published_rules_are_complete_and_name_the_scale_only_when_there_is_one() -> None:
    assert validate_rules(GREEDY) == {
        "method": "greedy",
        "ballot": "approval",
        "min_choices": 1,
        "max_choices": None,
        "budget": 100,
        "currency": "IRR",
        "winners": None,
        "skip": True,
        "threshold": 0,
        "group_floor": 5,
        "tie": "option_order",
    }
    assert validate_rules(GREEDY | {"scale": 100})["scale"] == 100
    assert validate_rules(GREEDY | {"scale": 1}) == validate_rules(GREEDY)


@given(st.lists(st.lists(st.integers(0, 65_535), unique=True, max_size=8), max_size=30))
def test_ballots_at_rest_come_back_as_sets_in_ballot_order(ballots: Ballots) -> None:
    packed = [pack(ballot) for ballot in ballots]
    together = BallotSet.from_packed(packed)
    assert [list(unpack(ballot)) for ballot in packed] == [sorted(ballot) for ballot in ballots]
    assert together.to_packed() == packed
    assert (len(together), together.blank) == (len(ballots), sum(not ballot for ballot in ballots))
    together.require_sets()


def test_a_ballot_is_two_little_endian_bytes_a_choice() -> None:
    assert pack([258, 3]) == b"\x03\x00\x02\x01"


@pytest.mark.parametrize("positions", [[1, 1], [-1], [65_536]])
def test_a_ballot_that_is_no_set_of_options_is_not_packed(positions: list[int]) -> None:
    with pytest.raises(BallotError):
        pack(positions)


@pytest.mark.parametrize(
    "packed",
    [
        [b"\x00"],
        [b"\x09\x00"],
        [b"\x01\x00\x01\x00"],
        [b"\x02\x00\x01\x00"],
        [b"\x00\x00", b"", b"\x01\x00", b"\x02\x00\x01\x00"],
        [b"\x00\x00\x01\x00\x02\x00"],
    ],
)
def test_ballots_that_break_the_rules_stop_the_count(packed: list[bytes]) -> None:
    with pytest.raises(BallotError):
        count(BallotSet.from_packed(packed), election(BY_VOTES | {"max_choices": 2}, 1, 1, 1))


def test_a_ballot_with_too_few_choices_stops_the_count_and_a_blank_one_does_not() -> None:
    vote = election(BY_VOTES | {"min_choices": 2}, 1, 1, 1)
    assert count(ballot_set([[], [0, 1]]), vote).counts == (1, 1, 0)
    with pytest.raises(BallotError, match="ballot 1 names 1"):
        count(ballot_set([[], [0]]), vote)


def test_a_dimension_must_say_something_of_every_ballot() -> None:
    with pytest.raises(BallotError, match="sex"):
        BallotSet.from_packed([b"", b""], (Dimension.of("sex", ["female"]),))


def test_a_voter_who_did_not_say_is_not_stated() -> None:
    dimension = Dimension.of("age", ["under_30", None, "30_plus"])
    assert [dimension.labels[code] for code in dimension.codes] == ["under_30", "not_stated", "30_plus"]
    assert dimension.codes.dtype == np.uint8
