"""What a table of answers says: the groups of people who answer alike, and what all groups and sectors accept.

The method is the one that Pol.is published: C. Small, M. Bjorkegren, T. Erkkilä, L. Shaw, C. Megill, "Polis: Scaling
deliberation by mapping high dimensional opinion spaces", Recerca 26 (2), 2021, and its program (pca.clj, clusters.clj,
repness.clj). In short:

1. Who answered at least ``LEAST_ANSWERS`` statements (all of them, where there are fewer) gets a place on the map. What
   they did not answer is taken as the mean of the statement's answers (agree 1, disagree -1, pass 0).
2. The two principal components of that table; a place is drawn out by sqrt(statements / own answers), because somebody
   who answered little would otherwise stand near the middle only for that.
3. k-means on the places for K = 2 … 5; the K with the best silhouette. A K with a group under the floor is no choice.
4. Of each group the statements that set it apart: two-proportion z-tests with one pseudo-answer each, as Pol.is has it.
5. Group-informed consensus: the product over the groups of (agree + 1) / (seen + 2). The same over sectors. Statements
   that every group and every sector accepts come first.

Everything is pure and repeatable: rows are sorted before anything is counted, the seed is fixed, one thread works.
Differences from Pol.is: its clusters are found on 100 "base clusters" that grow as people answer, ours on the people;
its seeds are earlier results. The import of scikit-learn waits until something is analysed: the start of the
application does not pay for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from .floors import FLOOR, percent, shown

METHOD: Final = "ucc-opinion-map/1"
AGREE, DISAGREE, PASS, UNSEEN = 1, -1, 0, 2
LEAST_ANSWERS: Final = 7
MOST_GROUPS: Final = 5
LARGEST_SILHOUETTE: Final = 2_000
"""The silhouette is taken of a seeded sample of so many people: it needs all distances."""
RESTARTS: Final = 20
ACCEPTED: Final = 6
"""A group accepts a statement when at least so many of ten agree, of at least FLOOR people who saw it."""
TYPICAL: Final = 3
Z_90: Final = 1.2816
NAMES: Final = "ABCDE"

Answers = npt.NDArray[np.int8]
Places = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
Counts = npt.NDArray[np.int64]
"""(groups, statements, 3): who agreed, who disagreed, who saw the statement."""


@dataclass(frozen=True, slots=True)
class Table:
    """The answers of a map without anybody's name: rows are people, columns statements. Rows are sorted.

    ``answers``: AGREE, DISAGREE, PASS or UNSEEN. ``sides``: of each row its place in ``sectors``.
    """

    answers: Answers
    sides: Labels
    sectors: tuple[str, ...]

    @classmethod
    def of(cls, answers: Answers, sides: Sequence[int], sectors: Sequence[str]) -> Table:
        """Rows in an order that says nothing of who answered when; people who answered nothing are left out."""
        places = np.asarray(sides, dtype=np.int64)
        took_part = (answers != UNSEEN).any(axis=1) if answers.size else np.zeros(len(answers), dtype=bool)
        kept, places = answers[took_part], places[took_part]
        keys = np.column_stack([places.astype(np.int8), kept])
        order = np.lexsort(keys.T[::-1]) if len(keys) else np.zeros(0, dtype=np.int64)
        return cls(np.ascontiguousarray(kept[order]), places[order], tuple(sectors))

    @property
    def people(self) -> int:
        return len(self.answers)

    @property
    def statements(self) -> int:
        return int(self.answers.shape[1])

    @property
    def sha256(self) -> str:
        """Of one line a person, sorted: sector, then + - 0 . for each statement by number."""
        letters = np.array([b"0", b"+", b".", b"-"], dtype="S1")[self.answers.astype(np.int64) % 4]
        rows = (
            self.sectors[side].encode() + b"," + row.tobytes() for side, row in zip(self.sides, letters, strict=True)
        )
        return hashlib.sha256(b"\n".join(sorted(rows))).hexdigest()


@dataclass(frozen=True, slots=True)
class Grouping:
    """People with a place on the map: their rows, places and group (0 is the largest); ``silhouette`` of the choice."""

    rows: Labels
    places: Places
    labels: Labels
    silhouette: float

    @property
    def number(self) -> int:
        return int(self.labels.max()) + 1 if len(self.labels) and self.labels.max() >= 0 else 0


@dataclass(frozen=True, slots=True)
class Typical:
    """A statement that sets a group apart; ``agrees`` says on which side the group stands."""

    column: int
    agrees: bool


def analyse(table: Table, *, seed: int) -> dict[str, Any]:
    """The public result: whole numbers and words only, nothing about fewer than FLOOR people. JSON.

    Statements are named by their column. ``{"people": None}`` alone when fewer than FLOOR people answered.
    """
    from . import picture

    if table.people < FLOOR:
        return {"method": METHOD, "people": None}
    grouping = group(table, seed=seed)
    by_group = tally(table, _membership(table, grouping), max(grouping.number, 0))
    by_sector = tally(table, table.sides, len(table.sectors))
    return {
        "method": METHOD,
        "seed": seed,
        "sha256": table.sha256,
        "people": table.people,
        "answers": int((table.answers != UNSEEN).sum()),
        "least_answers": least_answers(table.statements),
        "silhouette": round(1000 * grouping.silhouette),
        "groups": _groups(table, grouping, by_group),
        "sectors": shown({name: int((table.sides == at).sum()) for at, name in enumerate(table.sectors)}),
        "statements": _statements(table, grouping, by_group, by_sector),
        "map": picture.draw(grouping.places, grouping.labels) if grouping.number else None,
    }


def least_answers(statements: int) -> int:
    return min(LEAST_ANSWERS, statements)


def group(table: Table, *, seed: int) -> Grouping:
    """Places and groups. No groups where people are too few or all answer alike."""
    seen = table.answers != UNSEEN
    rows = np.flatnonzero(seen.sum(axis=1) >= max(1, least_answers(table.statements)))
    places = _places(table.answers[rows], seen[rows])
    labels, quality = _clusters(places, seed)
    return Grouping(rows, places, labels, quality)


def _places(answers: Answers, seen: npt.NDArray[np.bool_]) -> Places:
    """Two coordinates for each person."""
    if len(answers) < 2 * FLOOR:
        return np.zeros((len(answers), 2))
    filled = filled_with_means(answers, seen)
    if min(filled.shape) < 2 or not np.ptp(filled, axis=0).any():
        return np.zeros((len(answers), 2))
    from sklearn.decomposition import PCA
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        flat = PCA(n_components=2, svd_solver="covariance_eigh").fit_transform(filled)
    scale = np.sqrt(answers.shape[1] / seen.sum(axis=1))
    return np.asarray(flat * scale[:, np.newaxis], dtype=np.float64)


def filled_with_means(answers: Answers, seen: npt.NDArray[np.bool_]) -> Places:
    """The table as numbers; what somebody did not answer is the mean of what the others here did."""
    values = np.where(seen, answers, 0).astype(np.float64)
    means = values.sum(axis=0) / np.maximum(seen.sum(axis=0), 1)
    return np.where(seen, values, means)


def _clusters(places: Places, seed: int) -> tuple[Labels, float]:
    """Labels of the best K with its silhouette; -1 for everybody where no K will do."""
    best: tuple[Labels, float] = (np.full(len(places), -1, dtype=np.int64), 0.0)
    different = len(np.unique(places.round(9), axis=0))
    for number in range(2, min(MOST_GROUPS, len(places) // FLOOR, different) + 1):
        labels = _k_means(places, number, seed)
        if np.bincount(labels, minlength=number).min() < FLOOR:
            continue
        quality = _silhouette(places, labels, seed)
        if quality > best[1]:
            best = labels, quality
    return _largest_first(places, best[0]), best[1]


def _k_means(places: Places, number: int, seed: int) -> Labels:
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        found = KMeans(n_clusters=number, n_init=RESTARTS, tol=0, random_state=seed).fit(places)
    return np.asarray(found.labels_, dtype=np.int64)


def _silhouette(places: Places, labels: Labels, seed: int) -> float:
    from sklearn.metrics import silhouette_score

    sample = LARGEST_SILHOUETTE if len(places) > LARGEST_SILHOUETTE else None
    return float(silhouette_score(places, labels, sample_size=sample, random_state=seed))


def _largest_first(places: Places, labels: Labels) -> Labels:
    """The same groups, numbered by size, then from the start of the map."""
    if not len(labels) or labels.max() < 0:
        return labels
    sizes = np.bincount(labels)
    centres = [float(places[labels == at, 0].mean()) for at in range(len(sizes))]
    order = sorted(range(len(sizes)), key=lambda at: (-sizes[at], centres[at]))
    renamed = np.empty(len(sizes), dtype=np.int64)
    renamed[order] = np.arange(len(sizes))
    return renamed[labels]


def _membership(table: Table, grouping: Grouping) -> Labels:
    """Of every row its group, -1 for those without a place on the map."""
    of_row = np.full(table.people, -1, dtype=np.int64)
    of_row[grouping.rows] = grouping.labels
    return of_row


def tally(table: Table, membership: Labels, number: int) -> Counts:
    """(groups, statements, 3): who agreed, who disagreed, who saw it."""
    counts = np.zeros((number, table.statements, 3), dtype=np.int64)
    for at in range(number):
        rows = table.answers[membership == at]
        counts[at] = np.stack([(rows == AGREE).sum(0), (rows == DISAGREE).sum(0), (rows != UNSEEN).sum(0)], axis=1)
    return counts


def typical_of(counts: Counts, at: int) -> list[Typical]:
    """The statements that set a group apart from the other ones, the clearest first (Pol.is, repness.clj).

    Only such as at least FLOOR people of the group and of the others saw, and on which the group itself leans that way.
    """
    inside, outside = counts[at], counts.sum(axis=0) - counts[at]
    enough = (inside[:, 2] >= FLOOR) & (outside[:, 2] >= FLOOR)
    found: list[tuple[float, int, bool]] = []
    for side, agrees in ((0, True), (1, False)):
        leaning = proportion_test(inside[:, side], inside[:, 2])
        apart = two_proportions_test(inside[:, side], outside[:, side], inside[:, 2], outside[:, 2])
        ratio = _estimate(inside[:, side], inside[:, 2]) / _estimate(outside[:, side], outside[:, 2])
        metric = ratio * apart * _estimate(inside[:, side], inside[:, 2]) * leaning
        passes = enough & (leaning > Z_90) & (apart > Z_90)
        found += [(float(metric[column]), int(column), agrees) for column in np.flatnonzero(passes)]
    best = sorted(found, key=lambda each: (-each[0], each[1]))
    return [Typical(column, agrees) for _metric, column, agrees in best[:TYPICAL]]


def _estimate(part: Any, whole: Any) -> Any:
    return (part + 1) / (whole + 2)


def proportion_test(part: Any, whole: Any) -> Any:
    """z of "more than half", with one pseudo-answer (Pol.is, stats.clj prop-test)."""
    return 2 * np.sqrt(whole + 1) * ((part + 1) / (whole + 1) - 0.5)


def two_proportions_test(part: Any, other_part: Any, whole: Any, other_whole: Any) -> Any:
    """z of "more than among the others", with one pseudo-answer each (Pol.is, stats.clj two-prop-test)."""
    one, other, of, of_other = part + 1, other_part + 1, whole + 1, other_whole + 1
    both = (one + other) / (of + of_other)
    spread = np.sqrt(np.maximum(both * (1 - both), 0) * (1 / of + 1 / of_other))
    return np.where(spread > 0, (one / of - other / of_other) / np.where(spread > 0, spread, 1), 0.0)


def _groups(table: Table, grouping: Grouping, counts: Counts) -> list[dict[str, Any]]:
    sizes = {NAMES[at]: int((grouping.labels == at).sum()) for at in range(grouping.number)}
    people = shown({**sizes, "": table.people - sum(sizes.values())})
    return [
        {
            "name": name,
            "people": people[name],
            "typical": [{"column": each.column, "agrees": each.agrees} for each in typical_of(counts, at)],
        }
        for at, name in enumerate(sizes)
    ]


def _statements(table: Table, grouping: Grouping, by_group: Counts, by_sector: Counts) -> list[dict[str, Any]]:
    names = list(NAMES[: grouping.number])
    whole = tally(table, np.zeros(table.people, dtype=np.int64), 1)[0]
    return [
        _statement(
            column, whole[column], _open(names, by_group, whole, column), _open(table.sectors, by_sector, whole, column)
        )
        for column in range(table.statements)
    ]


Open = dict[str, tuple[int, int, int] | None]
"""By name: who agreed, who disagreed, who saw it; None where that may not be told. Nobody there at all: left out."""


def _open(names: Sequence[str], counts: Counts, whole: npt.NDArray[np.int64], column: int) -> Open:
    cells = {name: int(counts[at, column, 2]) for at, name in enumerate(names)}
    rest = int(whole[column, 2]) - sum(cells.values())
    told = shown({**cells, "": rest})
    return {
        name: None if told[name] is None else (int(counts[at, column, 0]), int(counts[at, column, 1]), cells[name])
        for at, name in enumerate(names)
    }


def _statement(column: int, whole: npt.NDArray[np.int64], groups: Open, sectors: Open) -> dict[str, Any]:
    agrees, disagrees, seen = (int(number) for number in whole)
    sides = [cell for name, cell in sectors.items()]
    units = [*groups.values(), *sides]
    is_told = seen >= FLOOR
    return {
        "column": column,
        "agrees": agrees if is_told else None,
        "disagrees": disagrees if is_told else None,
        "passes": seen - agrees - disagrees if is_told else None,
        "consensus": round(1000 * consensus(list(groups.values()))) if groups else None,
        "sector_consensus": round(1000 * consensus([cell for cell in sides if cell is None or cell[2]])),
        "is_accepted": is_told and _is_accepted(agrees, seen) and is_accepted_by(units),
        "spread": round(1000 * spread(groups)),
        "groups": {name: _shares(cell) for name, cell in groups.items()},
        "sectors": {name: _shares(cell) for name, cell in sectors.items()},
    }


def consensus(cells: Sequence[tuple[int, int, int] | None]) -> float:
    """Group-informed consensus: product of (agree + 1) / (seen + 2); one half for what may not be told."""
    product = 1.0
    for cell in cells:
        product *= _estimate(cell[0], cell[2]) if cell is not None else 0.5
    return product


def is_accepted_by(cells: Sequence[tuple[int, int, int] | None]) -> bool:
    """Whether all of those accept it of which something may be told."""
    known = [cell for cell in cells if cell is not None and cell[2] >= FLOOR]
    return bool(known) and all(_is_accepted(cell[0], cell[2]) for cell in known)


def _is_accepted(agrees: int, seen: int) -> bool:
    return 10 * agrees >= ACCEPTED * seen


def spread(groups: Open) -> float:
    """How far the groups are apart: largest less smallest share of agreement among those that may be told."""
    shares = [_estimate(cell[0], cell[2]) for cell in groups.values() if cell is not None and cell[2] >= FLOOR]
    return float(max(shares) - min(shares)) if len(shares) > 1 else 0.0


def _shares(cell: tuple[int, int, int] | None) -> list[int] | None:
    """Per cent who agree and who disagree; None where that may not be told or nobody saw it."""
    if cell is None or cell[2] < FLOOR:
        return None
    return [percent(cell[0], cell[2]), percent(cell[1], cell[2])]
