"""Which cells of the breakdown are not published, so that nobody learns how a few people voted.

Published beside the breakdown are the totals, the number of voters of every group and, once the vote has closed, every
ballot without its voter. An attacker therefore knows of the cells of one dimension (groups × options):

- over the groups they add up to the option's total;
- over the options they add up to no less than so many shortest ballots hold, and no more than so many longest ones;
- two options that are named on nearly the same ballots have nearly the same cell in every group.

Hidden first (*primary*): 1 to floor - 1 votes; a cell within floor of the whole group ("all of them voted so"); every
cell of a group with fewer than 2 × floor voters, where nothing else is possible. Then further cells, until the interval
that this knowledge leaves for each primary cell is ``floor`` wide, or as wide as with the whole dimension hidden.
The choice is a function of the counts alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product

import numpy as np
import numpy.typing as npt

from .rules import BallotSet

Counts = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Cell = tuple[int, int]

ROUNDS = 12
"""How often the bounds are sharpened with each other before they count as settled."""
TRIES = 64
"""How many cheap ways of protecting one cell are tried before its neighbours are hidden without looking."""


def hide(ballots: BallotSet, tables: Sequence[tuple[Counts, Counts]], *, floor: int) -> list[Mask]:
    """For each table (voters of each group; votes as groups × options) a mask of the cells that stay unpublished."""
    if not tables:
        return []
    options = tables[0][1].shape[1]
    apart = named_apart(ballots, options)
    held = np.concatenate(([0], np.cumsum(np.sort(ballots.lengths))))
    return [Table(voters, votes, apart, held).protect(floor) for voters, votes in tables]


def named_apart(ballots: BallotSet, options: int) -> Counts:
    """``apart[a, b]``: number of ballots that name option ``a`` and not ``b``."""
    both = np.zeros(options * options, dtype=np.int64)
    for length in np.unique(ballots.lengths).tolist():
        starts = ballots.offsets[:-1][ballots.lengths == length]
        columns = [ballots.choices[starts + place].astype(np.int64) for place in range(length)]
        for first, second in product(columns, repeat=2):
            both += np.bincount(first * options + second, minlength=len(both))
    square = both.reshape(options, options)
    return np.diagonal(square)[:, np.newaxis] - square


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

    def protect(self, floor: int) -> Mask:
        """The cells to hide."""
        primary = self.primary(floor)
        hidden = primary.copy()
        if not primary.any():
            return hidden
        need = np.where(primary, np.minimum(floor, self.width(self._occupied)), 0)
        self._hide_in_columns(hidden, need)
        while (weak := np.argwhere((self.width(hidden) < need).T)).size:
            option, group = weak[0].tolist()
            self._hide_for(hidden, (group, option), int(need[group, option]))
        return hidden

    def primary(self, floor: int) -> Mask:
        """Cells that tell about fewer than ``floor`` people by themselves."""
        voters = self.voters[:, np.newaxis]
        few = (self.votes > 0) & (self.votes < floor)
        nearly_all = voters - self.votes < floor
        return (few | nearly_all | (voters < 2 * floor)) & self._occupied

    def width(self, hidden: Mask) -> Counts:
        """Of each cell the number of values beyond the first that an attacker cannot rule out: 0 is an open secret."""
        low, high = self.intervals(hidden)
        return high - low

    def intervals(self, hidden: Mask) -> tuple[Counts, Counts]:
        """The least and the greatest value that each cell can have for somebody who sees all but the hidden ones."""
        low = np.where(hidden, self._least, self.votes)
        high = np.where(hidden, self._most, self.votes)
        for _ in range(ROUNDS):
            before = int((high - low).sum())
            low, high = self._compared(low, high)
            low, high = self._balanced(low, high)
            if int((high - low).sum()) == before:
                break
        return low, high

    @cached_property
    def _occupied(self) -> Mask:
        """Cells of groups that have voters at all: the others are known to be 0."""
        return np.broadcast_to((self.voters > 0)[:, np.newaxis], self.votes.shape)

    @cached_property
    def _absent(self) -> Counts:
        """Of each option the ballots that do not name it."""
        absent: Counts = self.voters.sum() - self.votes.sum(axis=0)
        return absent

    @cached_property
    def _least(self) -> Counts:
        least: Counts = np.maximum(0, self.voters[:, np.newaxis] - self._absent)
        return least

    @cached_property
    def _most(self) -> Counts:
        most: Counts = np.minimum(self.voters[:, np.newaxis], self.votes.sum(axis=0))
        return most

    def _compared(self, low: Counts, high: Counts) -> tuple[Counts, Counts]:
        """Sharpened by what the ballots of two options a and b have in common, from what is known of b.

        a is at most b + those that name a only, and at most those without b + those that name both; and likewise below.
        """
        voters, absent = self.voters[:, np.newaxis], self._absent
        together = self.votes.sum(axis=0)[:, np.newaxis] - self.apart
        neither = absent[np.newaxis, :] - self.apart
        above = np.minimum(_each(high, self.apart).min(axis=2), _each(voters - low, together).min(axis=2))
        below = np.maximum(_each(low, -self.apart.T).max(axis=2), _each(voters - high, -neither).max(axis=2))
        return np.maximum(low, below), np.minimum(high, above)

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

    def _hide_in_columns(self, hidden: Mask, need: Counts) -> None:
        """Hide the smallest cells of an option until its hidden ones can stand for each other."""
        for _ in self.voters:
            spare_down = np.where(hidden, self.votes - self._least, 0)
            spare_up = np.where(hidden, self._most - self.votes, 0)
            up = np.minimum(spare_up, spare_down.sum(axis=0) - spare_down)
            down = np.minimum(spare_down, spare_up.sum(axis=0) - spare_up)
            open_cells = self._occupied & ~hidden
            weak = ((up + down < need) & hidden).any(axis=0) & open_cells.any(axis=0)
            last = self.votes.max() + 1
            rank = np.where(open_cells, np.where(self.votes > 0, self.votes, last), last + 1)
            hidden[rank.argmin(axis=0)[weak], np.flatnonzero(weak)] = True

    def _hide_for(self, hidden: Mask, cell: Cell, need: int) -> None:
        """Hide the cheapest cells that give ``cell`` its width; when none of the first tries does, the cheapest."""
        ways = self._ways(hidden, cell)
        for way in islice(ways, TRIES):
            trial = hidden.copy()
            trial[tuple(zip(*way, strict=True))] = True
            if self.width(trial)[cell] >= need:
                hidden[:] = trial
                return
        open_cells = np.argwhere(self._occupied & ~hidden)
        values = self.votes[tuple(open_cells.T)]
        near = (open_cells[:, 0] != cell[0]) & (open_cells[:, 1] != cell[1])
        group, option = open_cells[np.lexsort((values, near))[0]]
        hidden[group, option] = True

    def _ways(self, hidden: Mask, cell: Cell) -> Iterator[tuple[Cell, ...]]:
        """Sets of open cells that may protect ``cell``, cheapest first: in its option, or a pair in another option."""
        group, option = cell
        groups, options = range(self.votes.shape[0]), range(self.votes.shape[1])
        corners = [
            *({(other, option)} for other in groups),
            *({(group, other), (partner, other)} for other in options for partner in groups),
        ]
        usable = {
            tuple(sorted(corner for corner in way if self._occupied[corner] and not hidden[corner])) for way in corners
        }
        usable.discard(())
        yield from sorted(usable, key=lambda way: (sum(int(self.votes[corner]) for corner in way), way))


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


def _each(of_b: Counts, between: Counts) -> Counts:
    """For each group and each pair of options a, b: what is known of b in the group plus what lies between a and b."""
    return of_b[:, np.newaxis, :] + between


def _members(bits: int, groups: int) -> Mask:
    return np.array([bool(bits >> group & 1) for group in range(groups)])
