"""Writing back what was read: every key of META, column of PROJECTS and column of VOTES, without loss."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import BinaryIO

import numpy as np

from ..rules.values import ranks
from .files import PabulibFile, Project
from .writing import META_ORDER, PROJECT_ORDER, VOTE_ORDER, amount, most_points_first, row

_BLOCK = 1 << 16


def rewrite(stream: BinaryIO, file: PabulibFile) -> None:
    """Write the file to an open binary ``stream``, votes and voters as they were read, spelled as the format wants.

    For votes that a city published itself: what a vote held here gives away about its voters is for ``write``.
    """
    stream.writelines(part.encode() for part in _parts(file))


def _parts(file: PabulibFile) -> Iterator[str]:
    yield "META\nkey;value\n"
    known = [key for key in META_ORDER if file.meta.get(key)]
    for key in [*known, *(key for key in file.meta if key not in META_ORDER and file.meta[key])]:
        yield row((key, file.meta[key]))
    cells = [_cells(file, project) for project in file.projects]
    columns = _sorted({name for named in cells for name in named}, PROJECT_ORDER)
    yield "PROJECTS\n" + row(columns)
    yield from (row([named.get(name, "") for name in columns]) for named in cells)
    yield from _votes(file)


def _cells(file: PabulibFile, project: Project) -> dict[str, str]:
    """The cells of a project by column; none that is empty."""
    numbers = {"votes": project.votes, "score": project.score, "selected": project.selected}
    lists = {"category": project.categories, "beneficiaries": project.beneficiaries}
    found = {
        "project_id": project.id,
        "cost": amount(project.cost, file.scale),
        "name": project.title,
        **{name: ",".join(items) for name, items in lists.items()},
        **{name: "" if number is None else str(number) for name, number in numbers.items()},
        **project.fields,
    }
    return {name: cell for name, cell in found.items() if cell}


def _sorted(names: set[str], order: Sequence[str]) -> list[str]:
    return [name for name in order if name in names] + sorted(names.difference(order))


def _votes(file: PabulibFile) -> Iterator[str]:
    votes = file.votes
    has_points = votes.ballots.points is not None or "rank_points" in file.ballot_rules
    names = {"voter_id", "vote", *votes.columns, *(["points"] if has_points else [])}
    columns = _sorted(names, VOTE_ORDER)
    yield "VOTES\n" + row(columns)
    said = _said(file)
    numbers = {name: column.numbers for name, column in votes.columns.items()}
    spelled = {name: column.spellings for name, column in votes.columns.items()}
    for first in range(0, len(votes), _BLOCK):
        chosen = range(first, min(first + _BLOCK, len(votes)))
        block = {name: [spelled[name][at] for at in numbers[name][chosen.start : chosen.stop]] for name in numbers}
        block |= {"voter_id": votes.voters[chosen.start : chosen.stop]}
        texts = [next(said) for _ in chosen]
        block |= {"vote": [vote for vote, _ in texts]} | (
            {"points": [points for _, points in texts]} if has_points else {}
        )
        yield "".join(row(cells) for cells in zip(*(block[name] for name in columns), strict=True))


def _said(file: PabulibFile) -> Iterator[tuple[str, str]]:
    """Projects and points of each vote; with points the most points first, as the format wants."""
    ids, ballots = [project.id for project in file.projects], file.votes.ballots
    if worth := file.ballot_rules.get("rank_points"):
        padded = np.array([*worth, *[0] * int(ballots.lengths.max())], dtype=np.uint16)
        ballots = replace(ballots, points=padded[ranks(ballots)])
    elif ballots.points is not None:
        ballots = most_points_first(ballots)
    choices, points = ballots.choices, ballots.points
    names = [ids[at] for at in choices.tolist()]
    given = [] if points is None else list(map(str, points.tolist()))
    bounds = ballots.offsets.tolist()
    for start, end in pairwise(bounds):
        yield ",".join(names[start:end]), ",".join(given[start:end])
