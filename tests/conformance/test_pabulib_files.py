"""Real votes of real cities: our tally is theirs, and where a city's rule is plain greedy, so is our result.

The files are not part of the project. They are looked for in ``shared/data/pabulib`` beside it, or under
``UCC_SHARED``. docs/pabulib.md has the list of files with what agrees and what does not.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from ucc_participate.voting import pabulib
from ucc_participate.voting.groups import tally_by_group
from ucc_participate.voting.rules import Election, Outcome, count

SHARED = Path(os.environ.get("UCC_SHARED") or Path(__file__).resolve().parents[3] / "shared")
FOLDER = SHARED / "data" / "pabulib"
COUNTED = frozenset({"approval", "choose-1"})

DIFFERENCES = {
    "Poland_Wieliczka_2023_Green_Budget": (
        {"8", "16", "21", "87"},
        {"7", "9", "26", "36", "46", "56", "61", "62", "69", "71", "88"},
    ),
    "US_Stanford_Dataset_2021-22_Cal_High_Library_PB_vote_knapsacks": ({"2727"}, set()),
}
"""Where greedy is not the city’s rule: what only our greedy count takes, and what only the city took."""


def vote_type(path: Path) -> str:
    with path.open(encoding="utf-8-sig") as lines:
        return next((line.split(";")[1].strip() for line in lines if line.startswith("vote_type;")), "")


FILES = sorted(FOLDER.glob("*.pb"))
ELECTIONS = [path for path in FILES if vote_type(path) in COUNTED]
OTHERS = [path for path in FILES if path not in ELECTIONS]

pytestmark = pytest.mark.skipif(not FILES, reason=f"no Pabulib files in {FOLDER}; set UCC_SHARED")


@cache
def counted(path: Path) -> tuple[pabulib.PabulibFile, Election, Outcome]:
    file = pabulib.read(path)
    vote = pabulib.election_of(file, vote_ref="vote/x")
    return file, vote, count(file.votes.ballots, vote)


def name(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", ELECTIONS, ids=name)
def test_every_vote_is_taken_and_the_numbers_are_those_of_the_city(path: Path) -> None:
    file, _, _ = counted(path)
    assert file.rejected == []
    assert len(file.votes) == int(file.meta["num_votes"])
    assert len(file.projects) == int(file.meta["num_projects"])
    assert {note.column for note in file.notes} - {"age", "vote"} <= {"rule"}


@pytest.mark.parametrize("path", ELECTIONS, ids=name)
def test_our_tally_is_the_votes_column_of_the_city(path: Path) -> None:
    file, _, outcome = counted(path)
    assert outcome.counts == tuple(project.votes for project in file.projects)


@pytest.mark.parametrize("path", ELECTIONS, ids=name)
def test_our_greedy_count_selects_what_the_city_selected_where_its_rule_is_plain_greedy(path: Path) -> None:
    file, _, outcome = counted(path)
    selected = {project.id for project in file.projects if project.selected == 1}
    if file.meta["rule"] in pabulib.PLAIN_GREEDY:
        assert set(outcome.winners) == selected
    only_ours, only_theirs = DIFFERENCES.get(path.stem, (set(), set()))
    assert (set(outcome.winners) - selected, selected - set(outcome.winners)) == (only_ours, only_theirs)


@pytest.mark.parametrize("path", ELECTIONS, ids=name)
def test_the_groups_of_each_dimension_add_up_to_the_tally(path: Path) -> None:
    file, _, outcome = counted(path)
    tables = tally_by_group(file.votes.ballots, len(file.projects))
    assert [tuple(votes.sum(axis=0).tolist()) for _, votes in tables] == [outcome.counts] * len(tables)
    assert [int(voters.sum()) for voters, _ in tables] == [len(file.votes)] * len(tables)


@pytest.mark.parametrize("path", OTHERS, ids=name)
def test_a_vote_of_another_type_is_refused_with_a_sentence(path: Path) -> None:
    with pytest.raises(pabulib.PabulibError, match=vote_type(path)) as caught:
        pabulib.read(path)
    assert caught.value.column == "vote_type"
