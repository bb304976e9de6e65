"""What can be concluded from a published breakdown by somebody who also has everything else that is published.

Published beside it are the totals, the number of voters of every group and, once the vote has closed, every ballot
without its voter. Of the cells of one dimension (groups × options) everybody therefore knows:

- over the groups they add up to the option's total;
- over the options they add up to no less than so many shortest ballots hold, and no more than so many longest ones;
- what the ballots of any two options have in common: an option named on nearly the same ballots as another has nearly
  the same cell in every group.

Not considered is what three or more options have in common beyond that; with a dozen voters it may tell a little more.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
import numpy.typing as npt

from .rules import BallotSet

Counts = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Cell = tuple[int, int]
"""Position of the group, position of the option."""

ROUNDS = 12
"""How often the bounds are sharpened with each other before they count as settled."""
_BLOCK = 1 << 14


def named_apart(ballots: BallotSet, options: int) -> Counts:
    """``apart[a, b]``: number of ballots that name option ``a`` and not ``b``."""
    pairs = int((ballots.lengths**2).sum())
    both = _both_by_pairs(ballots, options) if pairs < len(ballots) * options else _both_by_rows(ballots, options)
    return np.diagonal(both)[:, np.newaxis] - both


def _both_by_pairs(ballots: BallotSet, options: int) -> Counts:
    """Ballots naming both of two options, pair by pair: for ballots that are short beside the number of options."""
    both = np.zeros((options, options), dtype=np.int64)
    for length in np.unique(ballots.lengths).tolist():
        starts = ballots.offsets[:-1][ballots.lengths == length]
        columns = [ballots.choices[starts + place].astype(np.int64) for place in range(length)]
        keys = [first * options + second for first, second in combinations(columns, 2)]
        if keys:
            both += np.bincount(np.concatenate(keys), minlength=both.size).reshape(both.shape)
    both += both.T
    both[np.diag_indices(options)] = ballots.tally(options)
    return both


def _both_by_rows(ballots: BallotSet, options: int) -> Counts:
    """The same by multiplying the table of ballots × options with itself, a block of ballots at a time."""
    both = np.zeros((options, options), dtype=np.int64)
    for first in range(0, len(ballots), _BLOCK):
        bounds = ballots.offsets[first : first + _BLOCK + 1]
        table = np.zeros((len(bounds) - 1, options), dtype=np.float32)
        table[np.repeat(np.arange(len(table)), np.diff(bounds)), ballots.choices[bounds[0] : bounds[-1]]] = 1
        both += np.rint(table.T @ table).astype(np.int64)
    return both


@dataclass(frozen=True)
class Table:
    """One dimension's true cells and what is public about them.

    ``voters`` of each group; ``votes`` groups × options; ``apart`` as above; ``held[k]`` the choices on the k shortest
    ballots, so that the k longest hold ``held[-1] - held[-1 - k]``.
    """

    voters: Counts
    votes: Counts
    apart: Counts
    held: Counts

    def width(self, hidden: Mask) -> Counts:
        """Of each cell how far apart the values lie that cannot be ruled out: 0 is an open secret."""
        low, high = self.intervals(hidden)
        return high - low

    def intervals(self, hidden: Mask) -> tuple[Counts, Counts]:
        """The least and the greatest value that each cell can have for somebody who sees all but the hidden ones."""
        low = np.where(hidden, self.least, self.votes)
        high = np.where(hidden, self.most, self.votes)
        for _ in range(ROUNDS):
            before = int((high - low).sum())
            above, below = self._beside(low, high)
            low, high = self._balanced(np.maximum(low, below.max(axis=2)), np.minimum(high, above.min(axis=2)))
            if int((high - low).sum()) == before:
                break
        return low, high

    def telling(self, hidden: Mask, option: int) -> list[Cell]:
        """The cells of other options from which bounds of this option's hidden cells follow."""
        low, high = self.intervals(hidden)
        above, below = self._beside(low, high)
        limits = (above[:, option, :] == high[:, option, np.newaxis]) & (high < self.most)[:, option, np.newaxis]
        limits |= (below[:, option, :] == low[:, option, np.newaxis]) & (low > self.least)[:, option, np.newaxis]
        limits &= hidden[:, option, np.newaxis]
        limits[:, option] = False
        return [(group, other) for group, other in np.argwhere(limits).tolist()]

    @cached_property
    def occupied(self) -> Mask:
        """Cells of groups that have voters at all: the others are known to be 0."""
        return np.broadcast_to((self.voters > 0)[:, np.newaxis], self.votes.shape)

    @cached_property
    def least(self) -> Counts:
        """What a cell cannot be under, with nothing of the dimension published."""
        least: Counts = np.maximum(0, self.voters[:, np.newaxis] - self._absent)
        return least

    @cached_property
    def most(self) -> Counts:
        """What a cell cannot be over, with nothing of the dimension published."""
        most: Counts = np.minimum(self.voters[:, np.newaxis], self.votes.sum(axis=0))
        return most

    @cached_property
    def _absent(self) -> Counts:
        """Of each option the ballots that do not name it."""
        absent: Counts = self.voters.sum() - self.votes.sum(axis=0)
        return absent

    def _beside(self, low: Counts, high: Counts) -> tuple[Counts, Counts]:
        """Bounds of option a in a group (first two axes) by what is known of each option b (third axis).

        a is at most b + those that name a only, and at most those without b + those that name both; and likewise below.
        """
        voters = self.voters[:, np.newaxis]
        together = self.votes.sum(axis=0)[:, np.newaxis] - self.apart
        neither = self._absent - self.apart
        above = np.minimum(_for_each(high, self.apart), _for_each(voters - low, together))
        below = np.maximum(_for_each(low, -self.apart.T), _for_each(voters - high, -neither))
        return above, below

    def _balanced(self, low: Counts, high: Counts) -> tuple[Counts, Counts]:
        """Sharpened, exactly, by the sums over groups and over options."""
        up, down = high - self.votes, self.votes - low
        rise, fall = self._slack
        low = self.votes - np.minimum(down, _most_gain(down, up, fall))
        return low, self.votes + np.minimum(up, _most_gain(up, down, rise))

    @cached_property
    def _slack(self) -> tuple[Counts, Counts]:
        """By how much the choices of each set of groups (a bit each) can be more, and fewer, than they are."""
        sets = [_members(bits, len(self.voters)) for bits in range(1 << len(self.voters))]
        voters = np.array([self.voters[members].sum() for members in sets])
        choices = np.array([self.votes[members].sum() for members in sets])
        return self.held[-1] - self.held[-1 - voters] - choices, choices - self.held[voters]


def _most_gain(gain: Counts, loss: Counts, slack: Counts) -> Counts:
    """By how much each cell can grow while all sums stay possible, others growing by ``gain`` or shrinking by ``loss``.

    The minimum cut of the network groups → options → groups (Gale 1957): the cut takes a set of groups, and of each
    option the cheaper side. ``slack[set]`` is by how much the sum over that set of groups may grow.
    """
    best = np.full(gain.shape, np.iinfo(np.int64).max)
    for bits in range(1, len(slack)):
        members = _members(bits, len(gain))
        away = loss[members].sum(axis=0)
        through = np.minimum(away, gain[~members].sum(axis=0))
        cut = int(through.sum()) + int(slack[bits]) - through + away
        best[members] = np.minimum(best[members], cut - loss[members])
    return best


def _for_each(of_b: Counts, between: Counts) -> Counts:
    """For each group and each pair of options a, b: what is known of b in the group plus what lies between a and b."""
    return of_b[:, np.newaxis, :] + between


def _members(bits: int, groups: int) -> Mask:
    return np.array([bool(bits >> group & 1) for group in range(groups)])
