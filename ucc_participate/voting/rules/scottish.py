"""Single transferable vote as in Scotland: Scottish Local Government Elections Order 2007, Schedule 1, Part III.

All votes are whole numbers of hundred-thousandths, as the Order calculates to five decimal places.
"""

from __future__ import annotations

from .ballots import BallotSet
from .papers import Papers
from .stages import Count, Stage

UNIT = 10**5


def count(ballots: BallotSet, tally: Count) -> None:
    """Count to the end, stage by stage."""
    papers = _Piles(ballots, tally)
    tally.quota = (papers.valid // (tally.places + 1) + 1) * UNIT
    surpluses: set[int] = set()
    while True:
        tally.stages.append(Stage(papers.votes.copy(), papers.valid * UNIT - sum(papers.votes)))
        reached = [option for option in tally.hopeful if papers.votes[option] >= tally.quota]
        tally.elect(reached)
        papers.leave(reached)
        surpluses |= {option for option in reached if papers.votes[option] > tally.quota}
        if not tally.is_over and surpluses:
            largest = tally.strongest(surpluses)
            surpluses.remove(largest)
            papers.transfer_surplus(largest, tally.quota)
            continue
        if not tally.is_over:
            last = tally.weakest(tally.hopeful)
            tally.exclude(last)
        if tally.is_over:
            tally.finish()
            return
        papers.leave([last])
        papers.transfer_all(last)


class _Piles(Papers):
    """The label of a paper is the place of its value in ``values``."""

    def __init__(self, ballots: BallotSet, tally: Count) -> None:
        super().__init__(ballots, tally.options, tally.hopeful)
        self.values, self._place_of = [UNIT], {UNIT: 0}
        self.votes = [0] * tally.options
        self._credit(self.sums((self.pile >= 0).nonzero()[0]))
        self.valid = sum(self.votes) // UNIT

    def leave(self, options: list[int]) -> None:
        """These get no more papers."""
        self.continuing[options] = False

    def transfer_surplus(self, option: int, quota: int) -> None:
        """All papers go on, at the part of their value that the surplus is of the option's votes; five decimals."""
        papers, total = self.held_by(option), self.votes[option]
        surplus = total - quota
        worth = [self._labelled(surplus * value // total) for value in self.values]
        self.label[papers] = [worth[label] for label in self.label[papers].tolist()]
        self.move(papers)
        self.votes[option] = quota
        self._credit(self.sums(papers))

    def transfer_all(self, option: int) -> None:
        """All papers go on at the value at which they came."""
        papers = self.held_by(option)
        self.move(papers)
        self.votes[option] = 0
        self._credit(self.sums(papers))

    def _labelled(self, value: int) -> int:
        if value not in self._place_of:
            self._place_of[value] = len(self.values)
            self.values.append(value)
        return self._place_of[value]

    def _credit(self, sums: dict[tuple[int, int], int]) -> None:
        for (label, option), weight in sums.items():
            self.votes[option] += weight * self.values[label]
