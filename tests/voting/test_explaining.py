"""Why options were chosen or not: figures against elections that were counted by hand, and those of Wieliczka."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from flask_babel import force_locale

from ucc_participate.voting import pabulib
from ucc_participate.voting.explaining import explain
from ucc_participate.voting.explaining.reasons import reasons
from ucc_participate.voting.rules import METHODS, BallotSet, Dimension, Election, Option, Outcome, count, pack
from ucc_participate.voting.rules.ballots import pack_points, pack_ranking
from ucc_participate.voting.rules.schema import complete


def election(rules: dict[str, Any], *costs: int | None) -> Election:
    options = tuple(Option(f"o{at}", f"Option {at}", cost) for at, cost in enumerate(costs))
    return Election("vote/v", "A vote", "individual", rules, options)


def ballots(*sets: tuple[list[int], int]) -> BallotSet:
    """So many ballots of each set."""
    return BallotSet.from_packed([pack(chosen) for chosen, times in sets for _ in range(times)])


EQUAL_SHARES = {"method": "equal_shares", "ballot": "approval", "budget": 1000, "currency": "IRR"}


def by_hand(*taken: tuple[str, str], endowment: str, topped_up: tuple[str, ...] = ()) -> Outcome:
    """An outcome of Equal Shares as record-format.md §5 writes it: options and the ρ at which they were bought."""
    told = {"endowment": endowment, "steps": 0, "taken": [{"option": o, "rho": r} for o, r in taken]}
    details = {"rounds": [{"envelope": "", **told, "topped_up": list(topped_up)}]}
    return Outcome((), (), tuple(o for o, _ in taken) + topped_up, 0, False, details=details)


def test_who_paid_for_an_option_and_who_gave_the_last_they_had() -> None:
    """Ten voters with 100 each. o0 costs 600: six pay 100 each (ρ = 1/6). o1 costs 200: of its five supporters one has
    nothing left, so four pay 50 (ρ = 1/4)."""
    vote = election(EQUAL_SHARES, 600, 200)
    cast = ballots(([0], 5), ([0, 1], 1), ([1], 4))
    found = explain(cast, vote, by_hand(("o0", "1/6"), ("o1", "1/4"), endowment="100"), with_changes=False)
    first, second = found["payments"]
    assert (first["option"], first["price"], first["payers"], first["emptied"]) == ("o0", 100, 6, 0)
    assert (second["option"], second["price"], second["payers"], second["emptied"]) == ("o1", 50, 4, 0)


def test_a_supporter_who_has_less_than_the_price_gives_what_is_left() -> None:
    """Four voters with 100. All four buy o0 for 240 (60 each); then o1 for 140: two of them have 40, one other 100."""
    vote = election(EQUAL_SHARES, 240, 140)
    cast = ballots(([0, 1], 2), ([0], 2), ([1], 1))
    found = explain(cast, vote, by_hand(("o0", "1/4"), ("o1", "3/7"), endowment="100"), with_changes=False)
    assert found["payments"][1] | {"by_group": {}} == {
        "option": "o1",
        "envelope": "",
        "price": 60,
        "payers": 3,
        "emptied": 2,
        "by_group": {},
    }


def test_what_a_loser_lacked_and_where_its_voters_money_went() -> None:
    """Four voters with 250: three pay 200 for o0 and have 50 left, the fourth keeps 250. o1 costs 500, it has 350."""
    vote = election(EQUAL_SHARES, 600, 500)
    cast = ballots(([0, 1], 2), ([0], 1), ([1], 1))
    found = explain(cast, vote, by_hand(("o0", "1/3"), endowment="250"), with_changes=False)
    assert found["lacking"] == [
        {
            "option": "o1",
            "envelope": "",
            "cost": 500,
            "left": 350,
            "taken_before": 1,
            "finally_left": 350,
            "supporters": 3,
            "spent": [{"option": "o0", "money": 400, "voters": 2, "percent": 67}],
        }
    ]


def test_what_is_added_from_left_over_money_was_paid_by_nobody_and_lacks_nothing() -> None:
    vote = election(EQUAL_SHARES, 600, 300)
    outcome = by_hand(("o0", "1/3"), endowment="250", topped_up=("o1",))
    found = explain(ballots(([0], 3), ([1], 1)), vote, outcome, with_changes=False)
    assert [paid["option"] for paid in found["payments"]] == ["o0"]
    assert found["leftover"] == ["o1"]
    assert found["lacking"] == []


def test_the_money_of_each_group_is_told_in_whole_percents() -> None:
    vote = election(EQUAL_SHARES, 300)
    sexes = Dimension.of("sex", ["female", "female", "male"])
    cast = replace(ballots(([0], 3)), dimensions=(sexes,))
    found = explain(cast, vote, by_hand(("o0", "1/3"), endowment="100"), with_changes=False)
    assert found["payments"][0]["by_group"] == {"sex": {"female": 67, "male": 33, "not_stated": 0}}


def changes(rules: dict[str, Any], cast: BallotSet, *costs: int | None) -> dict[str, Any]:
    vote = election(rules, *costs)
    found = explain(cast, vote, count(cast, vote))["changes"]
    return {each["option"]: (each["votes"], each["cost"]) for each in found}


def test_how_many_more_votes_a_loser_needed() -> None:
    """Ties go to the option higher on the ballot: o1 must pass o0's 7 with 8, o2 too; o0 is chosen."""
    rules = {"method": "votes", "ballot": "approval", "winners": 1}
    assert changes(rules, ballots(([0], 7), ([1], 5), ([2], 1)), None, None, None) == {"o1": (3, None), "o2": (7, None)}


def test_more_votes_than_ballots_were_cast_are_not_looked_for() -> None:
    rules = {"method": "greedy", "ballot": "approval", "budget": 100, "currency": "IRR"}
    assert changes(rules, ballots(([0], 3)), 60, 101) == {"o1": (None, 40)}


def test_which_lower_cost_would_have_been_enough() -> None:
    """o0 takes 60 of 100; o1 at 55 does not fit any more, at 40 it does. With four more votes it would come first."""
    rules = {"method": "greedy", "ballot": "approval", "budget": 100, "currency": "IRR"}
    assert changes(rules, ballots(([0], 6), ([1], 3)), 60, 55) == {"o1": (4, 40)}


@pytest.mark.parametrize("votes", range(1, 12))
def test_the_number_found_is_enough_and_one_less_is_not(votes: int) -> None:
    rules = {"method": "votes", "ballot": "approval", "winners": 2}
    cast = ballots(([0], 12), ([1], 12), ([2], votes))
    assert changes(rules, cast, None, None, None) == {"o2": (13 - votes, None)}


@pytest.fixture(scope="module")
def wieliczka(shared):
    """The Green Budget of 2023 as the city counted it, and its outcome."""
    if "equal_shares" not in METHODS:
        pytest.fail("Equal Shares is not among the rules")
    file = pabulib.read(shared / "data/pabulib/Poland_Wieliczka_2023_Green_Budget.pb")
    given = pabulib.election_of(file, vote_ref="vote/wieliczka")
    rules = {key: value for key, value in given.rules.items() if key not in ("skip", "threshold")}
    rules |= {"method": "equal_shares", "completion": "add1", "increment": file.scale, "comparison": True}
    vote = replace(given, rules=rules)
    cast = file.votes.ballots
    outcome = count(cast, vote)
    return file, vote, cast, outcome, explain(cast, vote, outcome, with_changes=False)


def test_wieliczka_is_counted_as_the_city_published_it(wieliczka) -> None:
    file, _vote, _cast, outcome, _found = wieliczka
    assert set(outcome.winners) == {project.code for project in file.projects if project.selected == 1}
    assert len(outcome.winners) == 30


def test_the_known_figures_of_wieliczka_are_found(wieliczka) -> None:
    """As equalshares.net tells them: project 21 had 93,900 of 100,000 left behind it, and 43 % of its voters had paid
    40,000 for number 6; project 16 had 49,998 of 50,000."""
    file, _vote, _cast, _outcome, found = wieliczka
    lacking = {each["option"]: each for each in found["lacking"]}
    first = lacking["21"]
    assert (first["cost"], first["supporters"]) == (100_000 * file.scale, 496)
    assert round(first["left"] / file.scale, -2) == 93_900
    six = first["spent"][0]
    assert (six["option"], six["percent"]) == ("6", 43)
    assert round(six["money"] / file.scale, -3) == 40_000
    near = lacking["16"]
    assert (near["left"] // file.scale, near["cost"] // file.scale) == (49_998, 50_000)
    assert 100 * near["left"] // near["cost"] == 99


def test_wieliczkas_voters_without_a_chosen_project_are_fewer_than_by_most_votes(wieliczka) -> None:
    """18 % unrepresented, 28 % if the greedy rule had been used."""
    _file, vote, cast, outcome, _found = wieliczka
    greedy = count(
        cast, replace(vote, rules={key: complete(vote.rules)[key] for key in _GREEDY} | {"method": "greedy"})
    )
    assert [round(100 * _without(cast, vote, each.winners)) for each in (outcome, greedy)] == [18, 28]


_GREEDY = ("ballot", "min_choices", "max_choices", "budget", "currency", "scale", "tie")


def _without(cast: BallotSet, vote: Election, winners: tuple[str, ...]) -> float:
    places = [at for at, option in enumerate(vote.options) if option.id in winners]
    owner = np.repeat(np.arange(len(cast)), cast.lengths)
    return 1 - len(np.unique(owner[np.isin(cast.choices, places)])) / len(cast)


def reasons_of(rules: dict[str, Any], packed: list[bytes], options: int) -> list[list[str]]:
    """Of each option what the result itself says, in English."""
    vote = election(rules, *[None] * options)
    vote = replace(vote, rules=complete(vote.rules))
    outcome = count(BallotSet.from_packed(packed, has_points=vote.rules["ballot"] == "score"), vote)
    lines = [{"id": o.id, "title": o.title, "selected": o.id in outcome.winners} for o in vote.options]
    result = {"counts": lines, "details": outcome.details}
    return [[str(each) for each in reasons(vote.rules, result, option.id)] for option in vote.options]


def test_at_which_stage_and_with_how_many_votes_each_was_elected_or_left_out(in_english: Any) -> None:
    """Seven ballots, two places, a quota of 3. o0 has 4; its four papers go on at a quarter each, which makes 2 for o1.
    o2 has 2 as well, and had more before, so o1 goes, and the place that is left is o2's."""
    cast = [pack_ranking([0, 1])] * 4 + [pack_ranking([2])] * 2 + [pack_ranking([1])]
    assert reasons_of({"method": "stv", "ballot": "ranked", "winners": 2}, cast, 3) == [
        ["It reached the quota at stage 1 with 4 votes: 3 are enough."],
        ["It was left out at stage 2 with 2 votes: of those who were left nobody had fewer."],
        ["It was elected at stage 2 with 2 votes: a place was left for everybody who was left."],
    ]


def test_whom_more_ballots_rank_above_an_option(in_english: Any) -> None:
    cast = [pack_ranking([0, 1])] * 3 + [pack_ranking([1, 0])] * 2
    assert reasons_of({"method": "schulze", "ballot": "ranked", "winners": 1}, cast, 2) == [
        ["There is no option that more ballots rank above it than below it."],
        ["3 ballots rank “Option 0” above it, 2 the other way round."],
    ]


def test_which_grade_is_in_the_middle_and_which_the_chosen_have(in_english: Any) -> None:
    cast = [pack_points({0: 2, 1: 1, 2: 2})] * 3 + [pack_points({0: 2})] * 2
    rules = {"method": "majority_judgment", "ballot": "score", "winners": 1, "max_points": 2}
    assert reasons_of(rules, cast, 3) == [
        ["Its grade in the middle is 2."],
        ["Its grade in the middle is 1.", "Every chosen option has at least 2."],
        [
            "Its grade in the middle is 2.",
            "A chosen option has the same: between them the grades nearest to the middle decided.",
        ],
    ]


@pytest.fixture
def in_english(app: Any) -> Any:
    with app.test_request_context(), force_locale("en"):
        yield
