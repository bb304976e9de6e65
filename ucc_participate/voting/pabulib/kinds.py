"""Which kind of ballot of ours the votes of a file are, once all of them are read.

A city's limits are taken into the rules where every vote keeps them; where the city counted votes that do not, so do
we, as a kind without that limit, and checks.py says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ..rules.ballots import BallotKind, BallotSet, Numbers
from ..rules.values import by_ballot, ranks
from .files import Project

VOTE_TYPES = ("approval", "choose-1", "ordinal", "cumulative", "scoring", "knapsack")
POINTED = ("cumulative", "scoring")


def settled(
    meta: Mapping[str, str],
    ballots: BallotSet,
    projects: Sequence[Project],
    purse: int | None,
    budget: int,
    *,
    is_ranking: bool = False,
) -> tuple[BallotSet, dict[str, Any]]:
    """The ballots, and the members of the rules object that say what a ballot is.

    ``purse``: what the projects of one vote may cost together, in minor units. ``is_ranking``: rankings are rankings,
    whatever points for them the file has beside.
    """
    kind = meta["vote_type"]
    least, most = max(1, _number(meta, "min_length") or 1), _number(meta, "max_length")
    limits: dict[str, Any] = {"min_choices": least, "max_choices": most}
    if kind == "choose-1":
        return ballots, {"ballot": "choose", "min_choices": 1, "max_choices": 1}
    if kind in ("approval", "knapsack"):
        keeps = purse == budget and bool((spent(ballots, projects) <= budget).all())
        return ballots, {"ballot": "knapsack" if keeps else "approval", **limits}
    if kind == "ordinal":
        if is_ranking and ballots.points is None:
            return ballots, {"ballot": "ranked", **limits}
        return _ranked(ballots, projects, limits)
    if ballots.points is None:
        return _with_points(ballots, by_length(ballots), meta, limits)
    return _with_points(ballots, ballots.points.astype(np.int64), meta, limits)


def spent(ballots: BallotSet, projects: Sequence[Project]) -> npt.NDArray[Any]:
    """What the projects of each ballot cost together, in minor units."""
    costs = [project.cost for project in projects]
    prices = np.array(costs, dtype=np.int64 if sum(costs) < 1 << 62 else object)
    return by_ballot(ballots, prices[ballots.choices])


def by_length(ballots: BallotSet) -> Numbers:
    """Points as Pabulib counts rankings without points: the last project of a vote 1, the one before it 2, …"""
    return np.repeat(ballots.lengths, ballots.lengths) - ranks(ballots)


def sums(ballots: BallotSet, points: Numbers, options: int) -> list[int]:
    """The points of each option."""
    found = np.zeros(options, dtype=np.int64)
    np.add.at(found, ballots.choices, points)
    return [int(each) for each in found]


def _ranked(
    ballots: BallotSet, projects: Sequence[Project], limits: dict[str, Any]
) -> tuple[BallotSet, dict[str, Any]]:
    """Rankings, with the points for ranks that give the city's scores; votes with points where no such list does."""
    if ballots.points is not None and ballots.points.any():
        worth = _points_of_ranks(ballots)
        if worth is None:
            return _with_points(ballots, ballots.points.astype(np.int64), {}, limits)
        longest = limits["max_choices"] or len(worth)
        own = {} if worth == list(range(longest, longest - len(worth), -1)) else {"rank_points": worth}
        return replace(ballots, points=None), {"ballot": "ranked", **limits, "max_choices": longest, **own}
    plain, longest = replace(ballots, points=None), int(ballots.lengths.max())
    most = limits["max_choices"] or longest
    scores = [project.score for project in projects]
    for first in dict.fromkeys((most, longest)):
        if sums(plain, first - ranks(plain), len(projects)) == scores:
            own = {} if first == most else {"rank_points": list(range(first, 0, -1))}
            return plain, {"ballot": "ranked", **limits, "max_choices": most, **own}
    lengths = by_length(plain)
    if sums(plain, lengths, len(projects)) == scores:
        return _with_points(plain, lengths, {}, limits)
    return plain, {"ballot": "ranked", **limits, "max_choices": most}


def _points_of_ranks(ballots: BallotSet) -> list[int] | None:
    """The points that each rank has on all ballots, falling; None where a rank has others on another ballot."""
    points, places = np.asarray(ballots.points, dtype=np.int64), ranks(ballots)
    worth = np.zeros(int(ballots.lengths.max()), dtype=np.int64)
    worth[places] = points
    falls = bool((worth[1:] <= worth[:-1]).all()) and worth[0] > 0
    return worth.tolist() if falls and (worth[places] == points).all() else None


def _with_points(
    ballots: BallotSet, points: Numbers, meta: Mapping[str, str], limits: dict[str, Any]
) -> tuple[BallotSet, dict[str, Any]]:
    """Votes with points: cumulative ones where all of them are, else scores."""
    given = _in_ballot_order(ballots, points)
    together = by_ballot(given, np.asarray(given.points, dtype=np.int64))
    most, highest = _number(meta, "max_points"), int(points.max())
    purse = _number(meta, "max_sum_points") or int(together.max())
    is_cumulative = meta.get("vote_type") == "cumulative" and int(points.min()) > 0
    if is_cumulative and int(together.max()) <= purse and limits["min_choices"] <= purse <= 65_535:
        cap = {"max_points": most} if most is not None and most <= purse else {}
        return given, {"ballot": BallotKind.CUMULATIVE.value, **limits, "sum_points": purse, **cap}
    floor = _number(meta, "min_points") or 0
    scores = {"min_points": floor, "max_points": max(most or highest, floor + 1)}
    return given, {"ballot": BallotKind.SCORE.value, **limits, **scores}


def _in_ballot_order(ballots: BallotSet, points: Numbers) -> BallotSet:
    owner = np.repeat(np.arange(len(ballots), dtype=np.int64) << 16, ballots.lengths)
    order = np.argsort(owner + ballots.choices, kind="stable")
    return replace(ballots, choices=ballots.choices[order], points=points[order].astype(np.uint16))


def _number(meta: Mapping[str, str], key: str) -> int | None:
    return int(meta[key]) if meta.get(key) else None
