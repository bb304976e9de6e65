"""What can keep an option or the whole vote from winning, whatever the rule of counting."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from . import weighing
from .ballots import BallotSet, totals
from .election import Election


def barred(ballots: BallotSet, election: Election, counts: Sequence[int]) -> frozenset[int]:
    """Positions of options that cannot win: under the threshold, or without the majority that the rules ask for."""
    rules, positions = election.rules, range(len(election.options))
    out = {i for i in positions if counts[i] < rules["threshold"]}
    if rules["majority"]:
        out |= {i for i, (yes, no) in enumerate(yes_and_no(ballots, len(election.options))) if yes <= no}
    if rules["decides"] == "double_majority":
        out |= {i for i, has in enumerate(weighing.eligible_by_double_majority(ballots, election)) if not has}
    return frozenset(out)


def is_published(election: Election) -> bool:
    """Whether the result says which options are barred: where more than a number of votes is asked for."""
    return bool(election.rules["majority"]) or election.rules["decides"] == "double_majority"


def yes_and_no(ballots: BallotSet, options: int) -> list[tuple[int, int]]:
    """The weight of the ballots that say yes, and no, to each option."""
    if ballots.points is None:
        return [(0, 0)] * options
    weights = ballots.own_weights.repeat(ballots.lengths)
    found = totals(ballots.choices.astype(np.int64) * 2 + (ballots.points > 0), 2 * options, weights)
    return list(zip(found[1::2], found[::2], strict=True))


def quorum_missed(ballots: BallotSet, election: Election) -> bool:
    """Whether too few took part: ballots are counted as heads, whatever they weigh, blank ones too."""
    return len(ballots) < int(election.rules["quorum"])


def rivals(election: Election) -> tuple[frozenset[int], ...]:
    """For each option the others that it excludes."""
    position = {option.id: at for at, option in enumerate(election.options)}
    found: list[set[int]] = [set() for _ in election.options]
    for group in election.rules["exclusive"]:
        members = {position[option_id] for option_id in group}
        for member in members:
            found[member] |= members - {member}
    return tuple(map(frozenset, found))
