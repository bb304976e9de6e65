"""The ballots of a closed vote as open data: no commitments, nothing about voters, in an order that says nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from flask_babel import lazy_gettext as _l

from ..audit import canonical
from ..kernel.errors import NotFound
from .ranked_files import RankedFile, blt, preflib
from .rules import BallotKind, BallotSet, Election

MEDIA = {"csv": "text/csv", "json": "application/json"}
RANKED_ONLY = _l("Only a vote with ranked ballots can be had in this format.")


def build(kind: str, election: Election, ballots: BallotSet) -> bytes:
    """The file of this kind (a key of WRITERS); NotFound where there is none of this vote.

    Equal ballots are put together, so that their order follows from what they say alone.
    """
    is_ranked = BallotKind(election.rules["ballot"]).is_ranked
    if kind not in WRITERS:
        raise NotFound
    if kind not in MEDIA and not is_ranked:
        raise NotFound(RANKED_ONLY)
    return WRITERS[kind](election, ballots.grouped())


def _rows(election: Election, ballots: BallotSet) -> list[tuple[int, list[str], list[int] | None]]:
    """How often each different ballot counts, its choices by id, its points."""
    ids = [option.id for option in election.options]
    choices = ballots.choices.tolist()
    points = None if ballots.points is None else ballots.points.tolist()
    return [
        (times, [ids[i] for i in choices[start:end]], None if points is None else points[start:end])
        for times, (start, end) in zip(ballots.own_weights.tolist(), pairwise(ballots.offsets.tolist()), strict=True)
    ]


def _csv(election: Election, ballots: BallotSet) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    has_points = ballots.points is not None
    writer.writerow(["count", "choices", *(["points"] if has_points else [])])
    for times, choices, points in _rows(election, ballots):
        writer.writerow([times, "|".join(choices), *([] if points is None else ["|".join(map(str, points))])])
    return stream.getvalue().encode()


def _json(election: Election, ballots: BallotSet) -> bytes:
    rows: list[dict[str, Any]] = [
        {"choices": choices, "count": times, **({} if points is None else {"points": points})}
        for times, choices, points in _rows(election, ballots)
    ]
    options = [{"cost": option.cost, "id": option.id, "title": option.title} for option in election.options]
    whole = {"ballots": rows, "options": options, "rules": dict(election.rules), "vote": election.vote_ref}
    return canonical.dumps({**whole, "title": election.title})


def _ranked(election: Election, ballots: BallotSet) -> RankedFile:
    choices = ballots.choices.tolist()
    rankings = [tuple(choices[start:end]) for start, end in pairwise(ballots.offsets.tolist())]
    names = tuple(option.title for option in election.options)
    counted = tuple(zip(ballots.own_weights.tolist(), rankings, strict=True))
    return RankedFile(election.title, names, counted, election.rules["winners"] or 1)


def _preflib(kind: str) -> Callable[[Election, BallotSet], bytes]:
    return lambda election, ballots: preflib.write(_ranked(election, ballots), kind)


WRITERS: Mapping[str, Callable[[Election, BallotSet], bytes]] = {
    "csv": _csv,
    "json": _json,
    "blt": lambda election, ballots: blt.write(_ranked(election, ballots)),
    **{kind: _preflib(kind) for kind in ("soi", "toc", "toi")},
}
