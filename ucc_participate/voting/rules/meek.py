"""Single transferable vote by Meek's method, as in the Proportional Representation Foundation's reference rule.

Votes and keep factors are whole numbers of 10⁻⁹, products and quotients rounded up; ω is 10⁻⁶. A stage is a round of
that rule, its votes those of the round's last iteration.
"""

from __future__ import annotations

import numpy as np

from ...audit.canonical import MAX_INTEGER
from .ballots import BallotError, BallotSet, Numbers
from .papers import Papers, Places
from .stages import Count, Stage

UNIT = 10**9
OMEGA = 10**3


def count(ballots: BallotSet, tally: Count) -> None:
    """Count to the end, round by round."""
    papers = _Flows(ballots, tally)
    while True:
        votes, surplus = _iterate(papers, tally)
        tally.stages.append(Stage(votes, papers.valid * UNIT - sum(votes)))
        reached = [option for option in tally.hopeful if votes[option] >= tally.quota]
        tally.elect(reached)
        if not tally.is_over and not reached:
            low = min(votes[option] for option in tally.hopeful) + surplus
            reached = [_last_of([option for option in tally.hopeful if votes[option] <= low], tally)]
            tally.exclude(reached[0])
        if tally.is_over:
            tally.finish()
            return
        for option in reached:
            papers.leave(option, is_elected=option in tally.now.elected)


def _last_of(tied: list[int], tally: Count) -> int:
    """Whom earlier stages put last among those whom the surplus could still save, then the tie rule."""
    before = tally.stages[:-1]
    return max(tied, key=lambda option: (*(-stage.votes[option] for stage in reversed(before)), tally.tie(option)))


def _iterate(papers: _Flows, tally: Count) -> tuple[list[int], int]:
    """Adjust the keep factors until somebody reaches the quota or the surplus shrinks no more: (votes, surplus)."""
    earlier: int | None = None
    while True:
        votes = papers.distribute()
        tally.quota = sum(votes) // (tally.places + 1) + 1
        surplus = max(0, sum(votes[option] - tally.quota for option in tally.elected))
        is_reached = any(votes[option] >= tally.quota for option in tally.hopeful)
        if is_reached or surplus < OMEGA or (earlier is not None and surplus >= earlier):
            return votes, surplus
        earlier = surplus
        for option in tally.elected:
            kept = -(-papers.keep[option] * tally.quota // UNIT)
            papers.keep[option] = -(-kept * UNIT // votes[option])


class _Flows(Papers):
    """Ballots by the elected options that they pass through before they end with a continuing one, or with none.

    The label of a paper is a node of the tree of such ways: node 0 is the empty way, the others know their parent and
    the option that they add. Ballots of the same way and the same end share out their votes alike, so that an
    iteration works on nodes and not on ballots.
    """

    def __init__(self, ballots: BallotSet, tally: Count) -> None:
        self.keep = [UNIT] * tally.options
        self._elected = np.zeros(tally.options, dtype=np.bool_)
        self._node: dict[tuple[int, int], int] = {}
        self._tree = [(0, 0, 0)]
        super().__init__(ballots, tally.options, tally.hopeful)
        self._ends = np.zeros((1, tally.options + 1), dtype=np.int64)
        self._put(np.arange(len(self.pile)), 1)
        self.valid = sum(self._ends[0, :-1].tolist())
        if self.valid * UNIT >= MAX_INTEGER:
            raise BallotError(f"{self.valid} votes to nine decimals are more than a result can hold")
        self._plan()

    def leave(self, option: int, *, is_elected: bool) -> None:
        """The option keeps no papers any more: they go on, passing through it when it is elected."""
        papers = self.held_by(option)
        self._put(papers, -1)
        self.continuing[option] = False
        self._elected[option] = is_elected
        if is_elected:
            self.passed(papers, np.full(len(papers), option, dtype=np.int64))
        self.move(papers)
        self._put(papers, 1)
        self._plan()

    def passed(self, papers: Places, option: Numbers) -> None:
        through = self._elected[option]
        papers, option = papers[through], option[through]
        steps, place = np.unique(self.label[papers] * self.options + option, return_inverse=True)
        nodes = [self._after(*divmod(step, self.options)) for step in steps.tolist()]
        self.label[papers] = np.array(nodes, dtype=np.int64)[place]

    def _after(self, node: int, option: int) -> int:
        if (node, option) not in self._node:
            self._node[node, option] = len(self._tree)
            self._tree.append((node, option, self._tree[node][2] + 1))
        return self._node[node, option]

    def _put(self, papers: Places, sign: int) -> None:
        """Add these papers to the weights by way and end, or take them off; NOBODY is the last column."""
        if len(self._tree) > len(self._ends):
            more = np.zeros((2 * len(self._tree) - len(self._ends), self.options + 1), dtype=np.int64)
            self._ends = np.concatenate((self._ends, more))
        np.add.at(self._ends, (self.label[papers], self.pile[papers]), sign * self.weights[papers])

    def _plan(self) -> None:
        """The nodes level by level from the root, each with the weight of all ballots that pass through it."""
        through = self._ends.sum(axis=1).tolist()
        for node in range(len(self._tree) - 1, 0, -1):
            through[self._tree[node][0]] += through[node]
        depth = np.array([level for _, _, level in self._tree])
        rows = np.array([(parent, option) for parent, option, _ in self._tree])
        levels = [np.flatnonzero(depth == level) for level in range(1, int(depth.max()) + 1)]
        self._levels = [(nodes, *rows[nodes].T, np.array(through)[nodes]) for nodes in levels]

    def distribute(self) -> list[int]:
        """The votes of every option: a ballot's vote goes along its way, each option keeping its part, rounded up."""
        keep = np.array(self.keep, dtype=np.int64)
        left, votes = np.full(len(self._ends), UNIT, dtype=np.int64), np.zeros(self.options, dtype=np.int64)
        for nodes, parents, options, through in self._levels:
            part = -(-left[parents] * keep[options] // UNIT)
            left[nodes] = left[parents] - part
            np.add.at(votes, options, part * through)
        votes += (left @ self._ends)[:-1]
        return list(map(int, votes.tolist()))
