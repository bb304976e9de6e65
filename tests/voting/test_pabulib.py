"""Pabulib files: read as cities write them, refused by row and column, written as the checker wants them."""

from __future__ import annotations

import contextlib
import io
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pabulib.checker import Checker

from ucc_participate.voting import pabulib
from ucc_participate.voting.pabulib import PabulibError, PabulibFile
from ucc_participate.voting.rules import BallotSet, Election, Option, count, pack, validate_rules

META = {
    "description": "Budget of a town",
    "country": "Poland",
    "unit": "Town",
    "instance": "2024",
    "num_projects": "3",
    "num_votes": "4",
    "budget": "1000",
    "vote_type": "approval",
    "rule": "greedy",
    "date_begin": "01.02.2024",
    "date_end": "28.02.2024",
    "max_length": "2",
}
PROJECTS = ["project_id;cost;votes;name;selected", "p1;600;3;Library;1", "p2;500;2;Square;0", "p3;400;1;Trees;1"]
VOTES = ["voter_id;vote;age;sex;voting_method", "7;p1,p2;29;F;internet", "8;p2,p1;30;M;paper", "9;p1;;;", "10;p3;64;F;"]


def text(meta: dict[str, str] | None = None, projects: list[str] | None = None, votes: list[str] | None = None) -> str:
    rows = [f"{key};{value}" for key, value in (META | (meta or {})).items()]
    lines = ["META", "key;value", *rows, "PROJECTS", *(projects or PROJECTS), "VOTES", *(votes or VOTES)]
    return "\n".join(lines) + "\n"


def read(content: str) -> PabulibFile:
    return pabulib.read(io.BytesIO(content.encode()))


def row_of(content: str, line: str) -> int:
    return content.split("\n").index(line) + 1


def ballots_of(file: PabulibFile) -> list[set[str]]:
    ids = [project.id for project in file.projects]
    bounds = file.votes.ballots.offsets.tolist()
    choices = file.votes.ballots.choices.tolist()
    return [{ids[place] for place in choices[a:b]} for a, b in pairwise(bounds)]


def labels_of(file: PabulibFile, name: str) -> list[str]:
    dimension = next(dimension for dimension in file.votes.ballots.dimensions if dimension.name == name)
    return [dimension.labels[code] for code in dimension.codes]


def check(content: bytes) -> dict[str, Any]:
    """What pabulib-checker says of a file: its errors and warnings by kind."""
    with contextlib.redirect_stdout(io.StringIO()):
        report: dict[Any, Any] = Checker().process_files([content.decode()])
    results: dict[str, Any] = report[1]["results"]
    return results


def test_a_file_is_read_as_projects_and_ballots() -> None:
    file = read(text())
    assert [(p.id, p.title, p.cost, p.votes, p.selected) for p in file.projects] == [
        ("p1", "Library", 600, 3, 1),
        ("p2", "Square", 500, 2, 0),
        ("p3", "Trees", 400, 1, 1),
    ]
    assert (file.budget, file.scale, file.meta["unit"]) == (1000, 1, "Town")
    assert ballots_of(file) == [{"p1", "p2"}, {"p1", "p2"}, {"p1"}, {"p3"}]
    assert labels_of(file, "age") == ["under_30", "30_plus", "not_stated", "30_plus"]
    assert labels_of(file, "sex") == ["female", "male", "not_stated", "female"]
    assert [pabulib.CHANNELS[code] for code in file.votes.channels] == ["internet", "paper"] + ["not_stated"] * 2
    assert (file.rejected, file.notes) == ([], [])


def test_the_election_of_a_file_counts_by_the_citys_rule() -> None:
    file = read(text())
    vote = pabulib.election_of(file, vote_ref="vote/x")
    outcome = count(file.votes.ballots, vote)
    assert (vote.rules["budget"], vote.rules["skip"], vote.rules["max_choices"]) == (1000, True, 2)
    assert (outcome.counts, outcome.winners) == ((3, 2, 1), ("p1", "p3"))


@pytest.mark.parametrize(
    "variant",
    [
        "\ufeff" + text(),
        text().replace("\n", "\r\n"),
        text().replace("\n", "\n\n"),
        text().removesuffix("\n"),
        text().replace("p1,p2", " p1 , p2 "),
        text().replace("p1,p2;29;F;internet", '"p1,p2";29;F;"internet"'),
        text().replace("9;p1;;;", "9;p1"),
        text().replace("9;p1;;;", "9;p1;None;None;None"),
        text().replace("p1,p2;", "p1,p2,;"),
        text().replace("VOTES\nvoter_id", "votes\nvoter_id"),
        text({"budget": "1000.00"}).replace(";600;", ";600,0;"),
        text({"date_begin": "2024", "date_end": "2024"}),
    ],
    ids=["mark", "crlf", "blank", "end", "spaces", "quotes", "short", "none", "comma", "case", "zeros", "year"],
)
def test_another_spelling_of_the_same_file_reads_the_same(variant: str) -> None:
    file, plain = read(variant), read(text())
    assert [(p.id, p.title, p.cost, p.votes, p.selected) for p in file.projects] == [
        (p.id, p.title, p.cost, p.votes, p.selected) for p in plain.projects
    ]
    assert ballots_of(file) == ballots_of(plain)
    assert [labels_of(file, name) for name in ("age", "sex")] == [labels_of(plain, name) for name in ("age", "sex")]
    assert (file.budget, file.rejected, file.notes) == (1000, [], [])


def test_a_file_may_come_as_a_path_or_as_open_text_and_stays_open(tmp_path: Path) -> None:
    path = tmp_path / "town.pb"
    path.write_text(text(), encoding="utf-8")
    stream = io.BytesIO(text().encode())
    pabulib.read(stream)
    assert not stream.closed
    expected = ballots_of(read(text()))
    assert ballots_of(pabulib.read(path)) == ballots_of(pabulib.read(str(path))) == expected
    assert ballots_of(pabulib.read(io.StringIO(text()))) == expected


@pytest.mark.parametrize(
    ("budget", "cost", "minor", "scale"),
    [
        ("308151.26", "50000", (30815126, 5000000), 100),
        ("1000,5", "1", (100050, 100), 100),
        ("9", "8.125", (9000, 8125), 1000),
    ],
)
def test_money_is_read_into_whole_minor_units(budget: str, cost: str, minor: tuple[int, int], scale: int) -> None:
    file = read(text({"budget": budget}).replace(";600;", f";{cost};"))
    assert ((file.budget, file.projects[0].cost), file.scale) == (minor, scale)
    assert pabulib.election_of(file, vote_ref="vote/x").rules.get("scale") == scale


def test_quoted_names_may_hold_the_separator_quotes_and_lines() -> None:
    content = text().replace("Library", '"A ""big"" library;\nwith books"')
    file = read(content)
    assert file.projects[0].title == 'A "big" library; with books'
    assert [project.row for project in file.projects] == [17, 19, 20]


def test_categories_beneficiaries_and_other_columns_are_kept() -> None:
    projects = [
        "project_id;cost;category;target;latitude",
        "p1;1;culture,sport;None;52.1",
        "p2;1;;youth;",
        "p3;1;;;None",
    ]
    file = read(text(projects=projects))
    assert [(p.categories, p.beneficiaries, dict(p.fields)) for p in file.projects] == [
        (("culture", "sport"), (), {"latitude": "52.1"}),
        ((), ("youth",), {}),
        ((), (), {}),
    ]
    assert [(p.title, p.votes, p.selected) for p in file.projects] == [(p, None, None) for p in ("p1", "p2", "p3")]


@pytest.mark.parametrize(
    ("age", "band"),
    [
        ("1", "under_30"),
        ("29", "under_30"),
        ("30", "30_plus"),
        ("120", "30_plus"),
        ("18-29", "under_30"),
        ("40-59", "30_plus"),
    ],
)
def test_an_age_becomes_a_band(age: str, band: str) -> None:
    file = read(text().replace(";29;", f";{age};"))
    assert labels_of(file, "age")[0] == band
    assert file.notes == []


@pytest.mark.parametrize("age", ["0", "-3", "124", "999999", "25-34", "old"])
def test_an_impossible_age_is_kept_as_not_stated_and_noted_once(age: str) -> None:
    content = text(votes=[VOTES[0], "1;p1;40;F;", f"2;p1;{age};F;", f"3;p2;{age};M;", "4;p3;20;M;"])
    file = read(content)
    assert labels_of(file, "age") == ["30_plus", "not_stated", "not_stated", "under_30"]
    notes = [(note.row, note.column, note.rows) for note in file.notes if note.column == "age"]
    assert notes == [(row_of(content, f"2;p1;{age};F;"), "age", 2)]


BROKEN: list[tuple[str, str, str]] = [
    (text().replace("META", "MATA", 1), "MATA", "MATA"),
    (text().replace("PROJECTS", "PROJETS"), "PROJETS", "PROJETS"),
    (text().replace("\nVOTES", "\nBALLOTS"), "BALLOTS", "BALLOTS"),
    (text().replace("\nVOTES", "\nMETA"), "META", "META"),
    (text().replace("10;p3;64;F;", "PROJECTS"), "PROJECTS", "PROJECTS"),
    (text().replace("10;p3;64;F;", "10"), "10", "10"),
    (text({"budget": "lots"}), "budget;lots", "budget"),
    (text({"budget": "-5"}), "budget;-5", "budget"),
    (text({"budget": "1.2.3"}), "budget;1.2.3", "budget"),
    (text({"budget": "9007199254740992"}), "budget;9007199254740992", "budget"),
    (text({"budget": ""}), "budget;", "budget"),
    (text({"num_votes": "4.5"}), "num_votes;4.5", "num_votes"),
    (text({"max_length": "some"}), "max_length;some", "max_length"),
    (text({"date_begin": "02/01/2024"}), "date_begin;02/01/2024", "date_begin"),
    (text({"date_end": "30.02.2024"}), "date_end;30.02.2024", "date_end"),
    (text({"vote_type": "quadratic"}), "vote_type;quadratic", "vote_type"),
    (text().replace("unit;Town", "unit;Town\nunit;City"), "unit;City", "unit"),
    (text().replace("p2;500;2;Square;0", "p2;much;2;Square;0"), "p2;much;2;Square;0", "cost"),
    (text().replace("p2;500;2;Square;0", "p2;;2;Square;0"), "p2;;2;Square;0", "cost"),
    (text().replace("p2;500;2;Square;0", "p2;500;two;Square;0"), "p2;500;two;Square;0", "votes"),
    (text().replace("p2;500;2;Square;0", "p2;500;2;Square;yes"), "p2;500;2;Square;yes", "selected"),
    (text().replace("p2;500;2;Square;0", "p1;500;2;Square;0"), "p1;500;2;Square;0", "project_id"),
    (text().replace("p2;500;2;Square;0", ";500;2;Square;0"), ";500;2;Square;0", "project_id"),
    (text().replace("p2;500;2;Square;0", "p2;500;2;Square;0;1"), "p2;500;2;Square;0;1", "selected"),
    (text().replace("project_id;cost", "project_id;price"), "project_id;price;votes;name;selected", "cost"),
    (text().replace(";age;sex", ";sex;sex"), "voter_id;vote;sex;sex;voting_method", "VOTES"),
    (text().replace("9;p1;;;", "8;p1;;;"), "8;p1;;;", "voter_id"),
    (text().replace("9;p1;;;", ";p1;;;"), ";p1;;;", "voter_id"),
]


@pytest.mark.parametrize(("content", "line", "column"), BROKEN, ids=range(len(BROKEN)))
def test_a_broken_file_is_refused_by_row_and_column(content: str, line: str, column: str) -> None:
    with pytest.raises(PabulibError) as caught:
        read(content)
    last = len(content.split("\n")) - list(reversed(content.split("\n"))).index(line)
    assert (caught.value.row, caught.value.column) == (last, column)
    assert str(caught.value.reason)


@pytest.mark.parametrize("key", ["description", "country", "num_projects", "num_votes", "budget", "vote_type", "rule"])
def test_a_key_that_meta_lacks_is_named(key: str) -> None:
    with pytest.raises(PabulibError, match=key) as caught:
        read(text().replace(f"{key};{META[key]}\n", ""))
    assert caught.value.column == key


@pytest.mark.parametrize("content", ["", "\n\n", "META\n", "META\nkey;value\nunit;Town\n", text().split("VOTES")[0]])
def test_a_file_that_ends_too_early_says_which_section_is_missing(content: str) -> None:
    with pytest.raises(PabulibError) as caught:
        read(content)
    assert caught.value.column in {"META", "PROJECTS", "VOTES"}


def test_bytes_that_are_no_text_are_refused_by_their_row() -> None:
    content = text().encode().replace(b"Square", b"Squ\xe4re")
    with pytest.raises(PabulibError) as caught:
        pabulib.read(io.BytesIO(content))
    assert caught.value.row == row_of(text(), "p2;500;2;Square;0")


@pytest.mark.parametrize(
    ("vote", "words"),
    [
        ("9;p1,p1;;;", "twice"),
        ("9;p1,p2,p3;;;", "named: 3. Allowed: 1 to 2"),
        ("9;p9;;;", "p9"),
        ("9;p1,p9;;;", "p9"),
        ("9;;;;", "no project"),
        ("9; , ;;;", "no project"),
        ("9;p1;;;;p2", "more cells"),
    ],
)
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_single_bad_vote_is_left_out_and_reported(vote: str, words: str, quote: str) -> None:
    last = f"10;{quote}p3{quote};64;F;"
    content = text(votes=[*VOTES[:3], vote, last])
    file = read(content)
    assert ballots_of(file) == [{"p1", "p2"}, {"p1", "p2"}, {"p3"}]
    assert labels_of(file, "sex") == ["female", "male", "female"]
    assert [(fault.row, words in str(fault.reason)) for fault in file.rejected] == [(row_of(content, vote), True)]
    assert file.votes.rows.tolist() == [row_of(content, line) for line in (*VOTES[1:3], last)]


@pytest.mark.parametrize("last", ["x;p2", 'x;"p2"'])
def test_a_long_file_keeps_count_of_its_rows(last: str) -> None:
    votes = ["voter_id;vote", *(f"{voter};p1,p2" for voter in range(350_000)), "bad;p7", last]
    content = text({"num_votes": "350002"}, votes=votes)
    file = read(content)
    assert [fault.row for fault in file.rejected] == [row_of(content, "bad;p7")]
    assert (len(file.votes), int(file.votes.rows[-1])) == (350_001, row_of(content, last))
    assert count(file.votes.ballots, pabulib.election_of(file, vote_ref="v")).counts == (350_000, 350_001, 0)


def test_a_voter_who_comes_again_megabytes_later_is_found() -> None:
    votes = ["voter_id;vote", *(f"{voter};p1,p2" for voter in range(350_000)), "17;p3"]
    content = text(votes=votes)
    with pytest.raises(PabulibError, match="17") as caught:
        read(content)
    assert caught.value.row == row_of(content, "17;p3")


def test_a_file_of_which_no_vote_can_be_taken_is_refused() -> None:
    with pytest.raises(PabulibError, match="p9"):
        read(text(votes=[VOTES[0], "1;p9;;;", "2;;;;"]))


def test_choose_1_takes_one_choice_and_no_more() -> None:
    file = read(text({"vote_type": "choose-1"}))
    vote = pabulib.election_of(file, vote_ref="vote/x")
    assert ballots_of(file) == [{"p1"}, {"p3"}]
    assert (vote.rules["ballot"], vote.rules["max_choices"], len(file.rejected)) == ("choose", 1, 2)


def test_a_vote_with_fewer_projects_than_the_city_asked_for_is_left_out() -> None:
    file = read(text({"min_length": "2"}))
    assert ballots_of(file) == [{"p1", "p2"}, {"p1", "p2"}]
    assert ["named: 1. Allowed: 2 to 2" in str(fault.reason) for fault in file.rejected] == [True, True]
    assert pabulib.election_of(file, vote_ref="vote/x").rules["min_choices"] == 2


def test_what_differs_from_the_files_own_figures_is_noted() -> None:
    file = read(text({"num_votes": "5", "num_projects": "4"}).replace("p3;400;1;", "p3;400;9;"))
    assert {note.column for note in file.notes} == {"num_votes", "num_projects", "votes"}


def test_costs_that_cannot_be_met_are_noted() -> None:
    content = text({"max_sum_cost": "1050"}).replace("p2;500;", "p2;1001;").replace("p3;400;", "p3;999999999;")
    file = read(content)
    found = [(note.row, note.column, note.rows) for note in file.notes]
    assert found == [
        (row_of(content, "p2;1001;2;Square;0"), "cost", 1),
        (row_of(content, "p3;999999999;1;Trees;1"), "cost", 1),
        (row_of(content, "7;p1,p2;29;F;internet"), "vote", 3),
    ]


# Writing

GIVEN = {key: META[key] for key in ("description", "country", "unit", "instance", "date_begin", "date_end")}


def written(ballots: list[list[int]], rules: dict[str, Any], costs: list[int | None], **meta: str) -> bytes:
    options = tuple(Option(f"o{place}", f"Option; “{place}”", cost) for place, cost in enumerate(costs))
    vote = Election("vote/v", "A vote", "individual", validate_rules(rules, options), options)
    together = BallotSet.from_packed([pack(ballot) for ballot in ballots])
    stream = io.BytesIO()
    pabulib.write(stream, vote, count(together, vote), together, GIVEN | meta)
    return stream.getvalue()


GREEDY = {"method": "greedy", "ballot": "approval", "budget": 100, "currency": "EUR"}
BALLOTS = [[0], [0, 1], [2, 1], [0, 2], [0]]


@pytest.mark.parametrize(
    ("rules", "rule"),
    [
        (GREEDY, "greedy"),
        (GREEDY | {"threshold": 2, "max_choices": 2}, "greedy-threshold"),
        (GREEDY | {"skip": False, "tie": "cost_then_order"}, "greedy-no-skip"),
        ({"method": "votes", "ballot": "approval", "winners": 2}, "greedy"),
    ],
)
def test_the_checker_accepts_what_is_written(rules: dict[str, Any], rule: str) -> None:
    content = written(BALLOTS, rules, [60, 70, 30], language="fa", comment="#1: A test.")
    report = check(content)
    assert (report["errors"], report["warnings"]) == ({}, {})
    assert f"rule;{rule}\n".encode() in content


def test_a_choice_of_one_is_written_as_such() -> None:
    rules = GREEDY | {"ballot": "choose", "max_choices": 1}
    content = written([[0], [1], [0]], rules, [60, 70])
    assert (check(content)["errors"], b"vote_type;choose-1\n" in content) == ({}, True)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.lists(st.integers(0, 3), unique=True, min_size=1, max_size=3), min_size=1, max_size=12),
    st.lists(st.integers(100, 9_000), min_size=4, max_size=4),
    st.booleans(),
)
def test_what_is_written_reads_back_with_the_same_result(
    ballots: list[list[int]], costs: list[int], skip: bool
) -> None:
    rules = GREEDY | {"budget": 9_999, "scale": 100, "skip": skip}
    content = written(ballots, rules, list(costs))
    file = pabulib.read(io.BytesIO(content))
    outcome = count(file.votes.ballots, pabulib.election_of(file, vote_ref="vote/v"))
    assert [project.votes for project in file.projects] == list(outcome.counts)
    assert {project.id for project in file.projects if project.selected} == set(outcome.winners)
    assert sorted(sorted(ballot) for ballot in ballots_of(file)) == sorted(
        [f"o{i}" for i in sorted(b)] for b in ballots
    )
    assert (file.budget, file.notes, file.rejected) == (9_999 // (100 // file.scale), [], []) or file.scale == 1


def test_the_order_of_the_votes_written_says_nothing_of_the_order_they_came_in() -> None:
    assert written(BALLOTS, GREEDY, [60, 70, 30]) == written(BALLOTS[::-1], GREEDY, [60, 70, 30])


def test_blank_ballots_are_left_out_and_said_to_be() -> None:
    content = written([*BALLOTS, [], []], GREEDY, [60, 70, 30], comment="#1: By hand.")
    assert b"comment;#1: By hand. #2: Blank ballots left out: 2.\n" in content
    assert b"num_votes;5\n" in content
    assert check(content)["errors"] == {}


def test_the_file_has_no_byte_order_mark_and_plain_line_ends() -> None:
    content = written(BALLOTS, GREEDY, [60, 70, 30])
    assert content.startswith(b"META\nkey;value\ndescription;Budget of a town\n")
    assert b"\r" not in content
    assert b'o0;60;4;"Option; \xe2\x80\x9c0\xe2\x80\x9d";1\n' in content


def test_money_is_written_in_major_units() -> None:
    content = written(BALLOTS, GREEDY | {"budget": 30815126, "scale": 100}, [6050, 30800000, 100])
    assert b"budget;308151.26\n" in content
    assert b"\no0;60.5;" in content
    assert b"\no1;308000;" in content


def test_missing_meta_and_ids_that_are_lists_are_refused() -> None:
    with pytest.raises(ValueError, match="country"):
        written(BALLOTS, GREEDY, [60, 70, 30], country="")
    with pytest.raises(ValueError, match="sector"):
        written(BALLOTS, GREEDY, [60, 70, 30], sector="public")
    options = (Option("a,b", "A", 10),)
    vote = Election("vote/v", "A vote", "individual", validate_rules(GREEDY, options), options)
    ballots = BallotSet.from_packed([pack([0])])
    with pytest.raises(ValueError, match="a,b"):
        pabulib.write(io.BytesIO(), vote, count(ballots, vote), ballots, GIVEN)
