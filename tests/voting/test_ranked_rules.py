"""Rules for ranked and graded ballots: published examples, plain counterparts, and what must not change a result."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.voting.ranking import (
    Profile,
    count,
    election,
    graded,
    letters,
    outcome,
    plain_majority_judgment,
    plain_matrix,
    plain_meek,
    plain_ranked_pairs,
    plain_schulze,
    plain_scottish,
    rank,
    ranked,
)
from ucc_participate.voting.rules import BallotSet, Election, RulesError, pack_ranking, validate_rules

RANKED = ("stv", "schulze", "ranked_pairs", "borda")
SCORE: dict[str, Any] = {"ballot": "score", "max_points": 5}

# Memphis, Nashville, Chattanooga, Knoxville: the textbook's capital of Tennessee.
TENNESSEE: Profile = [(42, "ABCD"), (26, "BCDA"), (15, "CDBA"), (17, "DCBA")]

# Burlington, Vermont, mayor 2009, the three finalists (Kiss, Wright, Montroll): published totals of the rankings.
BURLINGTON: Profile = [
    (1332, "CAB"),
    (767, "CBA"),
    (455, "C"),
    (2043, "ACB"),
    (371, "ABC"),
    (568, "A"),
    (1513, "BCA"),
    (495, "BAC"),
    (1289, "B"),
]

# Schulze, Social Choice and Welfare 36 (2011): 45 voters.
SCHULZE: Profile = [
    (5, "ACBED"),
    (5, "ADECB"),
    (8, "BEDAC"),
    (3, "CABED"),
    (7, "CAEBD"),
    (2, "CBADE"),
    (7, "DCEBA"),
    (8, "EBADC"),
]

# Green Party of the United States, Steering Committee 2005-07-24: 13 candidates, 4 places (jklundell/droop, SC.blt).
COMMITTEE: Profile = [
    (times, "".join("ABCDEFGHIJKLM"[int(at) - 1] for at in order.split()))
    for times, order in [
        (19, "7 8 9 11 12"), (1, "13 7 5 4 2 1"), (1, "5 13 2 7 4 1"), (1, "13 4 1 2"), (1, "4 2 13 1 3"),
        (1, "4 13 2 7"), (1, "7 8 12 1 13 9 2 4 11 5"), (1, "1 13 3 4 7 5 2"), (2, "4 1 13 7 3 5 2"),
        (1, "1 4 13 2 7 5 3 9 8 12 11"), (2, "7 1 8 9 13 3 2 4 12 5 11"), (1, "5 1 13 3 2 4 7"),
        (1, "7 8 9 3 12 2 13 5 1 4"), (2, "3 13 1 2"), (1, "4 7 13 5"), (1, "4 5 13 3 2 1"), (1, "7 9 8 12 11 2 13"),
        (3, "4 3 13 1"), (1, "13 3 4 1 7 2 5"), (1, "3 13 4 1 7 2 5"), (1, "13 3 4 1 2 5 7"), (1, "13 1 4 2 5 3 7"),
        (1, "13 4 3 1 2 5"), (1, "3 13 1 4 2 7 5"), (1, "4 3 13 8"), (2, "1 4 13 7"), (1, "7 3 4 13 1 5"),
        (1, "9 11 8 7"), (1, "13 3 5 2"), (1, "4 5 2 3 13"), (1, "13 5 2 4 1 3 7"), (1, "13 5 2 1 7 3 8"),
        (1, "7 8 9 12 11"), (1, "7 8 4 9 12"), (1, "13 4 7 2 8"), (1, "4 13 2 7 1 8"), (1, "7 8 11 9 12"),
        (1, "8 4 7 11 13 9"), (1, "7 4 2 13"), (1, "13 1 7 4"), (1, "4 1 2 13 9 5"), (1, "1 4 13 5 3 2"),
        (1, "7 5 4 8 11 2 13 1 3 9 12"), (1, "4 8 7 5 13 2 1 3 9"), (1, "3 4 7 2 12 13 8 1 5"), (2, "7 8 11 9"),
        (1, "13 2 4 7 5 1"), (1, "7 8 9 11"), (1, "2 7 8 12 13 11 1 5 9"), (1, "4 7 8 2"), (1, "4 13 5 2 1 3"),
        (1, "13 4 7 3 1 5 8 2 9"), (1, "4 3 13 1 7"), (1, "13 4 1 3"), (1, "4 1 13 3 2 7 8"), (1, "2 4 13 5"),
        (1, "2 3 4 1 13 7"), (1, "3 1 4 13"), (1, "4 3 1 2 11"), (1, "3 1 4 13 2 7"), (1, "4 1 2 8 3"),
        (2, "4 1 5 13 2 3"), (1, "13 7 3 2 5 4 1"), (1, "13 5 7 2 4 1"), (1, "1 13 3 7 2 4 5"), (2, "13 1 2 7 4 5 3"),
        (1, "3 1 4 2 13 7 9 5 8"),
    ]
]  # fmt: skip


def votes(profile: Profile, number: int, **changes: Any) -> list[list[int]]:
    details = outcome("stv", profile, number, **changes).details
    return [stage["votes"] for stage in details["stages"]]


def test_the_capital_of_tennessee_depends_on_the_rule():
    assert rank("schulze", TENNESSEE, 4) == rank("ranked_pairs", TENNESSEE, 4) == "BCDA"
    assert rank("borda", TENNESSEE, 4) == "BCAD"
    assert rank("stv", TENNESSEE, 4) == "DABC"
    assert votes(TENNESSEE, 4)[1:] == [[4_200_000, 2_600_000, 0, 3_200_000], [4_200_000, 0, 0, 5_800_000]]


def test_burlington_elected_another_one_than_the_majority_preferred():
    """C (Montroll) beats each other one by 4,067 to 3,477 and 4,597 to 3,668; instant runoff excludes him first."""
    found = outcome("stv", BURLINGTON, 3)
    assert found.counts == (2982, 3297, 2554)
    assert found.winners == ("A",)
    assert found.details["stages"][1]["votes"] == [431_400_000, 406_400_000, 0]
    assert rank("schulze", BURLINGTON, 3) == rank("ranked_pairs", BURLINGTON, 3) == "CAB"
    matrix = outcome("schulze", BURLINGTON, 3).details["matrix"]
    assert matrix == [[0, 4314, 3477], [4064, 0, 3668], [4067, 4597, 0]]


def test_schulze_as_in_his_paper():
    found = outcome("schulze", SCHULZE, 5)
    assert "".join(found.order) == "EACBD"
    assert found.details["matrix"][0] == [0, 20, 26, 30, 22]
    assert found.details["matrix"][4] == [23, 27, 21, 31, 0]


@pytest.mark.parametrize(
    ("profile", "order"),
    [
        ("5 ACBD 2 ACDB 3 ADCB 4 BACD 3 CBDA 3 CDBA 1 DACB 5 DBAC 4 DCBA", "DACB"),
        ("3 ABDEC 5 ADEBC 1 ADECB 2 BADEC 2 BDECA 4 CABDE 6 CBADE 2 DBECA 5 DECAB", "BADEC"),
    ],
)
def test_more_of_schulzes_examples(profile, order):
    words = profile.split()
    assert rank("schulze", list(zip(map(int, words[::2]), words[1::2], strict=True)), len(order)) == order


def test_where_schulze_leaves_two_equal_the_tie_rule_decides():
    """His example of nine voters: B and D, neither of which beats the other by any chain."""
    profile: Profile = [(3, "ABCD"), (2, "DABC"), (2, "DBCA"), (2, "CBDA")]
    assert {rank("schulze", profile, 4, lot=lot)[0] for lot in ("ABCD", "CDAB")} == {"B", "D"}


def test_ranked_pairs_locks_from_the_largest_majority_downwards():
    """The capital again, and a circle of three whose smallest majority is left out."""
    found = outcome("ranked_pairs", TENNESSEE, 4)
    assert found.details["locked"] == [["C", "D"], ["B", "C"], ["B", "D"], ["B", "A"], ["C", "A"], ["D", "A"]]
    circle = outcome("ranked_pairs", [(7, "ABC"), (5, "BCA"), (4, "CAB")], 3)
    assert circle.details["locked"] == [["B", "C"], ["A", "B"]]
    assert circle.order == tuple("ABC")


def test_a_scottish_count_sheet_to_the_fifth_decimal():
    """Stage by stage as in the report of an independent program (droop, GPUS Steering Committee)."""
    found = outcome("stv", COMMITTEE, 13, winners=4)
    stages = [stage["votes"] for stage in found.details["stages"]]
    assert found.details["quota"] == 1_900_000
    assert sum(found.counts) == 94
    assert found.counts[6] == 33
    assert stages[1] == [684848, 342424, 842424, 2200000, 242424, 0, 1900000, 1245448, 142424, 0, 0, 0, 1800000]
    assert stages[2] == [780300, 356060, 924240, 1900000, 269696, 0, 1900000, 1272720, 142424, 0, 0, 0, 1854544]
    assert stages[8] == [880300, 369696, 924240, 1900000, 0, 0, 1900000, 1457568, 0, 0, 0, 0, 1968180]
    assert stages[9] == [901084, 395360, 945496, 1900000, 0, 0, 1900000, 1457568, 0, 0, 0, 0, 1900000]
    assert stages[10] == [936448, 0, 1059132, 1900000, 0, 0, 1900000, 1561032, 0, 0, 0, 0, 1900000]
    assert stages[11] == [0, 0, 1662204, 1900000, 0, 0, 1900000, 1659988, 0, 0, 0, 0, 1900000]
    assert found.details["stages"][10]["exhausted"] == 143388
    assert found.details["stages"][11]["excluded"] == ["H"]
    assert found.winners == ("G", "D", "M", "C")


def test_scottish_ties_look_at_earlier_stages():
    """The two examples of droop: of B and C, equal at the second stage, B had fewer before."""
    found = outcome("stv", [(1, "AB"), (2, "B"), (3, "C"), (4, "D"), (5, "E")], 5, winners=2)
    assert [stage["excluded"] for stage in found.details["stages"]] == [["A"], ["B"], ["C"]]
    assert found.winners == ("E", "D")
    surplus: Profile = [(10, "AC"), (8, "B"), (6, "C"), (5, "D"), (3, "ED"), (3, "FD")]
    assert outcome("stv", surplus, 6, winners=4, lot="ABCDFE").winners == ("A", "B", "C", "D")


def test_meek_as_in_the_reference_rule():
    """Voting matters 12, "The computational accuracy using the Meek algorithm", to nine decimals (report of droop)."""
    profile: Profile = [
        *((333, one + other) for one in "AB" for other in "CDE"),
        *((667, one) for one in "CDE"),
        (1, "ABC"),
        (1, "ABD"),
        (2, "BAC"),
    ]
    found = outcome("stv", profile, 5, winners=3, transfer="meek", lot="ABDEC")
    stages = [stage["votes"] for stage in found.details["stages"]]
    assert stages[1] == [1000750000126, 1000750000126, 667166666686, 667166666562, 667166666500]
    assert stages[2] == [800584418564, 800584418564, 0, 800596982770, 800556768208]
    assert found.details["quota"] == 800580647027
    assert found.winners == ("A", "B", "D")


def test_meek_shares_what_a_ballot_has_with_the_next_one():
    found = outcome("stv", [(5, "AB"), (1, "B"), (3, "C")], 3, winners=2, transfer="meek", lot="ACB")
    assert found.details["stages"][1]["votes"] == [3000000005, 2999999995, 3000000000]
    assert found.winners == ("A", "C")


def test_majority_judgment_reads_grades_from_the_middle():
    """Orsay 2007 (Balinski and Laraki): Bayrou, Royal, Sarkozy, per mille from to reject to excellent. All three have
    the median Good; Bayrou has more above it than below, the others less, Sarkozy by far."""
    shares = {0: [74, 84, 148, 251, 307, 136], 1: [125, 122, 168, 191, 227, 167], 2: [282, 71, 115, 143, 198, 191]}
    columns = [[grade for grade, times in enumerate(row) for _ in range(times)] for row in shares.values()]
    rows = [dict(enumerate(grades)) for grades in zip(*columns, strict=True)]
    found = count(graded(rows), election("majority_judgment", 3, lot="CBA", **SCORE))
    assert found.details["medians"] == [3, 3, 3]
    assert found.details["grades"] == list(shares.values())
    assert found.order == ("A", "B", "C")


def test_equal_medians_are_taken_away_one_by_one():
    """Medians 2 and 2; without one of each still 2 and 2; then 1 against 2."""
    rows = [{0: 1, 1: 2}, {0: 2, 1: 2}, {0: 3, 1: 2}, {0: 1, 1: 1}, {0: 3, 1: 4}]
    found = count(graded(rows), election("majority_judgment", 2, **SCORE))
    assert found.details["medians"] == [2, 2]
    assert found.winners == ("B",)


profiles = st.integers(1, 5).flatmap(
    lambda number: st.tuples(
        st.just(number), st.lists(st.permutations(range(number)).flatmap(
            lambda order: st.integers(0, number).map(lambda length: list(order[:length]))), max_size=14)
    )
)  # fmt: skip


def packed(ballots: list[list[int]]) -> BallotSet:
    return BallotSet.from_packed([pack_ranking(ballot) for ballot in ballots])


def positions(ids: tuple[str, ...]) -> list[int]:
    return [ord(each) - ord("A") for each in ids]


@given(profiles)
def test_pairs_as_counted_one_by_one(given_profile):
    number, ballots = given_profile
    found = count(packed(ballots), election("schulze", number))
    assert found.details["matrix"] == plain_matrix(ballots, number)
    assert positions(found.order) == plain_schulze(ballots, number)


@given(profiles)
def test_ranked_pairs_as_in_plain_python(given_profile):
    number, ballots = given_profile
    assert positions(count(packed(ballots), election("ranked_pairs", number)).order) == plain_ranked_pairs(
        ballots, number
    )


@given(profiles, st.integers(1, 4))
def test_scottish_as_in_plain_python(given_profile, places):
    number, ballots = given_profile
    places = min(places, number)
    found = count(packed(ballots), election("stv", number, winners=places))
    elected, history = plain_scottish(ballots, number, places)
    assert positions(found.winners) == elected
    assert [[vote * 100000 for vote in stage] for stage in history] == [s["votes"] for s in found.details["stages"]]
    total = 100000 * sum(map(bool, ballots))
    assert all(sum(stage["votes"]) + stage["exhausted"] == total for stage in found.details["stages"])


@given(profiles, st.integers(1, 4))
def test_meek_as_in_plain_python(given_profile, places):
    number, ballots = given_profile
    places = min(places, number)
    found = count(packed(ballots), election("stv", number, winners=places, transfer="meek"))
    assert positions(found.winners) == plain_meek(ballots, number, places)


grades = st.lists(st.dictionaries(st.integers(0, 3), st.integers(1, 4)), max_size=12)


@given(grades)
def test_majority_judgment_as_in_plain_python(rows):
    vote = election("majority_judgment", 4, ballot="score", min_points=1, max_points=4)
    assert positions(count(graded(rows), vote).order) == plain_majority_judgment(rows, 4, 1)


@pytest.mark.parametrize("method", RANKED)
@given(given_profile=profiles, times=st.integers(2, 3))
@settings(max_examples=30)
def test_weights_count_as_repeated_ballots(method, given_profile, times):
    number, ballots = given_profile
    weighted = packed(ballots).weighted(np.full(len(ballots), times, dtype=np.int64))
    again = count(packed(ballots * times), election(method, number))
    assert count(weighted, election(method, number)) == again


@pytest.mark.parametrize("method", ["schulze", "ranked_pairs", "borda"])
@given(given_profile=profiles)
@settings(max_examples=30)
def test_every_voter_twice_changes_nothing(method, given_profile):
    number, ballots = given_profile
    once, twice = (count(packed(each), election(method, number)) for each in (ballots, ballots * 2))
    assert once.order == twice.order


@pytest.mark.parametrize("transfer", ["scottish", "meek"])
@pytest.mark.parametrize("method", RANKED)
@given(given_profile=profiles, data=st.data())
@settings(max_examples=30)
def test_names_and_places_on_the_ballot_do_not_matter_when_a_lot_decides(method, transfer, given_profile, data):
    number, ballots = given_profile
    changes = {"transfer": transfer} if method == "stv" else {}
    ids = "ABCDE"[:number]
    moved = data.draw(st.permutations(range(number)))
    lot = "".join(data.draw(st.permutations(ids)))
    here = election(method, number, lot=lot, winners=max(1, number - 1), **changes)
    options = tuple(here.options[moved.index(at)] for at in range(number))
    there = Election(here.vote_ref, here.title, here.franchise, here.rules, options, here.lot)
    renamed = [[moved[choice] for choice in ballot] for ballot in ballots]
    one, other = count(packed(ballots), here), count(packed(renamed), there)
    assert (one.order, one.winners) == (other.order, other.winners)


@pytest.mark.parametrize("method", ["schulze", "ranked_pairs"])
def test_turning_every_ballot_round_turns_the_ranking_round(method):
    for profile, number in ((TENNESSEE, 4), (SCHULZE, 5)):
        turned = [(times, order[::-1]) for times, order in profile]
        assert rank(method, turned, number)[::-1] == rank(method, profile, number)


@pytest.mark.parametrize("transfer", ["scottish", "meek"])
@pytest.mark.parametrize("method", RANKED)
@pytest.mark.parametrize("ballots", [[], [[]], [[], [], []]])
def test_without_any_preference_the_tie_rule_decides(method, transfer, ballots):
    changes = {"transfer": transfer} if method == "stv" else {}
    found = count(packed(ballots), election(method, 3, winners=2, lot="BCA", **changes))
    assert found.order == ("B", "C", "A")
    assert found.winners == ("B", "C")
    assert found.tie_broken


@pytest.mark.parametrize("method", [*RANKED, "majority_judgment"])
def test_one_option_wins_and_nobody_beside_it(method):
    kind: dict[str, Any] = SCORE if method == "majority_judgment" else {}
    assert count(BallotSet.from_packed([], has_points=bool(kind)), election(method, 1, **kind)).winners == ("A",)


def test_fewer_options_with_votes_than_places():
    assert outcome("stv", [(9, "A")], 4, winners=3).winners == ("A", "B", "C")
    assert outcome("stv", [(9, "A")], 4, winners=3, transfer="meek").winners == ("A", "B", "C")


@pytest.mark.parametrize("method", RANKED)
def test_barred_options_win_never_and_stop_nothing(method):
    """With a threshold of two first preferences D is out; its ballots go on."""
    profile: Profile = [(3, "ABC"), (3, "BAC"), (2, "CAB"), (1, "DCA")]
    threshold = 12 if method == "borda" else 2
    found = outcome(method, profile, 4, winners=4, threshold=threshold)
    assert "D" not in found.winners
    assert set(found.winners) == set("ABC")


def test_stv_hands_the_ballots_of_a_barred_option_to_the_next_one():
    stage = outcome("stv", [(3, "A"), (3, "B"), (1, "CB")], 3, threshold=2).details["stages"][0]
    assert stage["votes"] == [300000, 400000, 0]


def test_each_envelope_has_its_own_count():
    """One place for A or B, two for the others."""
    envelope = {"id": "first", "options": ["A", "B"], "budget": None, "winners": 1, "reserve": False}
    found = outcome("stv", SCHULZE, 5, winners=3, envelopes=[envelope])
    assert [each["envelope"] for each in found.details["rounds"]] == ["first", ""]
    assert [each["taken"] for each in found.details["rounds"]] == [["B"], ["C", "E"]]
    assert found.details["rounds"][0]["stages"][0]["votes"] == [2_000_000, 2_500_000, 0, 0, 0]
    assert found.order == tuple("BCEAD")
    assert "stages" not in found.details
    for method in ("schulze", "ranked_pairs", "borda"):
        assert outcome(method, SCHULZE, 5, winners=3, envelopes=[envelope]).winners[0] in "AB"


def test_options_that_exclude_each_other_do_not_both_win():
    for method in ("schulze", "ranked_pairs", "borda"):
        found = outcome(method, SCHULZE, 5, winners=2, exclusive=[["E", "A"], ["B", "A"]])
        assert not {"E", "A"} <= set(found.winners)


def test_a_missed_quorum_is_said_and_nobody_wins():
    found = outcome("stv", TENNESSEE, 4, quorum=5)
    assert (found.winners, found.details) == ((), {"quorum_missed": True})
    found = outcome("schulze", TENNESSEE, 4, quorum=5)
    assert found.winners == ()
    assert found.order == tuple("BCDA")


def test_cities_give_points_of_their_own_to_the_first_ranks():
    """Three, two and one, as in Kraków."""
    found = outcome("borda", [(2, "ABC"), (3, "CAB"), (1, "B")], 3, rank_points=[3, 2, 1], max_choices=3)
    assert found.counts == (12, 10, 11)
    assert found.named == (5, 6, 5)


@pytest.mark.parametrize(
    ("method", "changes", "member"),
    [
        ("stv", {"winners": None}, "winners"),
        ("schulze", {"winners": 9}, "winners"),
        ("borda", {"budget": 5}, "budget"),
        ("ranked_pairs", {"transfer": "meek"}, "transfer"),
        ("stv", {"decides": "sectors"}, "decides"),
        ("stv", {"rank_points": [3, 2]}, "rank_points"),
        ("schulze", {"rank_points": [3, 2]}, "rank_points"),
        ("stv", {"exclusive": [["A", "B"]]}, "exclusive"),
        ("schulze", {"ballot": "approval"}, "ballot"),
        ("majority_judgment", {"ballot": "ranked"}, "ballot"),
        ("majority_judgment", {"ballot": "score", "max_points": 500}, "max_points"),
        ("majority_judgment", {"ballot": "score"}, "max_points"),
    ],
)
def test_rules_that_do_not_go_together_are_refused_by_name(method, changes, member):
    with pytest.raises(RulesError) as refused:
        validate_rules({"method": method, "ballot": "ranked", "winners": 1} | changes, letters(4))
    assert refused.value.key == member


def test_large_numbers_are_counted_exactly():
    """Weights beyond what a float holds."""
    heavy = ranked([(2**60 + 1, "ABC"), (2**60, "BCA"), (2**60, "CAB")])
    matrix = count(heavy, election("schulze", 3)).details["matrix"]
    assert matrix[0][1] == 2**61 + 1
    assert matrix[2][0] == 2**61


@pytest.mark.parametrize("transfer", ["scottish", "meek"])
@given(given_profile=profiles, places=st.integers(1, 3))
@settings(max_examples=40)
def test_stv_fills_every_place_and_keeps_every_vote(transfer, given_profile, places):
    """As many winners as places, nobody twice, no vote out of nothing, excluded ones never come back."""
    number, ballots = given_profile
    places = min(places, number)
    found = count(packed(ballots), election("stv", number, winners=places, transfer=transfer))
    stages = found.details["stages"]
    assert len(set(found.winners)) == len(found.winners) == places
    assert [each for stage in stages for each in stage["elected"]] == list(found.winners)
    assert len({sum(stage["votes"]) + stage["exhausted"] for stage in stages}) == 1
    assert all(stage["exhausted"] >= 0 for stage in stages)
    gone: set[int] = set()
    for stage in stages:
        assert not any(stage["votes"][at] for at in gone)
        gone |= set(positions(tuple(stage["excluded"])))
