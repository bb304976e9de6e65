"""What is odd in a file that can be taken all the same: shown beside the import, never mended in silence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

import numpy as np
from flask_babel import lazy_gettext as _l

from .files import ENVELOPES, PLAIN_GREEDY, Note, PabulibFile
from .numbers import Money

SENTINEL_COST = 999_999_999
"""The price, in major units, by which cities keep a project that was withdrawn from being chosen."""
UNCHECKED = (
    "min_sum_cost",
    "min_length_per_category",
    "max_length_per_category",
    "min_sum_cost_per_category",
    "max_sum_cost_per_category",
)


def remarks(file: PabulibFile, meta_rows: Mapping[str, int], dearest_vote: int | None) -> Iterator[Note]:
    """Notes on a whole file; ``dearest_vote`` is META's ``max_sum_cost`` in minor units."""
    yield from _rules(file, meta_rows)
    yield from _days(file, meta_rows)
    yield from _counts(file, meta_rows)
    yield from _costs(file, dearest_vote)
    tally = file.votes.ballots.tally(len(file.projects)).tolist()
    for project, votes in zip(file.projects, tally, strict=True):
        if project.votes is not None and project.votes != votes:
            text = _l(
                "Votes counted by the city: %(theirs)d. Votes in this file: %(ours)d.", theirs=project.votes, ours=votes
            )
            yield Note(project.row, "votes", text)


def of_money(amounts: Iterable[Money]) -> Iterator[Note]:
    """A note for every amount that was rounded."""
    for amount in amounts:
        if amount.is_rounded:
            yield Note(amount.row, amount.column, _l("This amount was rounded to three decimals."))


def _rules(file: PabulibFile, meta_rows: Mapping[str, int]) -> Iterator[Note]:
    """Where the city's rule is another one than ours, so that other projects may be chosen."""
    if file.meta["rule"] not in PLAIN_GREEDY:
        text = _l(
            "The city’s rule is “%(rule)s”. Here the projects with the most votes are taken as long as the budget "
            "lasts: other projects may be chosen.",
            rule=file.meta["rule"][:80],
        )
        yield Note(meta_rows["rule"], "rule", text)
    for key in ENVELOPES:
        if file.meta.get(key):
            text = _l("The city divides its budget. Here it is spent as one: other projects may be chosen.")
            yield Note(meta_rows[key], key, text)
    for key in UNCHECKED:
        if file.meta.get(key):
            yield Note(meta_rows[key], key, _l("This limit is not checked here."))


def _days(file: PabulibFile, meta_rows: Mapping[str, int]) -> Iterator[Note]:
    first, last = (file.meta[key].split(".")[::-1] for key in ("date_begin", "date_end"))
    shared = min(len(first), len(last))
    if last[:shared] < first[:shared]:
        yield Note(meta_rows["date_end"], "date_end", _l("The vote ends before it begins."))


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


def differences(file: PabulibFile, winners: Collection[str]) -> tuple[list[str], list[str]] | None:
    """Ids of the projects that only ``winners`` (codes) holds, and that only the city chose; None if it did not say."""
    if all(project.selected is None for project in file.projects):
        return None
    ours = {project.id for project in file.projects if project.code in winners}
    theirs = {project.id for project in file.projects if project.selected}
    return sorted(ours - theirs), sorted(theirs - ours)
