"""`.blt` and PrefLib files: read as they are described, written without loss, faults named by line."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.processes.making import day
from tests.voting.making import (
    CLOSES_ON,
    OPENS_ON,
    announce,
    cast,
    change,
    codes,
    residents,
    voting_process,
)
from tests.voting.ranking import count, election, ranked
from tests.voting.test_ranked_rules import SCHULZE
from ucc_participate.kernel.errors import NotFound
from ucc_participate.voting import ballot_files, operations
from ucc_participate.voting.ranked_files import RankedFile, RankedFileError, blt, preflib

# The example of Hill, Wichmann and Woodall 1987: four candidates, two places, the second has withdrawn.
HILL = """4 2
-2
3 1 3 4 0
4 1 3 2 0
2 4 1 3 0
1 2 0
2 2 4 3 1 0
1 3 4 2 0
0
"Adam"
"Basil"
"Charlotte"
"Donald"
"Title"
"""

PREFLIB = """# FILE NAME: 00001-00000001.soi
# TITLE: Which site?
# DATA TYPE: soi
# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: 17
# NUMBER UNIQUE ORDERS: 3
# ALTERNATIVE NAME 1: میدان
# ALTERNATIVE NAME 2: Mill
# ALTERNATIVE NAME 3: Bridge: old
9: 2,1
5: 3
3: 1, 3, 2
"""


def test_the_example_of_the_format_is_read_and_counted():
    file = blt.read(HILL.encode())
    assert (file.title, file.places, file.withdrawn) == ("Title", 2, frozenset({1}))
    assert file.names == ("Adam", "Basil", "Charlotte", "Donald")
    assert file.ballots[1] == (4, (0, 2, 1))
    assert file.voters == 13
    assert blt.write(file).decode() == HILL
    found = count(file.ballot_set(), election("stv", 4, winners=2))
    assert found.counts == (7, 0, 1, 4)
    assert found.winners == ("A", "D")


def test_comments_quotes_marks_and_line_ends_are_read():
    text = "\ufeff3 1 # three\r\n2 1 - 3 0 /* a rank\r\nleft empty */ 1 0 0\r\n"
    text += '"A \\"quoted\\" #1" "ب" "\\\\"\r\n"T" "source"'
    file = blt.read(text.encode())
    assert file.names == ('A "quoted" #1', "ب", "\\")
    assert file.ballots == ((2, (0, 2)), (1, ()))
    assert file.notes == ("source",)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (HILL.replace("4 1 3 2 0", "4 1 3 7 0"), 4, "“7” is not a whole number from 1 to 4"),
        (HILL.replace("4 1 3 2 0", "4 1 3=2 0"), 4, "same rank"),
        (HILL.replace("4 1 3 2 0", "4 1 3 1 0"), 4, "ranked twice"),
        (HILL.replace("4 1 3 2 0", "4.5 1 3 2 0"), 4, "“4.5” is not"),
        (HILL.replace('"Basil"', "Basil"), 11, "in quotes"),
        (HILL.replace('"Basil"', '"Basil'), 11, "not closed"),
        (HILL[: HILL.index('"Donald"')], 13, "too early"),
        (HILL.replace("1 3 4 2 0\n0", "1 3 4 2 0"), 9, "a name stands where a number"),
        (HILL.replace("1 3 4 2 0\n0", "1 3 4 2"), 9, "End each ballot with 0"),
        ("", 1, "too early"),
    ],
)
def test_faults_of_a_blt_are_named_by_line(text, line, words):
    with pytest.raises(RankedFileError) as refused:
        blt.read(text.encode())
    assert words in str(refused.value)
    assert refused.value.line == line


def test_what_is_not_utf_8_is_refused_in_its_line():
    with pytest.raises(RankedFileError, match="UTF-8") as refused:
        blt.read(b'1 1\n1 1 0\n0\n"Caf\xe9"')
    assert refused.value.line == 4


def test_preflib_is_read_with_its_header():
    file = preflib.read(PREFLIB.encode())
    assert file.names == ("میدان", "Mill", "Bridge: old")
    assert file.ballots == ((9, (1, 0)), (5, (2,)), (3, (0, 2, 1)))
    assert file.metadata == (("FILE NAME", "00001-00000001.soi"),)
    assert preflib.read(preflib.write(file)) == file


def test_ties_are_refused_or_cut_but_a_tie_of_the_rest_says_nothing():
    tied = PREFLIB.replace("5: 3", "5: 3,{1,2}")
    assert preflib.read(tied.encode()).ballots[1] == (5, (2,))
    first = PREFLIB.replace("5: 3", "5: {3,1},2")
    with pytest.raises(RankedFileError, match="same rank") as refused:
        preflib.read(first.encode())
    assert refused.value.line == 11
    assert preflib.read(first.encode(), cut_ties=True).ballots[1] == (5, ())


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("9: 2,1", "9: 2,4", 10, "“4” is not"),
        ("9: 2,1", "9 2,1", 10, "is written like"),
        ("9: 2,1", "9: 2,,1", 10, "is written like"),
        ("9: 2,1", "9: 2,2", 10, "ranked twice"),
        ("9: 2,1", "8: 2,1", 5, "said to be 17, the file holds 16"),
        ("# NUMBER ALTERNATIVES: 3\n", "", 1, "NUMBER ALTERNATIVES"),
        ("ALTERNATIVE NAME 3", "ALTERNATIVE NAME 4", 9, "“4” is not"),
    ],
)
def test_faults_of_a_preflib_file_are_named_by_line(old, new, line, words):
    with pytest.raises(RankedFileError) as refused:
        preflib.read(PREFLIB.replace(old, new).encode())
    assert words in str(refused.value)
    assert refused.value.line == line


names = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=6)


@st.composite
def files(draw: st.DrawFn) -> RankedFile:
    options = draw(st.integers(1, 5))
    orders = st.permutations(range(options)).flatmap(
        lambda order: st.integers(0, options).map(lambda length: tuple(order[:length]))
    )
    ballots = draw(st.lists(st.tuples(st.integers(1, 2**53 - 1), orders), max_size=6))
    titles = [draw(names) for _ in range(options)]
    withdrawn = draw(st.frozensets(st.integers(0, options - 1)))
    notes = tuple(draw(st.lists(names, max_size=2)))
    return RankedFile(draw(names), tuple(titles), tuple(ballots), draw(st.integers(1, options)), withdrawn, notes)


@given(files())
def test_a_blt_goes_round_without_loss(file):
    assert blt.read(blt.write(file)) == file


@given(files(), st.sampled_from(["soi", "toi", None]))
def test_orders_go_round_in_preflib(file, kind):
    if file.voters < 2**53:
        found = preflib.read(preflib.write(file, kind))
        assert found.ballots == file.ballots
        assert found.title == " ".join(file.title.split())


def test_a_complete_kind_with_ties_says_the_same():
    file = preflib.read(PREFLIB.encode())
    text = preflib.write(file, "toc").decode()
    assert "5: 3,{1,2}\n" in text
    with pytest.raises(ValueError, match="not complete"):
        preflib.write(file, "soc")


def test_ballots_of_a_vote_are_written_in_every_format():
    ballots, vote = ranked(SCHULZE), election("schulze", 5)
    found = blt.read(ballot_files.build("blt", vote, ballots))
    assert (found.voters, found.title, found.names[0]) == (45, "A vote", "Option 0")
    assert count(found.ballot_set(), vote).order == tuple("EACBD")
    assert preflib.read(ballot_files.build("toc", vote, ballots)).voters == 45
    lines = ballot_files.build("csv", vote, ballots).decode().splitlines()
    assert lines[:2] == ["count,choices", "5,A|C|B|E|D"]
    assert json.loads(ballot_files.build("json", vote, ballots))["ballots"][0] == {
        "choices": list("ACBED"),
        "count": 5,
    }
    with pytest.raises(NotFound):
        ballot_files.build("exe", vote, ballots)


@pytest.mark.parametrize("kind", ["csv", "json", "blt"])
def test_ballots_are_given_out_after_the_count_and_not_before(app, client, perform, clock, kind, tmp_path):
    start = clock.now()
    process, proposals = voting_process(perform, start)
    people = [actor for _account, actor in residents(perform, 3, now=start)]
    vote = announce(perform, process, proposals, start=start)
    change(perform, vote, operations.open_vote, now=day(start, OPENS_ON))
    first, second, _third = codes(vote)
    for actor, chosen in zip(people, ([first], [first, second], [first]), strict=True):
        cast(perform, vote, actor, chosen, now=day(start, OPENS_ON + 1))
    address, file = f"/api/v1/votes/{vote.public_id}/ballots.{kind}", tmp_path / f"ballots.{kind}"
    export = ["voting", "export-ballots", vote.public_id, str(file)]
    assert client.get(address).status_code == 409
    assert app.test_cli_runner().invoke(args=export).exit_code == 1
    assert not file.exists()
    change(perform, vote, operations.close_vote, now=day(start, CLOSES_ON))
    answer = client.get(address)
    ran = app.test_cli_runner().invoke(args=export)
    if kind == "blt":
        assert (answer.status_code, ran.exit_code) == (404, 1)
        assert "ranked ballots" in answer.text
    else:
        assert answer.data == file.read_bytes()
        assert ran.output.startswith("3 ballots")
    if kind == "csv":
        assert answer.text == f"count,choices\n2,{first}\n1,{first}|{second}\n"


@given(st.data())
def test_broken_files_are_refused_and_never_break_the_reader(data):
    """Anything cut out of a good file, or put into it."""
    for reader, text in ((blt.read, HILL), (preflib.read, PREFLIB)):
        start, end = sorted(data.draw(st.integers(0, len(text))) for _ in range(2))
        put = data.draw(st.text('0123456789-=,:{}()"\\#\n *ب', max_size=8))
        fault = fault_of(reader, text[:start] + put + text[end:])
        assert fault is None or 1 <= fault.line <= text.count("\n") + put.count("\n") + 1


def fault_of(reader: Callable[[bytes], RankedFile], text: str) -> RankedFileError | None:
    try:
        file = reader(text.encode())
    except RankedFileError as refused:
        return refused
    known = set(range(len(file.names)))
    assert all(known.issuperset(ranking) for _, ranking in file.ballots)
    return None
