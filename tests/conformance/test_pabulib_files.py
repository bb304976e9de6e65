"""Real votes of real cities: our tally is theirs, and so is our result by the rule that META names.

The files are not part of the project. They are looked for in ``shared/data/pabulib`` beside it, or under
``UCC_SHARED``. docs/pabulib.md has the list of files with what agrees and what does not.
"""

from __future__ import annotations

import io
import os
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from ucc_participate.voting import pabulib
from ucc_participate.voting.groups import tally_by_group
from ucc_participate.voting.rules import Election, Outcome, count

SHARED = Path(os.environ.get("UCC_SHARED") or Path(__file__).resolve().parents[3] / "shared")
FOLDER = SHARED / "data" / "pabulib"
OF_SETS = frozenset({"approval", "choose-1"})

DIFFERENCES: dict[str, tuple[set[str], set[str]]] = {
    "US_Stanford_Dataset_2021-22_Cal_High_Library_PB_vote_knapsacks": ({"2727"}, set()),
}
"""What only we take, and what only the city took: here the file says neither its rule nor what was taken."""


def vote_type(path: Path) -> str:
    with path.open(encoding="utf-8-sig") as lines:
        return next((line.split(";")[1].strip() for line in lines if line.startswith("vote_type;")), "")


FILES = sorted(FOLDER.glob("*.pb"))
SETS = [path for path in FILES if vote_type(path) in OF_SETS]

pytestmark = pytest.mark.skipif(not FILES, reason=f"no Pabulib files in {FOLDER}; set UCC_SHARED")


@cache
def counted(path: Path) -> tuple[pabulib.PabulibFile, Election, Outcome]:
    file = pabulib.read(path)
    vote = pabulib.election_of(file, vote_ref="vote/x")
    return file, vote, count(file.votes.ballots, vote)


def name(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", FILES, ids=name)
def test_every_vote_is_taken_and_the_numbers_are_those_of_the_city(path: Path) -> None:
    file, _, _ = counted(path)
    assert file.rejected == []
    assert len(file.votes) == int(file.meta["num_votes"])
    assert len(file.projects) == int(file.meta["num_projects"])
    assert {note.column for note in file.notes} - {"age", "vote"} <= ({"rule"} if path.stem in DIFFERENCES else set())


@pytest.mark.parametrize("path", FILES, ids=name)
def test_our_tally_is_the_votes_and_score_columns_of_the_city(path: Path) -> None:
    file, _, outcome = counted(path)
    assert (outcome.named or outcome.counts) == tuple(project.votes for project in file.projects)
    if outcome.named is not None:
        assert outcome.counts == tuple(project.score for project in file.projects)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_our_count_selects_what_the_city_selected_by_the_rule_that_meta_names(path: Path) -> None:
    file, _, outcome = counted(path)
    selected = {project.id for project in file.projects if project.selected == 1}
    differing = (set(outcome.winners) - selected, selected - set(outcome.winners))
    assert differing == DIFFERENCES.get(path.stem, (set(), set()))
    assert bool(pabulib.reasons(file)) == (path.stem in DIFFERENCES)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_the_groups_of_each_dimension_add_up_to_the_ballots_that_name_each_project(path: Path) -> None:
    file, _, outcome = counted(path)
    tables = tally_by_group(file.votes.ballots, len(file.projects))
    named = outcome.named or outcome.counts
    assert [tuple(votes.sum(axis=0).tolist()) for _, votes in tables] == [named] * len(tables)
    assert [int(voters.sum()) for voters, _ in tables] == [len(file.votes)] * len(tables)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_what_was_read_is_written_back_whole_and_reads_the_same(path: Path) -> None:
    file, _, _ = counted(path)
    stream = io.BytesIO()
    pabulib.rewrite(stream, file)
    require_same(pabulib.read(io.BytesIO(stream.getvalue())), file)


def require_same(again: pabulib.PabulibFile, file: pabulib.PabulibFile) -> None:
    """Nothing of the file is lost, whatever line it stood on."""
    assert (again.meta, again.scale, again.budget) == (file.meta, file.scale, file.budget)
    assert (again.ballot_rules, again.shares) == (file.ballot_rules, file.shares)
    assert [replace(project, row=0) for project in again.projects] == [replace(p, row=0) for p in file.projects]
    ours, theirs = again.votes, file.votes
    assert ours.ballots.to_packed() == theirs.ballots.to_packed()
    assert ours.voters == theirs.voters
    assert ours.columns.keys() == theirs.columns.keys()
    for column in ours.columns:
        mine, other = ours.columns[column], theirs.columns[column]
        assert mine.spellings == other.spellings
        assert (mine.numbers == other.numbers).all()
