"""Who got something of what they chose: all voters and each group, as far as groups may be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..disclosure import Counts, Mask, Table, named_apart
from ..groups import tally_by_group
from ..rules import BallotSet, Election
from ..suppression import few_voters, hide, primary


@dataclass(frozen=True, slots=True)
class Satisfied:
    """One group: ``covered`` of its ``voters`` chose something that was taken; ``funded`` such choices in all.

    None: not published.
    """

    group: str
    voters: int | None
    covered: int | None
    funded: int | None


def satisfaction(
    ballots: BallotSet, election: Election, winners: Sequence[str], *, floor: int
) -> tuple[Satisfied, list[Satisfied]]:
    """Of all voters, and of every group in the order of dimensions and labels.

    ``funded`` follows from the published breakdown. ``covered`` does not: it is laid beside the breakdown as one more
    option, and published only where nothing that is hidden there can then be told more closely than before.
    """
    places = [at for at, option in enumerate(election.options) if option.id in set(winners)]
    extended = _with_covered(ballots, places, len(election.options))
    everybody = Satisfied(
        "all",
        len(ballots),
        int(extended.tally(len(election.options) + 1)[-1]),
        int(ballots_tally(ballots, len(election.options))[places].sum()),
    )
    if election.franchise == "organisation":
        return everybody, _open(extended, len(election.options), places)
    return everybody, _suppressed(ballots, extended, len(election.options), places, floor)


def ballots_tally(ballots: BallotSet, options: int) -> Counts:
    """How many ballots name each option, every ballot once."""
    return np.bincount(ballots.choices, minlength=options).astype(np.int64)


def _with_covered(ballots: BallotSet, winners: Sequence[int], options: int) -> BallotSet:
    """The ballots as sets, with one more option at the end on each that names a winner."""
    owner = np.repeat(np.arange(len(ballots)), ballots.lengths)
    happy = np.zeros(len(ballots), dtype=np.bool_)
    happy[owner[np.isin(ballots.choices, list(winners))]] = True
    owner = np.concatenate((owner, np.flatnonzero(happy)))
    choices = np.concatenate((ballots.choices, np.full(int(happy.sum()), options, dtype=np.uint16)))
    order = np.lexsort((choices, owner))
    offsets = np.concatenate(([0], np.cumsum(ballots.lengths + happy)))
    return BallotSet(offsets.astype(np.int64), choices[order], ballots.dimensions)


def _open(extended: BallotSet, options: int, winners: Sequence[int]) -> list[Satisfied]:
    tables = tally_by_group(extended, options + 1)
    return [
        Satisfied(f"{dimension.name}:{label}", int(voters[row]), int(votes[row, -1]), int(votes[row, winners].sum()))
        for dimension, (voters, votes) in zip(extended.dimensions, tables, strict=True)
        for row, label in enumerate(dimension.labels)
    ]


def _suppressed(
    ballots: BallotSet, extended: BallotSet, options: int, winners: Sequence[int], floor: int
) -> list[Satisfied]:
    before = tally_by_group(ballots, options)
    masks = hide(ballots, before, floor=floor)
    apart = named_apart(extended, options + 1)
    held = np.concatenate(([0], np.cumsum(np.sort(extended.lengths))))
    found: list[Satisfied] = []
    tables = tally_by_group(extended, options + 1)
    for dimension, (voters, votes), mask in zip(extended.dimensions, tables, masks, strict=True):
        few = few_voters(voters, floor)
        hidden = mask | few[:, np.newaxis]
        table = Table(voters, votes, apart, held)
        covered = _covered_hidden(table, hidden, few, floor)
        for row, label in enumerate(dimension.labels):
            unsaid = bool(few[row])
            found.append(
                Satisfied(
                    f"{dimension.name}:{label}",
                    None if unsaid else int(voters[row]),
                    None if unsaid or covered[row] else int(votes[row, -1]),
                    None if hidden[row, winners].any() else int(votes[row, winners].sum()),
                )
            )
    return found


def _covered_hidden(table: Table, hidden: Mask, few: Mask, floor: int) -> Mask:
    """Which cells of the last column stay unpublished: those that tell too much alone, or all of them."""
    everything = np.ones(len(table.voters), dtype=np.bool_)
    own = primary(table, floor)[:, -1] | few
    if own.any() and own.sum() < 2:
        return everything
    trial = np.column_stack((hidden, own))
    full = np.column_stack((hidden, everything))
    sensitive = primary(table, floor) & trial
    need = np.minimum(floor, table.width(full))
    return own if bool((table.width(trial)[sensitive] >= need[sensitive]).all()) else everything
