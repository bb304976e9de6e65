"""What is odd in a file that can be taken all the same: shown beside the import, never mended in silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from flask_babel import lazy_gettext as _l

from .files import Note, PabulibFile

SENTINEL_COST = 999_999_999
"""The price, in major units, by which cities keep a project that was withdrawn from being chosen."""


def remarks(file: PabulibFile, meta_rows: Mapping[str, int], dearest_vote: int | None) -> Iterator[Note]:
    """Notes on a whole file; ``dearest_vote`` is META's ``max_sum_cost`` in minor units."""
    yield from _counts(file, meta_rows)
    yield from _costs(file, dearest_vote)
    tally = file.votes.ballots.tally(len(file.projects)).tolist()
    for project, votes in zip(file.projects, tally, strict=True):
        if project.votes is not None and project.votes != votes:
            text = _l(
                "Votes counted by the city: %(theirs)d. Votes in this file: %(ours)d.", theirs=project.votes, ours=votes
            )
            yield Note(project.row, "votes", text)


def _counts(file: PabulibFile, meta_rows: Mapping[str, int]) -> Iterator[Note]:
    found = {"num_projects": len(file.projects), "num_votes": len(file.votes) + len(file.rejected)}
    for key, here in found.items():
        if int(file.meta[key]) != here:
            text = _l("META says %(said)s, the file has %(here)d.", said=file.meta[key], here=here)
            yield Note(meta_rows[key], key, text)


def _costs(file: PabulibFile, dearest_vote: int | None) -> Iterator[Note]:
    for project in file.projects:
        if project.cost == SENTINEL_COST * file.scale:
            yield Note(project.row, "cost", _l("This cost is a sign that the project was withdrawn."))
        elif project.cost > file.budget:
            yield Note(project.row, "cost", _l("This project costs more than the whole budget."))
    if dearest_vote is None:
        return
    ballots = file.votes.ballots
    costs = np.array([project.cost for project in file.projects], dtype=np.int64)
    running = np.concatenate(([0], np.cumsum(costs[ballots.choices])))
    over = np.flatnonzero(np.diff(running[ballots.offsets]) > dearest_vote)
    if len(over):
        text = _l("The projects named cost more than META allows for a vote.")
        yield Note(int(file.votes.rows[over[0]]), "vote", text, len(over))
