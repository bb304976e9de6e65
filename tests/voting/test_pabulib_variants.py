"""Files as cities really write them: every variant is read as what it means, or refused by row and column."""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ucc_participate.voting import pabulib
from ucc_participate.voting.pabulib import PabulibError, PabulibFile
from ucc_participate.voting.rules import Outcome, count

PLAIN = """META
key;value
description;Budget of a town
country;Poland
unit;Town
instance;2024
num_projects;3
num_votes;5
budget;1000
vote_type;approval
rule;greedy
date_begin;01.02.2024
date_end;28.02.2024
max_length;2
currency;PLN
PROJECTS
project_id;cost;votes;name;selected
p1;600;3;Library;1
p2;500;3;Square;0
p3;400;2;Trees;1
VOTES
voter_id;vote;age;sex;voting_method
7;p1,p2;29;F;internet
8;p2,p1;30;M;paper
9;p1;;;
10;p3;64;F;
11;p2,p3;41;M;internet
"""

Change = Callable[[str], str]


def read(text: str | bytes) -> PabulibFile:
    return pabulib.read(io.BytesIO(text if isinstance(text, bytes) else text.encode()))


def counted(file: PabulibFile) -> Outcome:
    return count(file.votes.ballots, pabulib.election_of(file, vote_ref="vote/x"))


def put(old: str, new: str) -> Change:
    """A change of PLAIN that must have found its place."""

    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new)

    return change


def meta(line: str) -> Change:
    return put("currency;PLN\n", f"currency;PLN\n{line}\n")


def every_line(wrap: Change) -> Change:
    return lambda text: "".join(f"{wrap(line)}\n" for line in text.splitlines())


def columns_turned(text: str) -> str:
    """Both tables with their columns in the opposite order."""
    head, projects, tables = text.partition("PROJECTS\n")
    return head + projects + every_line(lambda line: ";".join(reversed(line.split(";"))))(tables)


SAME: dict[str, Change] = {
    "two byte order marks": lambda text: "\ufeff\ufeff" + text,
    "old Mac line ends": lambda text: text.replace("\n", "\r"),
    "empty cells behind every row": every_line(lambda line: f"{line};;;"),
    "every cell quoted": every_line(lambda line: ";".join(f'"{cell}"' for cell in line.split(";"))),
    "columns in another order": columns_turned,
    "columns in capitals": put("voter_id;vote;age", "Voter_ID;VOTE;Age"),
    "blank lines first": lambda text: "\n\n\n" + text,
    "section names in another case": put("PROJECTS", "Projects"),
    "thousands apart": put("budget;1000", "budget;1 000"),
    "thousands apart by a hard space": put("budget;1000", "budget;1\u00a0000,00"),
    "thousands with commas and a point": put("budget;1000", "budget;1,000.00"),
    "thousands with points and a comma": put("budget;1000", "budget;1.000,00"),
    "thousands with apostrophes": put("budget;1000", "budget;1'000"),
    "a float": put("budget;1000", "budget;1e3"),
    "decimals that are none": put(";600;", ";600.00;"),
    "ISO days": put("01.02.2024", "2024-02-01"),
    "days with their time": put("01.02.2024", "2024-02-01 00:00:00"),
    "short days": put("01.02.2024", "1.2.2024"),
    "capitals in words": lambda text: text.replace("approval", "Approval").replace("greedy", "Greedy"),
    "a currency in small letters": put("currency;PLN", "currency;pln"),
    "numbers of votes as floats": put("p1;600;3;", "p1;600;3.0;"),
    "selected as a truth": lambda text: text.replace("Library;1", "Library;True").replace("Square;0", "Square;false"),
    "no selected project marked 0": put("Square;0", "Square;"),
    "an age as a band": put(";64;", ";60-69;"),
    "an age as an open band": put(";64;", ";60+;"),
    "an age with a dash": put(";64;", ";60–69;"),
    "sexes as words": lambda text: text.replace(";F;", ";female;").replace(";M;", ";Male;"),
    "sexes in Polish": put(";F;", ";K;"),
    "methods in capitals": put("internet", "Internet"),
    "a limit beyond the projects": put("max_length;2", "max_length;99"),
    "unknown keys": meta("something;else"),
    "more cells in META": put("rule;greedy", "rule;greedy;;and more"),
    "a text over several lines": meta('comment;"#1: one; two\n\nthree"'),
}


@pytest.mark.parametrize("change", SAME.values(), ids=SAME)
def test_another_way_to_write_the_same_file_gives_the_same_count(change: Change) -> None:
    file, plain = read(change(PLAIN)), read(PLAIN)
    assert (file.rejected, file.notes) == ([], [])
    assert counted(file) == counted(plain)
    assert counted(file).counts == (3, 3, 2)
    assert counted(file).winners == ("p1", "p3")
    for dimension, same in zip(file.votes.ballots.dimensions, plain.votes.ballots.dimensions, strict=True):
        assert dimension.codes.tolist() == same.codes.tolist()
    assert file.votes.channels.tolist() == plain.votes.channels.tolist()
    assert [file.meta[key] for key in ("date_begin", "currency", "rule")] == ["01.02.2024", "PLN", "greedy"]


NOTED: dict[str, tuple[Change, str, str, str]] = {
    "a currency sign": (put("currency;PLN", "currency;zł"), "currency;zł", "currency", "no currency code"),
    "too many decimals": (put(";600;", ";599.9999999;"), "p1;599.9999999;3;Library;1", "cost", "rounded"),
    "an id with blanks": (put("p1", "p 1"), "p 1;600;3;Library;1", "project_id", "called p_1"),
    "a custom rule": (put("rule;greedy", "rule;greedy-custom"), "rule;greedy-custom", "rule", "rule of its own"),
    "Poznań": (
        lambda text: text.replace("rule;greedy", "rule;greedy-custom").replace("unit;Town", "unit;Poznań"),
        "rule;greedy-custom",
        "rule",
        "four fifths",
    ),
    "projects that exclude each other": (
        put("rule;greedy", "rule;greedy-exclusive"),
        "rule;greedy-exclusive",
        "rule",
        "which projects exclude each other",
    ),
    "no rule": (put("rule;greedy", "rule;unknown"), "rule;unknown", "rule", "does not name the city’s rule"),
    "a rule nobody knows": (put("rule;greedy", "rule;by lot"), "rule;by lot", "rule", "“by lot” is not known"),
    "a divided budget": (
        meta("budget_per_category;500,500"),
        "budget_per_category;500,500",
        "budget_per_category",
        "into which part",
    ),
    "money that is left": (meta("leftover_budget;100"), "leftover_budget;100", "leftover_budget", "money that is left"),
    "cheap votes": (meta("min_sum_cost;600"), "10;p3;64;F;", "vote", "cost less"),
    "points that are none": (
        put("voting_method\n", "points\n"),
        "voter_id;vote;age;sex;points",
        "points",
        "have no points",
    ),
    "a limit of another kind": (
        meta("max_length_per_category;1"),
        "max_length_per_category;1",
        "max_length_per_category",
        "not checked",
    ),
    "a cost beyond the budget": (put("p1;600", "p1;1001"), "p1;1001;3;Library;1", "cost", "whole budget"),
    "a project withdrawn": (put("p1;600", "p1;999999999"), "p1;999999999;3;Library;1", "cost", "withdrawn"),
    "another number of votes": (put("num_votes;5", "num_votes;6"), "num_votes;6", "num_votes", "6, the file has 5"),
    "another count by the city": (put("p1;600;3", "p1;600;4"), "p1;600;4;Library;1", "votes", "by the city: 4"),
    "a sex of its own": (put("64;F", "64;O"), "10;p3;64;O;", "sex", "not stated"),
    "an age across the bands": (put(";64;", ";18+;"), "10;p3;18+;F;", "age", "both sides"),
    "an end before the beginning": (
        put("28.02.2024", "28.01.2024"),
        "date_end;28.01.2024",
        "date_end",
        "before it begins",
    ),
}


@pytest.mark.parametrize(("change", "line", "column", "words"), NOTED.values(), ids=NOTED)
def test_what_is_odd_is_counted_and_noted(change: Change, line: str, column: str, words: str) -> None:
    text = change(PLAIN)
    file = read(text)
    assert counted(file).counts == (3, 3, 2)
    notes = [(note.row, note.column) for note in file.notes if words in str(note.reason)]
    assert notes == [(text.split("\n").index(line) + 1, column)]


REFUSED: dict[str, tuple[Change, str, str]] = {
    "a comma that may part thousands": (put("budget;1000", "budget;1,000"), "budget;1,000", "budget"),
    "a point that may part thousands": (put("p1;600", "p1;1.600"), "p1;1.600;3;Library;1", "cost"),
    "a threshold that may be thousands": (
        meta("min_project_score_threshold;3,000"),
        "min_project_score_threshold;3,000",
        "min_project_score_threshold",
    ),
    "a cost below nothing": (put("p1;600", "p1;-600"), "p1;-600;3;Library;1", "cost"),
    "money with its sign": (put("p1;600", "p1;600 zł"), "p1;600 zł;3;Library;1", "cost"),
    "days in the American order": (put("01.02.2024", "02/01/2024"), "date_begin;02/01/2024", "date_begin"),
    "a month alone": (put("01.02.2024", "02.2024"), "date_begin;02.2024", "date_begin"),
    "no column of costs": (put("project_id;cost", "project_id;price"), "project_id;price;votes;name;selected", "cost"),
    "no names of columns": (put("voter_id;vote;age;sex;voting_method\n", ""), "7;p1,p2;29;F;internet", "voter_id"),
    "the least above the most": (meta("min_length;3"), "max_length;2", "max_length"),
    "votes of no length": (put("max_length;2", "max_length;0"), "max_length;0", "max_length"),
    "more choices than projects": (put("max_length;2", "min_length;4"), "min_length;4", "min_length"),
    "a project twice": (put("p2;500", "p1;500"), "p1;500;3;Square;0", "project_id"),
    "a list as an id": (put("p2;500", '"p2,p4";500'), '"p2,p4";500;3;Square;0', "project_id"),
    "a voter twice": (put("9;p1", "8;p1"), "8;p1;;;", "voter_id"),
    "a quotation mark left open among projects": (put("Square", '"Square'), 'p2;500;3;"Square;0', "cell 4"),
    "a quotation mark left open among votes": (put("9;p1;;", '9;p1;";'), '9;p1;";;', "cell 3"),
    "a null character": (put("Square", "Squ\0are"), "p2;500;3;Squ\0are;0", "name"),
    "no vote at all": (lambda text: text[: text.index("7;p1")], "voter_id;vote;age;sex;voting_method", "VOTES"),
    "only bad votes": (lambda text: text[: text.index("7;p1")] + "7;p9;;;\n", "7;p9;;;", "vote"),
    "tabs instead of semicolons": (lambda text: text.replace(";", "\t"), "key\tvalue", "key\tvalue"),
}


@pytest.mark.parametrize(("change", "line", "column"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_understood_is_refused_by_row_and_column(change: Change, line: str, column: str) -> None:
    text = change(PLAIN)
    with pytest.raises(PabulibError) as caught:
        read(text)
    assert (caught.value.row, caught.value.column) == (text.split("\n").index(line) + 1, column)
    assert str(caught.value).startswith(f"row {caught.value.row}, {column}: ")


@pytest.mark.parametrize(("encoding", "row", "cell"), [("cp1250", 3, "cell 2"), ("utf-16", 1, "cell 1")])
def test_another_encoding_is_refused_by_row_and_cell(encoding: str, row: int, cell: str) -> None:
    with pytest.raises(PabulibError, match="UTF-8") as caught:
        read(PLAIN.replace("Budget", "Budżet").encode(encoding))
    assert (caught.value.row, caught.value.column) == (row, cell)


@pytest.mark.parametrize("vote_type", ["ranking", "Quadratic", "approval-2"])
def test_another_kind_of_ballot_is_named_in_one_sentence(vote_type: str) -> None:
    with pytest.raises(PabulibError) as caught:
        read(PLAIN.replace("approval", vote_type))
    assert str(caught.value) == (f"row 10, vote_type: Votes of the type “{vote_type.lower()}” cannot be counted here.")


@pytest.mark.parametrize("title", ["A\u202ebrid", "<b>Square</b>", "Plac\u200b \u2066nowy", "  two   blanks "])
def test_names_keep_their_letters_and_lose_what_hides_or_reorders(title: str) -> None:
    file = read(PLAIN.replace("Square", title))
    kept = {"A\u202ebrid": "Abrid", "Plac\u200b \u2066nowy": "Plac nowy", "  two   blanks ": "two blanks"}
    assert file.projects[1].title == kept.get(title, title)


def test_ids_that_a_ballot_cannot_hold_get_codes_of_their_own() -> None:
    ids = ["p|1", "p 1", "p_1", "Ż/2", "Z/2", "باغ", "پل", "x" * 61]
    rows = "".join(f"{name};{100 + at};;Name {at};\n" for at, name in enumerate(ids))
    votes = "".join(f"{at};{name}\n" for at, name in enumerate(ids))
    head, _, _ = (
        PLAIN.replace("num_projects;3", "num_projects;8").replace("num_votes;5", "num_votes;8").partition("p1;")
    )
    file = read(f"{head}{rows}VOTES\nvoter_id;vote\n{votes}")
    codes = [project.code for project in file.projects]
    assert codes == ["p_1-2", "p_1-3", "p_1", "Z/2-2", "Z/2", "project", "project-2", "x" * 54]
    assert [project.id for project in file.projects] == ids
    assert counted(file).counts == (1,) * 8
    assert [note.column for note in file.notes] == ["project_id"] * 6


def test_empty_votes_are_listed_however_nothing_is_written() -> None:
    empty = ["12;;;;", "13;None;;;", '14;"";;;', "15; , ;;;"]
    file = read(PLAIN.replace("num_votes;5", "num_votes;9") + "\n".join(empty) + "\n")
    assert counted(file).counts == (3, 3, 2)
    assert [str(fault.reason) for fault in file.rejected] == ["This vote names no project."] * 4
    assert file.notes == []


# Mutations against a reader of ten lines


SMALL = ("Poland_Warszawa_2018_Kamionek", "Poland_Gdynia_2023_Wzgorze_Sw._Maksymiliana__large")


def plainly_counted(text: str) -> tuple[Counter[str], int]:
    """Votes per project and votes counted, as the csv module and the format's page alone would have it."""
    tables: dict[str, list[list[str]]] = {}
    for cells in csv.reader(io.StringIO(text), delimiter=";"):
        if cells and cells[0] in ("META", "PROJECTS", "VOTES"):
            rows = tables.setdefault(cells[0], [])
        elif any(cells):
            rows.append(cells)
    values, projects = dict(row[:2] for row in tables["META"]), {row[0] for row in tables["PROJECTS"][1:]}
    most = int(values.get("max_length") or len(projects))
    named = [[name.strip() for name in row[1].split(",") if name.strip()] for row in tables["VOTES"][1:]]
    good = [names for names in named if 0 < len(set(names)) == len(names) <= most and set(names) <= projects]
    return Counter(name for names in good for name in names), len(good)


def shaken(text: str, seed: int) -> str:
    """The file with some of its votes spoilt in ways that leave the others alone."""
    draw = random.Random(seed)
    head, marker, tail = text.partition("VOTES\n")
    header, *votes = tail.rstrip("\n").split("\n")
    spoil: list[Change] = [
        lambda row: row.replace(";", ";zzz,", 1),
        lambda row: ";".join([row.split(";")[0], "", *row.split(";")[2:]]),
        lambda row: ";".join([row.split(";")[0], ",".join(row.split(";")[1].split(",")[:1] * 2), *row.split(";")[2:]]),
        lambda row: row.replace(",", " , "),
        lambda row: f'{row.split(";")[0]};"{row.split(";")[1]}";' + ";".join(row.split(";")[2:]),
        lambda row: f"\n{row}\n",
        lambda row: f"{row};;",
    ]
    for _ in range(max(1, len(votes) // 50)):
        at = draw.randrange(len(votes))
        if len(votes[at].split(";")) == len(header.split(";")):
            votes[at] = draw.choice(spoil)(votes[at])
    draw.shuffle(votes)
    return f"{head}{marker}{header}\n" + "\n".join(votes) + "\n"


@pytest.mark.parametrize(
    "name", ["Poland_Warszawa_2018_Kamionek", "Poland_Gdynia_2023_Wzgorze_Sw._Maksymiliana__large"]
)
@pytest.mark.parametrize("seed", range(4))
def test_a_real_file_with_spoilt_votes_loses_those_and_no_others(shared, name: str, seed: int) -> None:
    text = shaken((shared / "data" / "pabulib" / f"{name}.pb").read_text(encoding="utf-8-sig"), seed)
    file = read(text)
    expected, voters = plainly_counted(text)
    assert dict(zip((p.id for p in file.projects), counted(file).counts, strict=True)) == {
        project.id: expected[project.id] for project in file.projects
    }
    assert (len(file.votes), len(file.rejected)) == (voters, int(file.meta["num_votes"]) - voters)
    assert file.rejected


def attempt(text: str) -> tuple[PabulibError | None, PabulibFile | None]:
    try:
        return None, read(text)
    except PabulibError as fault:
        return fault, None


@settings(max_examples=150)
@given(st.data())
def test_a_damaged_file_is_read_or_refused_but_never_breaks(data: st.DataObject) -> None:
    """Lines lost, doubled or swapped, characters put anywhere: the count stands on the rows that were taken."""
    lines = PLAIN.splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        kind = data.draw(st.sampled_from(["lose", "double", "swap", "put"]))
        if kind == "put":
            place, mark = data.draw(st.integers(0, len(lines[at]))), data.draw(st.sampled_from(';,"\n\r\0 .-9éم'))
            lines[at] = lines[at][:place] + mark + lines[at][place:]
        else:
            other = data.draw(st.integers(0, len(lines) - 1))
            lines[at : at + 1] = {"lose": [], "double": [lines[at]] * 2, "swap": [lines[other]]}[kind]
        lines = lines or [""]
    refused, file = attempt("\n".join(lines))
    if file is None:
        assert refused is not None
        assert (refused.row > 0, bool(refused.column)) == (True, True)
        return
    outcome = counted(file)
    bounds = file.votes.ballots.offsets.tolist()
    assert all(end - start > 0 for start, end in pairwise(bounds))
    assert sum(outcome.counts) == bounds[-1]
    assert outcome.spent <= file.budget
