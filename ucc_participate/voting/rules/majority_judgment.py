"""Majority judgment (Balinski and Laraki, PNAS 2007): the option with the best median grade wins.

The grades of an option, sorted, are read from the middle outwards: the lower median, then the lower median of what is
left when one of those is taken away, and so on. That sequence is compared, grade by grade.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cmp_to_key
from typing import Any

import numpy as np
import numpy.typing as npt
from flask_babel import lazy_gettext as _l

from . import places
from .ballots import BallotSet, totals
from .election import Election, Method, Option, Outcome, Rules, RulesError
from .envelopes import Case, Round, Taken, count_rounds

MOST_GRADES = 101
"""No scale has more: the result publishes how often each option got each grade."""

Table = npt.NDArray[Any]
"""Of one option: how many grades there are up to this one, from the lowest; as many in all for each option."""


def validate(rules: Rules, options: tuple[Option, ...]) -> None:
    """A number of winners, no money, and a scale of not too many grades."""
    places.validate(rules, options)
    if rules["max_points"] is not None and rules["max_points"] - rules["min_points"] >= MOST_GRADES:
        raise RulesError("max_points", _l("From the lowest to the highest there can be 101 grades at most."))


def count(ballots: BallotSet, election: Election) -> Outcome:
    """Rank by median grades, take the first ``winners``."""
    return count_rounds(ballots, election, _take, _rank, _describe)


def _take(case: Case, this: Round) -> Taken:
    return places.take_first(case, this, _rank(case))


def _rank(case: Case) -> list[int]:
    tables = [np.cumsum(row) for row in np.array(grades(case), dtype=object)]

    def best_first(one: int, other: int) -> int:
        return compare(tables[other], tables[one])

    return sorted(places.in_tie_order(case, range(len(tables))), key=cmp_to_key(best_first))


def _describe(case: Case) -> Mapping[str, Any]:
    table, least = grades(case), case.election.rules["min_points"]
    return {"medians": [least + median(row) for row in table], "grades": table}


def grades(case: Case) -> list[list[int]]:
    """How many ballots that are not blank give each grade to each option; an option not named gets the lowest."""
    rules, options, ballots = case.election.rules, len(case.ids), case.ballots
    scale = rules["max_points"] - rules["min_points"] + 1
    points = np.zeros(0, dtype=np.int64) if ballots.points is None else ballots.points.astype(np.int64)
    weights = None if ballots.weights is None else np.repeat(ballots.weights, ballots.lengths)
    cells = ballots.choices.astype(np.int64) * scale + points - rules["min_points"]
    found = totals(cells, options * scale, weights)
    table = [found[at : at + scale] for at in range(0, options * scale, scale)]
    filled = sum(ballots.own_weights[ballots.lengths > 0].tolist())
    return [[row[0] + filled - sum(row), *row[1:]] for row in table]


def median(row: list[int]) -> int:
    """The place of the lower median among the grades of one option; the lowest where there are none."""
    middle, seen = (sum(row) + 1) // 2, 0
    for place, number in enumerate(row):
        seen += number
        if seen >= middle:
            return place
    return 0


def compare(one: Table, other: Table) -> int:
    """Above 0 when the first option is better, below when the second is, 0 when they have the same grades.

    Medians are taken away alternately below and above the first one, so the two halves are compared from the middle
    outwards, and the difference that comes first decides; at the same distance the one below.
    """
    total = int(one[-1])
    low, high = (total + 1) // 2, total // 2 + 1
    below, above = _difference(one, other, low, down=True), _difference(one, other, high, down=False)
    found = [part for part in (below, above) if part is not None]
    return min(found, key=lambda part: part[0])[1] if found else 0


def _difference(one: Table, other: Table, start: int, *, down: bool) -> tuple[int, int] | None:
    """How far from ``start`` (a place among the sorted grades, from 1) the grades of the two first differ, and
    whether the first option's is higher (1) or lower (-1)."""
    ends = {start, *(int(end) + (0 if down else 1) for end in (*one, *other))}
    total = int(one[-1])
    inside = sorted((at for at in ends if (1 <= at <= start if down else start <= at <= total)), reverse=down)
    for at in inside:
        mine, theirs = (int(np.searchsorted(table, at, side="left")) for table in (one, other))
        if mine != theirs:
            return abs(at - start), 1 if mine > theirs else -1
    return None


METHOD = Method("majority_judgment", validate, count, frozenset({"score"}))
