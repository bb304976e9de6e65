"""What is odd in a file that can be taken all the same: shown beside the import, never mended in silence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

import numpy as np
from flask_babel import lazy_gettext as _l

from ..rules import Election, values
from ..rules.schema import complete
from .election import SENTINEL_COST, mapped, options_of
from .files import Note, PabulibFile
from .kinds import POINTED, spent
from .numbers import Money

UNCHECKED = (
    "min_length_per_category",
    "max_length_per_category",
    "min_sum_cost_per_category",
    "max_sum_cost_per_category",
)


def remarks(
    file: PabulibFile, meta_rows: Mapping[str, int], least: tuple[int, ...] | None, most: int | None
) -> Iterator[Note]:
    """Notes on a whole file; ``least``, ``most``: what the projects of a vote may cost together, in minor units."""
    yield from _rules(file, meta_rows)
    yield from _days(file, meta_rows)
    yield from _counts(file, meta_rows)
    yield from _costs(file)
    yield from _purses(file, least[0] if least else None, most)
    yield from _points(file)
    yield from _tallies(file)


def _tallies(file: PabulibFile) -> Iterator[Note]:
    """Where the city counted other numbers than the file holds."""
    tally = file.votes.ballots.tally(len(file.projects)).tolist()
    for project, votes in zip(file.projects, tally, strict=True):
        if project.votes is not None and project.votes != votes:
            text = _l(
                "Votes counted by the city: %(theirs)d. Votes in this file: %(ours)d.", theirs=project.votes, ours=votes
            )
            yield Note(project.row, "votes", text)
    for project, points in zip(file.projects, scores(file) or (), strict=False):
        if project.score is not None and project.score != points:
            text = _l(
                "Points counted by the city: %(theirs)d. Points in this file: %(ours)d.",
                theirs=project.score,
                ours=points,
            )
            yield Note(project.row, "score", text)


def scores(file: PabulibFile) -> tuple[int, ...] | None:
    """The points of each project; None where votes have none."""
    if file.ballot_rules["ballot"] not in ("ranked", "score", "cumulative"):
        return None
    rules = complete({"method": "greedy", **file.ballot_rules})
    return values.counts(file.votes.ballots, Election("vote/x", "", "individual", rules, options_of(file)))


def of_money(amounts: Iterable[Money]) -> Iterator[Note]:
    """A note for every amount that was rounded."""
    for amount in amounts:
        if amount.is_rounded:
            yield Note(amount.row, amount.column, _l("This amount was rounded to three decimals."))


def _rules(file: PabulibFile, meta_rows: Mapping[str, int]) -> Iterator[Note]:
    """Where the city's rule is another one than ours, so that other projects may be chosen."""
    for reason in mapped(file).reasons:
        yield Note(meta_rows[reason.key], reason.key, reason.text)
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


def _costs(file: PabulibFile) -> Iterator[Note]:
    for project in file.projects:
        if project.cost == SENTINEL_COST * file.scale:
            yield Note(project.row, "cost", _l("This cost is a sign that the project was withdrawn."))
        elif project.cost > file.budget:
            yield Note(project.row, "cost", _l("This project costs more than the whole budget."))


def _purses(file: PabulibFile, least: int | None, most: int | None) -> Iterator[Note]:
    """Votes whose projects cost less or more than META allows: the city counted them, and so do we."""
    if least is None and most is None:
        return
    together = spent(file.votes.ballots, file.projects)
    over, under = (together > most) if most is not None else None, (together < least) if least is not None else None
    texts = (
        _l("The projects named cost more than META allows for a vote."),
        _l("The projects named cost less than META allows for a vote."),
    )
    for odd, text in zip((over, under), texts, strict=True):
        if odd is not None and odd.any():
            yield Note(int(file.votes.rows[int(np.argmax(odd))]), "vote", text, int(odd.sum()))


def _points(file: PabulibFile) -> Iterator[Note]:
    """Votes that give more or fewer points than META allows, and votes with points that are written as rankings."""
    ballots = file.votes.ballots
    if ballots.points is None or file.meta["vote_type"] not in POINTED:
        return
    together = values.by_ballot(ballots, ballots.points.astype(np.int64))
    most, least = (int(file.meta.get(key) or -1) for key in ("max_sum_points", "min_sum_points"))
    texts = (
        _l("This vote gives more points than META allows."),
        _l("This vote gives fewer points than META allows."),
    )
    for odd, text in zip(((together > most) & (most >= 0), (together < least) & (least >= 0)), texts, strict=True):
        if odd.any():
            yield Note(int(file.votes.rows[int(np.argmax(odd))]), "points", text, int(odd.sum()))


def differences(file: PabulibFile, winners: Collection[str]) -> tuple[list[str], list[str]] | None:
    """Ids of the projects that only ``winners`` (codes) holds, and that only the city chose; None if it did not say.

    What the city took by another rule or from later funds (2 and 3) is no difference of the count; in a file of ours 2
    is what the rule itself bought with the money that was left.
    """
    if all(project.selected is None for project in file.projects):
        return None
    by_the_rule = (1, 2) if mapped(file).is_own else (1,)
    ours = {project.id for project in file.projects if project.code in winners}
    theirs = {project.id for project in file.projects if project.selected in by_the_rule}
    return sorted(ours - theirs), sorted(theirs - ours)
