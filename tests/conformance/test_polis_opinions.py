"""The vTaiwan conversation about UberX (Pol.is open data): groups and consensus against an independent computation.

The folder is not part of the project. It is looked for in ``shared/data/polis`` beside it, or under ``UCC_SHARED``.
The independent computation here shares no line with the product: it reads the matrix that Pol.is exported
(participants-votes.csv, not votes.csv), decomposes it by numpy's SVD, and moves its own centres (Lloyd), many starts.
The third witness is the group that Pol.is itself gave to each participant, ``group-id``.
"""

from __future__ import annotations

import csv
import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from tests.conformance.test_pabulib_files import SHARED
from ucc_participate.kernel.db import db
from ucc_participate.kernel.identity import system_actor
from ucc_participate.opinions import analysis, importing, queries
from ucc_participate.opinions.models import OpinionMap

FOLDER = SHARED / "data" / "polis" / "vtaiwan.uberx"
UNSEEN = 2
NOBODY = -1

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no Pol.is export at {FOLDER}; set UCC_SHARED")

Matrix = npt.NDArray[Any]


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def exported(*, without_hidden: bool) -> tuple[Matrix, Matrix, list[int]]:
    """Pol.is's own matrix, the group that it gave to each participant, and the numbers of the statements."""
    people = rows("participants-votes.csv")
    hidden = (
        {row["comment-id"] for row in rows("comments.csv") if row["moderated"] == "-1"} if without_hidden else set()
    )
    ids = sorted((name for name in people[0] if name.isdigit() and name not in hidden), key=int)
    matrix = np.array([[int(row[at]) if row[at] else UNSEEN for at in ids] for row in people])
    groups = np.array([int(row["group-id"]) if row["group-id"] else NOBODY for row in people])
    return matrix, groups, [int(at) + 1 for at in ids]


def by_hand(matrix: Matrix) -> tuple[Matrix, Matrix]:
    """Rows with at least seven answers, and their two groups: means, SVD, stretching, Lloyd from fifty starts."""
    seen = matrix != UNSEEN
    kept = np.flatnonzero(seen.sum(1) >= 7)
    values, there = np.where(seen, matrix, 0)[kept].astype(float), seen[kept]
    means = np.array([values[there[:, at], at].mean() if there[:, at].any() else 0.0 for at in range(matrix.shape[1])])
    filled = np.where(there, values, means)
    centred = filled - filled.mean(0)
    axes = np.linalg.svd(centred, full_matrices=False)[2][:2]
    places = centred @ axes.T * np.sqrt(matrix.shape[1] / there.sum(1))[:, None]
    return kept, best_of_many_starts(places)


def best_of_many_starts(places: Matrix) -> Matrix:
    dice, best = np.random.default_rng(0), (np.inf, np.zeros(len(places), dtype=int))
    for _start in range(50):
        centres = places[dice.choice(len(places), 2, replace=False)]
        for _step in range(300):
            far = ((places[:, None] - centres) ** 2).sum(2)
            labels = far.argmin(1)
            moved = np.array([places[labels == at].mean(0) for at in range(2)])
            if np.array_equal(moved, centres):
                break
            centres = moved
        cost = far.min(1).sum()
        best = min(best, (cost, labels), key=lambda pair: pair[0])
    return best[1]


def agreement(one: Matrix, other: Matrix) -> float:
    """The adjusted Rand index (Hubert and Arabie 1985) from its definition."""
    table = np.array([[((one == a) & (other == b)).sum() for b in np.unique(other)] for a in np.unique(one)])

    def pairs(counts: Matrix) -> float:
        return float((counts * (counts - 1) / 2).sum())

    together, left, right = pairs(table), pairs(table.sum(1)), pairs(table.sum(0))
    expected = left * right / pairs(np.array([table.sum()]))
    return (together - expected) / ((left + right) / 2 - expected)


@pytest.fixture(scope="module")
def ours() -> tuple[analysis.Table, analysis.Grouping]:
    matrix, _groups, _numbers = exported(without_hidden=True)
    table = analysis.Table.of(matrix.astype(np.int8), [0] * len(matrix), ["resident"])
    return table, analysis.group(table, seed=importing.SEED)


def as_sets(matrix: Matrix, labels: Matrix) -> list[list[bytes]]:
    """Each group as the sorted answers of its people: rows have no names."""
    rows_of = [row.astype(np.int8).tobytes() for row in matrix]
    return sorted(sorted(row for row, of in zip(rows_of, labels, strict=True) if of == at) for at in np.unique(labels))


def test_two_groups_are_chosen_as_pol_is_did(ours) -> None:
    _table, grouping = ours
    assert grouping.number == 2
    assert len(grouping.rows) == 1218


def test_groups_are_those_of_the_independent_computation(ours) -> None:
    table, grouping = ours
    matrix, _groups, _numbers = exported(without_hidden=True)
    kept, labels = by_hand(matrix)
    assert as_sets(table.answers[grouping.rows], grouping.labels) == as_sets(matrix[kept], labels)


def test_consensus_statements_are_those_of_the_independent_computation(ours) -> None:
    table, _grouping = ours
    matrix, _groups, _numbers = exported(without_hidden=True)
    kept, labels = by_hand(matrix)
    product = np.ones(matrix.shape[1])
    seen_enough = np.ones(matrix.shape[1], dtype=bool)
    for at in range(2):
        mine = matrix[kept[labels == at]]
        product *= ((mine == 1).sum(0) + 1) / ((mine != UNSEEN).sum(0) + 2)
        seen_enough &= (mine != UNSEEN).sum(0) >= 5
    found = analysis.analyse(table, seed=importing.SEED)["statements"]
    by_us = {row["column"]: row["consensus"] for row in found}
    # Where the rest, people without a place, is one to four, the smaller group's share is not told nor used.
    told = [at for at in np.flatnonzero(seen_enough) if all(cell is not None for cell in found[at]["groups"].values())]
    assert len(told) > 90
    assert [by_us[at] for at in told] == [round(1000 * product[at]) for at in told]
    best = sorted(told, key=lambda at: -product[at])[:10]
    assert sorted(told, key=lambda at: -by_us[at])[:10] == best


@pytest.mark.parametrize(("without_hidden", "least"), [(True, 0.74), (False, 0.74)])
def test_pol_is_itself_put_most_of_the_same_people_together(without_hidden: bool, least: float) -> None:
    """0.75: 93 of 100 people stand in the same group. Not 1, because Pol.is found its axes while people voted,
    ten steps of power iteration at a time, and its groups from 100 base clusters, each starting from the last."""
    matrix, theirs, _numbers = exported(without_hidden=without_hidden)
    kept, labels = by_hand(matrix)
    known = theirs[kept] != NOBODY
    assert agreement(labels[known], theirs[kept][known]) > least


def test_the_whole_export_goes_through_the_product(app, tmp_path) -> None:
    """All 49,997 lines of votes.csv: 49,443 answers remain where people changed their mind, as in Pol.is's matrix."""
    done = app.test_cli_runner().invoke(args=["opinions", "import-polis", str(FOLDER), "--language", "zh"])
    assert done.exit_code == 0, done.output
    first, _people, process, made = done.output.splitlines()[-4:]
    assert first.startswith("197 statements, 49997 votes; ")
    process_id, map_id = process.split()[1], made.split()[1]
    matrix, _groups, numbers = exported(without_hidden=True)
    with app.app_context():
        found = queries.get_map(db.session(), process_id, map_id, actor=system_actor("test"))
        table, columns = queries.table_of_answers(db.session(), found)
        ours = analysis.Table.of(matrix.astype(np.int8), [0] * len(matrix), queries.SIDES)
        assert (columns, table.sha256) == (numbers, ours.sha256)
        assert (found.result or {})["sha256"] == table.sha256
        assert all_answers(found) == 49_443
        accepted = [row["number"] for row in (found.result or {})["statements"] if row["is_accepted"]]
    page = app.test_client().get(f"/p/{process_id}/opinions/{map_id}/results")
    assert page.status_code == 200
    assert accepted
    assert page.text.index("What almost everybody accepts") < page.text.index("What divides")
    assert len(re.findall(r'class="outline outline-', page.text)) == 2
    table_rows = app.test_client().get(f"/p/{process_id}/opinions/{map_id}/results.csv").text.splitlines()
    assert len(table_rows) == 1 + len(numbers)


def all_answers(found: OpinionMap) -> int:
    return sum(number for _at, number in queries.answers_counted(db.session(), found))
