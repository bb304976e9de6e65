"""Pabulib files of every kind of vote and every rule: read as what they mean, written back whole, counted the same."""

from __future__ import annotations

import contextlib
import io
import random
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pabulib.checker import Checker

from ucc_participate.voting import pabulib
from ucc_participate.voting.pabulib import PabulibError, PabulibFile
from ucc_participate.voting.rules import (
    BallotSet,
    Election,
    Option,
    Outcome,
    count,
    pack,
    pack_points,
    pack_ranking,
    schema,
    validate_rules,
)

HEAD = """META
key;value
description;Budget of a town
country;Poland
unit;Town
instance;2024
num_projects;4
num_votes;{votes}
budget;1000
vote_type;{kind}
rule;{rule}
date_begin;01.02.2024
date_end;28.02.2024
{more}currency;PLN
PROJECTS
"""
PROJECTS = "project_id;cost;name\np1;600;Library\np2;500;Square\np3;400;Trees\np4;300;Benches\n"


def text(kind: str, votes: list[str], *meta: str, rule: str = "greedy", projects: str = PROJECTS) -> str:
    """A file; each vote as ``projects`` or ``projects;points``."""
    more = "".join(f"{line}\n" for line in meta)
    head = HEAD.format(kind=kind, rule=rule, more=more, votes=len(votes))
    columns = "voter_id;vote;points" if votes and ";" in votes[0] else "voter_id;vote"
    rows = "".join(f"{number};{vote}\n" for number, vote in enumerate(votes, start=1))
    return f"{head}{projects}VOTES\n{columns}\n{rows}"


def read(content: str | bytes) -> PabulibFile:
    return pabulib.read(io.BytesIO(content if isinstance(content, bytes) else content.encode()))


def counted(file: PabulibFile) -> Outcome:
    return count(file.votes.ballots, pabulib.election_of(file, vote_ref="vote/x"))


def said(file: PabulibFile) -> list[list[Any]]:
    """Of each vote the positions, with points the pairs."""
    ballots = file.votes.ballots
    choices = ballots.choices.tolist()
    marks = choices if ballots.points is None else list(zip(choices, ballots.points.tolist(), strict=True))
    return [marks[start:end] for start, end in pairwise(ballots.offsets.tolist())]


def rewritten(file: PabulibFile) -> PabulibFile:
    stream = io.BytesIO()
    pabulib.rewrite(stream, file)
    return read(stream.getvalue())


def scored(*scores: int) -> str:
    """The projects with the points that the city counted."""
    header, *rows = PROJECTS.splitlines()
    lines = [f"{row};{score}" for row, score in zip(rows, scores, strict=True)]
    return "\n".join([f"{header};score", *lines]) + "\n"


def winners(file: PabulibFile) -> list[str]:
    return sorted(counted(file).winners)


# Ballots


def test_cumulative_votes_keep_their_points_in_ballot_order() -> None:
    file = read(text("cumulative", ["p3,p1;2,1", "p1;3", "p4,p2,p3;1,1,1"], "max_sum_points;3"))
    assert said(file) == [[(0, 1), (2, 2)], [(0, 3)], [(1, 1), (2, 1), (3, 1)]]
    assert file.ballot_rules == {"ballot": "cumulative", "min_choices": 1, "max_choices": None, "sum_points": 3}
    outcome = counted(file)
    assert (outcome.counts, outcome.named, winners(file)) == ((4, 1, 3, 1), (2, 1, 2, 1), ["p1", "p3"])


def test_votes_with_more_points_than_allowed_count_as_the_city_counted_them_and_are_noted() -> None:
    file = read(text("cumulative", ["p1,p2;3,1", "p3;3", "p4;1"], "max_sum_points;3", "min_sum_points;2"))
    assert (file.ballot_rules["ballot"], counted(file).counts) == ("score", (3, 1, 3, 1))
    assert [(note.column, note.rows) for note in file.notes] == [("points", 1), ("points", 1)]
    assert [str(note.reason).split()[3] for note in file.notes] == ["more", "fewer"]


def test_a_project_with_no_points_is_named_all_the_same() -> None:
    file = read(text("cumulative", ["p1,p2;3,0", "p2;3"], "max_sum_points;3"))
    assert (counted(file).counts, counted(file).named) == ((3, 3, 0, 0), (1, 2, 0, 0))


def test_scores_have_the_limits_of_meta() -> None:
    content = text("scoring", ["p1,p2;5,1", "p3,p4;4,4", "p1;6", "p2;0"], "min_points;1", "max_points;5")
    file = read(content)
    assert file.ballot_rules == {
        "ballot": "score",
        "min_choices": 1,
        "max_choices": None,
        "min_points": 1,
        "max_points": 5,
    }
    first = content.split("\n").index("3;p1;6") + 1
    assert [(fault.row, fault.column) for fault in file.rejected] == [(first, "points"), (first + 1, "points")]
    assert counted(file).counts == (5, 1, 4, 4)


def test_legacy_scores_without_points_count_by_place() -> None:
    file = read(text("scoring", ["p3,p1,p2", "p3"]))
    assert (counted(file).counts, file.ballot_rules["ballot"]) == ((2, 1, 4, 0), "score")


def test_rankings_keep_their_order_and_count_by_rank() -> None:
    file = read(text("ordinal", ["p3,p1,p2", "p1,p4,p3"], "min_length;3", "max_length;3"))
    assert said(file) == [[2, 0, 1], [0, 3, 2]]
    assert file.ballot_rules == {"ballot": "ranked", "min_choices": 3, "max_choices": 3}
    assert counted(file).counts == (5, 1, 4, 2)


SHORT = ["p3,p1,p2", "p1,p4", "p2"]


@pytest.mark.parametrize(
    ("scores", "ballot", "points"),
    [
        ((5, 4, 3, 2), "ranked", None),
        ((5, 4, 3, 2), "ranked", [3, 2, 1]),
        ((4, 2, 3, 1), "score", None),
    ],
    ids=["by the longest allowed", "by another length", "by each vote's own length"],
)
def test_short_rankings_count_as_the_citys_scores_say(
    scores: tuple[int, ...], ballot: str, points: list[int] | None
) -> None:
    most = "max_length;3" if points is None else "max_length;4"
    file = read(text("ordinal", SHORT, most, projects=scored(*scores)))
    assert (file.ballot_rules["ballot"], counted(file).counts) == (ballot, scores)
    assert file.ballot_rules.get("rank_points") == points
    assert [note for note in file.notes if note.column == "score"] == []


def test_rankings_with_points_count_by_their_points() -> None:
    file = read(text("ordinal", ["p3,p1,p2;5,3,1", "p1,p4;5,3"], "max_length;3"))
    assert (file.ballot_rules["ballot"], file.ballot_rules["rank_points"]) == ("ranked", [5, 3, 1])
    assert counted(file).counts == (8, 1, 5, 3)
    uneven = read(text("ordinal", ["p3,p1;5,3", "p1,p4;4,1"], "max_length;3"))
    assert (uneven.ballot_rules["ballot"], counted(uneven).counts) == ("score", (7, 0, 5, 1))


def test_votes_within_the_budget_are_knapsacks_and_others_are_not() -> None:
    fitting, dear = ["p1,p3", "p2,p3"], ["p1,p2", "p3"]
    assert read(text("approval", fitting, "max_sum_cost;1000")).ballot_rules["ballot"] == "knapsack"
    assert read(text("knapsack", fitting)).ballot_rules["ballot"] == "knapsack"
    assert read(text("approval", fitting, "max_sum_cost;1200")).ballot_rules["ballot"] == "approval"
    over = read(text("approval", dear, "max_sum_cost;1000"))
    assert (over.ballot_rules["ballot"], len(over.votes)) == ("approval", 2)
    assert [(note.column, note.rows) for note in over.notes] == [("vote", 1)]


@pytest.mark.parametrize(
    ("vote", "why"),
    [
        ("p1,p2;3", "not as many points as projects"),
        ("p1;", "not as many points as projects"),
        ("p1;1.5", "whole numbers"),
        ("p1;many", "whole numbers"),
        ("p1,p1;1,1", "twice"),
        ("p9;1", "does not exist"),
    ],
)
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_vote_with_broken_points_is_left_out_and_reported(vote: str, why: str, quote: str) -> None:
    spoilt = ";".join(f"{quote}{cell}{quote}" for cell in vote.split(";"))
    content = text("cumulative", ["p1,p2;2,1", spoilt, "p3;3"], "max_sum_points;3")
    file = read(content)
    [fault] = file.rejected
    assert (fault.row, counted(file).counts) == (content.split("\n").index(f"2;{spoilt}") + 1, (2, 1, 3, 0))
    assert why in str(fault.reason)


@pytest.mark.parametrize(("points", "why"), [("-1", "below zero"), ("70000", "65,535")])
def test_points_that_no_ballot_can_hold_refuse_the_file(points: str, why: str) -> None:
    content = text("scoring", ["p1;1", f"p2;{points}"])
    with pytest.raises(PabulibError, match=why) as caught:
        read(content)
    assert (caught.value.row, caught.value.column) == (content.split("\n").index(f"2;p2;{points}") + 1, "points")


def test_cumulative_votes_without_points_refuse_the_file() -> None:
    with pytest.raises(PabulibError, match="no column points"):
        read(text("cumulative", ["p1", "p2"]))


def test_points_written_as_floats_with_blanks_or_a_comma_at_the_end_are_read() -> None:
    file = read(text("cumulative", ["p1 , p2,; 2.0 ,1,", "p3;3.00"], "max_sum_points;3"))
    assert (counted(file).counts, file.rejected) == ((2, 1, 3, 0), [])


def test_points_that_differ_from_the_citys_score_are_noted() -> None:
    file = read(text("cumulative", ["p1;3", "p2;2"], "max_sum_points;3", projects=scored(3, 5, 0, 0)))
    assert [str(note.reason) for note in file.notes] == ["Points counted by the city: 5. Points in this file: 2."]


# Rules


SETS = ["p1,p2", "p1", "p1,p3", "p2", "p3,p4", "p4"]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("greedy", {"method": "greedy"}),
        ("greedy-threshold", {"method": "greedy", "threshold": 2}),
        ("greedy-no-skip", {"method": "greedy", "skip": False, "threshold": 2}),
        ("equalshares", {"method": "equal_shares", "completion": "none", "comparison": False}),
        ("equalshares/add1", {"completion": "add1", "increment": 1, "tie": "cost_then_order"}),
        ("equalshares-comparison", {"completion": "none", "comparison": True, "satisfaction": "cost"}),
        ("equalshares/add1-comparison", {"completion": "add1", "increment": 1, "comparison": True}),
    ],
)
def test_each_rule_of_the_format_is_one_of_ours(rule: str, expected: dict[str, Any]) -> None:
    meta = ["min_project_score_threshold;2"] if "threshold" in expected else []
    file = read(text("approval", SETS, *meta, rule=rule))
    rules = schema.complete(pabulib.election_of(file, vote_ref="vote/x").rules)
    assert {key: rules[key] for key in expected} == expected
    assert (pabulib.reasons(file), file.notes) == ((), [])
    assert counted(file).spent <= 1000


def test_shares_of_a_budget_with_cents_are_raised_by_whole_units() -> None:
    file = read(text("approval", SETS, rule="equalshares/add1").replace("budget;1000", "budget;1000.50"))
    assert pabulib.election_of(file, vote_ref="vote/x").rules["increment"] == 100


def test_of_a_budget_in_small_coin_the_step_is_a_millionth_and_a_sentence_says_so() -> None:
    content = text("approval", SETS, rule="equalshares/add1").replace("budget;1000", "budget;5000000000")
    file = read(content)
    assert pabulib.election_of(file, vote_ref="vote/x").rules["increment"] == 5000
    assert [note.column for note in file.notes] == ["rule"]


def test_points_are_utilities_by_equal_shares() -> None:
    file = read(text("cumulative", ["p1,p2;2,1", "p3;3"], "max_sum_points;3", rule="equalshares"))
    assert pabulib.election_of(file, vote_ref="vote/x").rules["satisfaction"] == "cardinality"


def test_a_withdrawn_project_does_not_stop_a_count_without_skipping() -> None:
    """p1 leads and was withdrawn: p2 and p3 are taken, p4 does not fit any more."""
    content = text("approval", ["p1,p2"] * 3 + ["p2"] + ["p3"] * 2 + ["p4"], rule="greedy-no-skip")
    file = read(content.replace("p1;600", "p1;999999999"))
    assert counted(file).winners == ("p2", "p3")
    dear = read(content.replace("p1;600", "p1;1600").replace("p1,p2", "p1"))
    assert counted(dear).winners == ()


PARTS = "project_id;cost;name;category;neighborhood\n" + "".join(
    f"{row};{part};{place}\n"
    for row, part, place in zip(PROJECTS.splitlines()[1:], ["a", "a", "b", "b"], ["N", "S", "N", "S"], strict=True)
)


@pytest.mark.parametrize(
    ("meta", "chosen"),
    [
        (["categories;a,b", "budget_per_category;600,400"], ["p1", "p3"]),
        (["categories;a,b", "budget_per_category;600.00,300.00"], ["p1", "p4"]),
        (["neighborhoods;N,S", "budget_per_neighborhood;400,600"], ["p2", "p3"]),
    ],
)
def test_a_divided_budget_is_spent_part_by_part(meta: list[str], chosen: list[str]) -> None:
    file = read(text("approval", ["p1", "p1", "p3", "p3", "p2", "p4"], *meta, projects=PARTS))
    assert winners(file) == chosen
    assert (pabulib.reasons(file), file.notes) == ((), [])


@pytest.mark.parametrize(
    ("meta", "rule", "why"),
    [
        (["categories;a", "budget_per_category;1000"], "greedy", "into which part"),
        (["categories;a,b", "budget_per_category;600"], "greedy", "into which part"),
        (["budget_per_category;600,400"], "greedy", "into which part"),
        (["categories;a,b", "budget_per_category;900,400"], "greedy", "spent as one"),
        (["categories;a,b", "budget_per_category;600,400"], "equalshares-comparison", "spent as one"),
    ],
)
def test_a_division_that_cannot_be_followed_is_said_in_a_sentence(meta: list[str], rule: str, why: str) -> None:
    file = read(text("approval", SETS, *meta, rule=rule, projects=PARTS))
    [reason] = pabulib.reasons(file)
    assert why in str(reason.text)
    assert counted(file).spent <= 1000


def test_what_parts_leave_pays_for_further_projects_where_the_city_says_so() -> None:
    """c has no project: its 200 and what a and b leave pay for p3, which has more votes than p4."""
    meta = ["categories;a,b,c", "budget_per_category;500,300,200"]
    votes = ["p2", "p2", "p2", "p3", "p3", "p4"]
    lost = read(text("approval", votes, *meta, projects=PARTS))
    assert winners(lost) == ["p2", "p4"]
    words = "leftover_budget;Fund additional projects that fit within leftover budget ordered by score"
    kept = read(text("approval", votes, *meta, words, projects=PARTS).replace("budget;1000", "budget;1300", 1))
    assert (winners(kept), pabulib.reasons(kept)) == (["p2", "p3", "p4"], ())


def test_projects_marked_as_funded_otherwise_are_no_difference() -> None:
    rows = PROJECTS.replace("name\n", "name;selected\n").replace("Library\n", "Library;1\n")
    rows = rows.replace("Square\n", "Square;2\n").replace("Trees\n", "Trees;1\n").replace("Benches\n", "Benches;3\n")
    file = read(text("approval", ["p1,p3", "p1,p3"], projects=rows))
    assert pabulib.differences(file, winners(file)) == ([], [])


# Round trips


VARIANTS = {
    "approval": (["p1,p2", "p3"], ["max_length;2"]),
    "choose-1": (["p1", "p3"], []),
    "ordinal": (["p3,p1", "p1,p2"], ["max_length;2"]),
    "cumulative": (["p3,p1;2,1", "p2;3"], ["max_sum_points;3"]),
    "scoring": (["p3,p1;5,0", "p2;3"], ["max_points;5", "default_score;0"]),
    "knapsack": (["p3,p1", "p2"], []),
}


@pytest.mark.parametrize("kind", VARIANTS)
@pytest.mark.parametrize(
    "change",
    [
        lambda content: content,
        lambda content: "\ufeff" + content.replace("\n", "\r\n"),
        lambda content: content.replace("currency;PLN", "own_key;with, commas\ncurrency;PLN\nedition;4"),
        lambda content: content.replace("budget;1000", "budget;1000,50"),
        lambda content: content.replace(";name\n", ";name;target;latitude;own\n").replace(
            "Trees\n", "Trees;a,b;49.9;x\n"
        ),
    ],
    ids=["plain", "mark and CRLF", "unknown keys", "decimal comma", "more columns"],
)
def test_every_kind_is_written_back_without_loss(kind: str, change: Any) -> None:
    votes, meta = VARIANTS[kind]
    file = read(change(text(kind, votes, *meta)))
    again = rewritten(file)
    assert (again.meta, again.scale, again.budget) == (file.meta, file.scale, file.budget)
    assert (again.ballot_rules, said(again)) == (file.ballot_rules, said(file))
    for mine, other in zip(again.projects, file.projects, strict=True):
        assert (mine.id, mine.cost, mine.beneficiaries, mine.fields) == (
            *(other.id, other.cost, other.beneficiaries, other.fields),
        )
    assert (again.rejected, len(again.notes)) == (file.rejected, len(file.notes))


def test_what_a_file_says_of_its_voters_is_written_back_as_it_was_spelled() -> None:
    content = text("approval", ["p1", "p2"]).replace("voter_id;vote", "voter_id;vote;neighborhood;age;own")
    file = read(content.replace("1;p1", "v-1;p1;Ż, 1;18-29;q").replace("2;p2", "v-2;p2;;;"))
    again = rewritten(file).votes
    assert again.voters == ["v-1", "v-2"]
    found = {name: [column.spellings[at] for at in column.numbers] for name, column in again.columns.items()}
    assert found == {"neighborhood": ["Ż, 1", ""], "age": ["18-29", ""], "own": ["q", ""]}


GIVEN = {
    "description": "Budget of a town",
    "country": "Poland",
    "unit": "Town",
    "instance": "2024",
    "date_begin": "01.02.2024",
    "date_end": "28.02.2024",
}
MONEY = {"budget": 1000, "currency": "PLN"}
LOT = {"sha256": "ab" * 32, "public_value": ""}
OURS: dict[str, dict[str, Any]] = {
    "greedy, knapsack": {"method": "greedy", "ballot": "knapsack", **MONEY},
    "greedy, choose": {"method": "greedy", "ballot": "choose", "max_choices": 1, **MONEY},
    "greedy, ranked": {"method": "greedy", "ballot": "ranked", "max_choices": 3, **MONEY},
    "greedy, points of ranks": {"method": "greedy", "ballot": "ranked", "rank_points": [5, 3, 1], **MONEY},
    "greedy, cumulative": {"method": "greedy", "ballot": "cumulative", "sum_points": 10, "max_points": 5, **MONEY},
    "greedy, score": {"method": "greedy", "ballot": "score", "max_points": 5, "threshold": 4, **MONEY},
    "greedy, no skip, yes or no": {"method": "greedy", "ballot": "yesno", "skip": False, **MONEY},
    "greedy, majority": {"method": "greedy", "ballot": "yesno", "majority": True, **MONEY},
    "greedy per cost": {"method": "greedy", "ballot": "approval", "per_cost": True, **MONEY},
    "greedy, exclusive": {"method": "greedy", "ballot": "approval", "exclusive": [["o0", "o1"]], **MONEY},
    "greedy, lot": {"method": "greedy", "ballot": "approval", "tie": "lot", "lot": LOT, **MONEY},
    "greedy, envelopes": {
        "method": "greedy",
        "ballot": "approval",
        "budget": 1000,
        "currency": "PLN",
        "envelopes": [{"id": "e", "options": ["o0", "o1"], "budget": 700, "winners": None, "reserve": True}],
    },
    "equal shares": {"method": "equal_shares", "ballot": "approval", "tie": "cost_then_order", **MONEY},
    "equal shares, add1": {
        "method": "equal_shares",
        "ballot": "approval",
        "completion": "add1",
        "increment": 1,
        "tie": "cost_votes_lot",
        "lot": LOT,
        **MONEY,
    },
    "equal shares, add1 and the rest": {
        "method": "equal_shares",
        "ballot": "approval",
        "completion": "add1u",
        "increment": 1,
        "tie": "cost_then_order",
        **MONEY,
    },
    "equal shares, cents": {
        "method": "equal_shares",
        "ballot": "approval",
        "completion": "add1u",
        "increment": 100,
        "scale": 100,
        "tie": "cost_then_order",
        "budget": 100_000,
        "currency": "PLN",
    },
    "equal shares, comparison": {
        "method": "equal_shares",
        "ballot": "approval",
        "completion": "add1",
        "increment": 1,
        "comparison": True,
        "tie": "cost_then_order",
        **MONEY,
    },
    "equal shares, points": {"method": "equal_shares", "ballot": "cumulative", "sum_points": 10, **MONEY},
    "phragmen": {"method": "phragmen", "ballot": "approval", **MONEY},
    "knapsack": {"method": "knapsack", "ballot": "approval", **MONEY},
    "votes, threshold": {"method": "votes", "ballot": "approval", "winners": 2, "threshold": 3},
    "borda": {"method": "borda", "ballot": "ranked", "winners": 2},
    "stv": {"method": "stv", "ballot": "ranked", "winners": 2},
    "schulze": {"method": "schulze", "ballot": "ranked", "winners": 1},
    "majority judgment": {"method": "majority_judgment", "ballot": "score", "max_points": 5, "winners": 1},
    "quorum missed": {"method": "greedy", "ballot": "approval", "quorum": 100, **MONEY},
}
COSTS = [600, 500, 410, 300, 90]


def drawn(rules: dict[str, Any], seed: int) -> tuple[Election, BallotSet]:
    """A vote of forty by these rules, drawn by the seed."""
    draw = random.Random(seed)
    has_money, unit = "budget" in rules, rules.get("scale", 1)
    options = tuple(
        Option(f"o{at}", f"Option {at}", cost * unit if has_money else None) for at, cost in enumerate(COSTS)
    )
    kind = rules["ballot"]
    packed = []
    for _ in range(40):
        places = draw.sample(range(5), draw.randint(1, 1 if kind == "choose" else 3))
        if kind == "knapsack" and sum(COSTS[at] for at in places) > rules["budget"]:
            places = places[:1]
        if kind in ("score", "cumulative", "yesno"):
            most = {"score": 5, "cumulative": 3, "yesno": 1}[kind]
            packed.append(pack_points({at: draw.randint(int(kind == "cumulative"), most) for at in places}))
        else:
            packed.append(pack_ranking(places) if kind == "ranked" else pack(places))
    lot = tuple(draw.sample([option.id for option in options], 5)) if "lot" in rules else None
    checked = validate_rules(rules, options)
    has_points = kind in ("score", "cumulative", "yesno")
    return Election("vote/v", "A vote", "individual", checked, options, lot), BallotSet.from_packed(
        packed, has_points=has_points
    )


def check(content: bytes) -> dict[str, Any]:
    """What pabulib-checker holds against a file; it recounts the rules that it knows."""
    with contextlib.redirect_stdout(io.StringIO()):
        report: dict[Any, Any] = Checker().process_files([content.decode()])
    errors: dict[str, Any] = report[1]["results"]["errors"]
    return errors


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("rules", OURS.values(), ids=OURS)
def test_a_vote_by_any_rule_is_accepted_by_the_checker_and_reads_back_with_the_same_result(
    rules: dict[str, Any], seed: int
) -> None:
    election, ballots = drawn(rules, seed)
    outcome = count(ballots, election)
    stream = io.BytesIO()
    pabulib.write(stream, election, outcome, ballots, GIVEN)
    assert check(stream.getvalue()) == {}
    file = read(stream.getvalue())
    again = counted(file)
    ours = dict(zip((option.id for option in election.options), outcome.counts, strict=True))
    theirs = dict(zip((project.code for project in file.projects), again.counts, strict=True))
    assert (theirs, again.winners) == (ours, outcome.winners)
    assert (file.rejected, pabulib.reasons(file)) == ([], ())
    assert pabulib.differences(file, again.winners) == ([], [])
    names = [[option.id for option in election.options], [project.code for project in file.projects]]
    is_ranked = rules["ballot"] == "ranked"
    before, after = (
        spoken(ballots, names[0], is_ranked=is_ranked),
        spoken(file.votes.ballots, names[1], is_ranked=is_ranked),
    )
    assert before == after


def spoken(ballots: BallotSet, ids: list[str], *, is_ranked: bool) -> Counter[Any]:
    """The votes by the ids of the options, in whatever order they came; the order within counts in rankings."""
    names = [ids[at] for at in ballots.choices.tolist()]
    points = None if ballots.points is None else ballots.points.tolist()
    spans = list(pairwise(ballots.offsets.tolist()))
    if points is not None:
        return Counter(frozenset(zip(names[a:b], points[a:b], strict=True)) for a, b in spans)
    return Counter(tuple(names[a:b]) if is_ranked else frozenset(names[a:b]) for a, b in spans)


RULE_NAMES = {
    "greedy, cumulative": "greedy",
    "greedy, score": "greedy-threshold",
    "greedy, no skip, yes or no": "greedy-no-skip",
    "greedy, exclusive": "greedy-custom",
    "equal shares": "equalshares",
    "equal shares, add1": "equalshares/add1",
    "equal shares, add1 and the rest": "equalshares/add1",
    "equal shares, comparison": "equalshares/add1-comparison",
    "equal shares, points": "unknown",
    "phragmen": "unknown",
    "quorum missed": "greedy-custom",
}


@pytest.mark.parametrize(("name", "rule"), RULE_NAMES.items(), ids=RULE_NAMES)
def test_a_rule_is_called_as_the_format_calls_it_or_told_in_the_comment(name: str, rule: str) -> None:
    election, ballots = drawn(OURS[name], 1)
    stream = io.BytesIO()
    pabulib.write(stream, election, count(ballots, election), ballots, GIVEN)
    file = read(stream.getvalue())
    assert file.meta["rule"] == rule
    assert ("Rules of the vote by docs/record-format.md" in file.meta.get("comment", "")) == pabulib.mapped(file).is_own


def test_rules_in_a_comment_that_do_not_fit_the_file_are_not_believed() -> None:
    rules = '{""ballot"":""approval"",""method"":""greedy"",""budget"":5,""currency"":""PLN""}'
    comment = f'comment;"#1: Rules of the vote by docs/record-format.md: {rules}"'
    file = read(text("approval", SETS, comment))
    assert (pabulib.mapped(file).is_own, counted(file).spent) == (False, 1000)
    for broken in (
        '"#1: Rules of the vote by docs/record-format.md: {"',
        '"#1: Rules of the vote by docs/record-format.md: {}"',
    ):
        assert not pabulib.mapped(read(text("approval", SETS, f"comment;{broken}"))).is_own


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(["cumulative", "scoring", "ordinal"]),
    st.lists(st.dictionaries(st.integers(0, 3), st.integers(0, 9), min_size=1, max_size=4), min_size=1, max_size=8),
)
def test_points_of_any_votes_add_up_and_survive(kind: str, votes: list[dict[int, int]]) -> None:
    lines = [",".join(f"p{at + 1}" for at in vote) + ";" + ",".join(map(str, vote.values())) for vote in votes]
    file = read(text(kind, lines))
    sums = tuple(sum(vote.get(at, 0) for vote in votes) for at in range(4))
    again = rewritten(file)
    if kind != "ordinal" or any(sums):
        assert counted(file).counts == counted(again).counts == sums
    assert kind == "ordinal" or said(again) == said(file)
