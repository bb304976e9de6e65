"""How each sector, sex and age band voted: counts by group, with what could betray single voters left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import suppression
from .disclosure import Counts, Mask
from .rules import BallotSet, Election


@dataclass(frozen=True, slots=True)
class Group:
    """One row of the breakdown: ``group`` is ``sex:female``, ``label_id`` its last part, for which the page has words.

    ``voters`` and ``counts`` (ballots of the group that name each option, in ballot order): None where not published.
    """

    group: str
    label_id: str
    voters: int | None
    counts: tuple[int | None, ...]


def breakdown(ballots: BallotSet, election: Election, *, floor: int) -> list[Group]:
    """The published rows of every dimension that the ballots carry, in the fixed order of dimensions and labels.

    ``floor`` is the least number of people that a published number may stand for. Organisations vote on the record:
    with that franchise nothing is left out.
    """
    tables = tally_by_group(ballots, len(election.options))
    if election.franchise == "organisation":
        hidden = [np.zeros_like(counts, dtype=np.bool_) for _, counts in tables]
        few = [np.zeros_like(voters, dtype=np.bool_) for voters, _ in tables]
    else:
        few = [suppression.few_voters(voters, floor) for voters, _ in tables]
        masks = suppression.hide(ballots, tables, floor=floor)
        hidden = [mask | unsaid[:, np.newaxis] for mask, unsaid in zip(masks, few, strict=True)]
    return [
        Group(
            f"{dimension.name}:{label}",
            label,
            shown,
            _published(counts[row], mask[row]),
        )
        for dimension, (voters, counts), mask, unsaid in zip(ballots.dimensions, tables, hidden, few, strict=True)
        for row, (label, shown) in enumerate(zip(dimension.labels, _published(voters, unsaid), strict=True))
    ]


def _published(counts: Counts, hidden: Mask) -> tuple[int | None, ...]:
    return tuple(None if hide else votes for votes, hide in zip(counts.tolist(), hidden.tolist(), strict=True))


def tally_by_group(ballots: BallotSet, options: int) -> list[tuple[Counts, Counts]]:
    """For each dimension the voters of each label, and their votes as labels × options: one pass over all choices."""
    shape = tuple(len(dimension.labels) for dimension in ballots.dimensions)
    if not shape:
        return []
    joint = np.ravel_multi_index(tuple(dimension.codes for dimension in ballots.dimensions), shape)
    cells = int(np.prod(shape))
    voters = np.bincount(joint, minlength=cells).reshape(shape)
    keys = np.repeat(joint * options, ballots.lengths)
    keys += ballots.choices
    votes = np.bincount(keys, minlength=cells * options).reshape(*shape, options)
    axes = range(len(shape))
    others = [tuple(other for other in axes if other != axis) for axis in axes]
    return [(voters.sum(axis=rest), votes.sum(axis=rest)) for rest in others]
