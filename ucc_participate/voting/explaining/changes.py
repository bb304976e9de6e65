"""What would have changed the result for an option: more ballots for it alone, or a lower cost; by counting again.

Where more support can only help (by votes, greedy, knapsack, Borda) the least number is found by halving. Elsewhere
(Equal Shares, Phragmén, STV, …) more support may for once do harm: there each of the first ``TRIED`` numbers is tried,
and then one is sought that is enough where one less is not; that a smaller one would not do is then not known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..rules import BallotSet, Election, Outcome, pack, pack_points

Count = Callable[[BallotSet, Election], Outcome]
STEADY = frozenset({"votes", "greedy", "knapsack", "borda"})
TRIED = 8
FINENESS = 1000
"""A lower cost is sought to so many parts of the cost."""
WORK = 40_000_000
MOST_RECOUNTS, FEWEST_RECOUNTS = 600, 24


@dataclass(frozen=True, slots=True)
class Changes:
    """``votes`` more ballots for it alone, or ``cost`` instead of its own, and it would have been chosen; None where no
    number up to the ballots cast, and no cost above 0, is enough. ``is_least``: no smaller number of votes is."""

    option: int
    votes: int | None
    is_least: bool
    cost: int | None


def recounts_allowed(ballots: BallotSet) -> int:
    """How often these ballots are counted again at most: fewer times the more there are, by a fixed rule."""
    return max(FEWEST_RECOUNTS, min(MOST_RECOUNTS, WORK // max(1, len(ballots.choices))))


@dataclass(slots=True)
class Recounts:
    """The election made ready to be counted again and again; ``left``: how often that is still allowed."""

    count: Count
    ballots: BallotSet
    election: Election
    left: int

    @classmethod
    def of(cls, count: Count, ballots: BallotSet, election: Election) -> Recounts:
        """Equal ballots put together; the quorum, which was met, is asked for no more: it counts heads."""
        rules = {**election.rules, "quorum": 0, "min_choices": min(1, election.rules["min_choices"])}
        ready = ballots.grouped()
        return cls(count, ready, replace(election, rules=rules), recounts_allowed(ready))

    def wins_with(self, option: int, more: int) -> bool:
        self.left -= 1
        trial = _with_more(self.ballots, _alone(self.election.rules, option), more)
        return self.election.options[option].id in self.count(trial, self.election).winners

    def wins_at(self, option: int, cost: int) -> bool:
        self.left -= 1
        options = tuple(
            replace(each, cost=cost) if at == option else each for at, each in enumerate(self.election.options)
        )
        return options[option].id in self.count(self.ballots, replace(self.election, options=options)).winners


def _alone(rules: Mapping[str, Any], option: int) -> bytes:
    """A ballot for this option and no other, with all the points that may be given."""
    if rules["ballot"] not in ("score", "cumulative", "yesno"):
        return pack([option])
    most = 1 if rules["ballot"] == "yesno" else rules.get("max_points") or rules.get("sum_points") or 1
    return pack_points({option: most})


def _with_more(ballots: BallotSet, packed: bytes, more: int) -> BallotSet:
    one = BallotSet.from_packed([packed], has_points=ballots.points is not None)
    own = np.ones(len(ballots), dtype=np.int64) if ballots.weights is None else ballots.weights
    points = None if ballots.points is None or one.points is None else np.concatenate((ballots.points, one.points))
    return BallotSet(
        np.append(ballots.offsets, ballots.offsets[-1] + len(one.choices)),
        np.concatenate((ballots.choices, one.choices)),
        points=points,
        weights=np.append(own, more),
    )


def changes(count: Count, ballots: BallotSet, election: Election, outcome: Outcome) -> list[Changes]:
    """For the options nearest to being chosen, as many as recounts allow; none where groups decide."""
    if election.rules.get("decides", "person") != "person" or (outcome.details or {}).get("quorum_missed"):
        return []
    again = Recounts.of(count, ballots, election)
    places = {option.id: at for at, option in enumerate(election.options)}
    barred = set((outcome.details or {}).get("barred", ()))
    found: list[Changes] = []
    for code in outcome.order:
        if code in outcome.winners or code in barred:
            continue
        if again.left < _most_for_one(len(ballots)):
            break
        found.append(_change(again, places[code], len(ballots)))
    return found


def _most_for_one(ballots: int) -> int:
    return TRIED + 2 * ballots.bit_length() + FINENESS.bit_length() + 2


def _change(again: Recounts, option: int, most: int) -> Changes:
    is_steady = again.election.rules["method"] in STEADY
    votes, is_least = _votes(lambda more: again.wins_with(option, more), most, is_steady=is_steady)
    cost = again.election.options[option].cost
    has_cost = cost and again.election.rules.get("budget") is not None
    return Changes(option, votes, is_least, _cost(again, option, cost) if has_cost and cost else None)


def _votes(wins: Callable[[int], bool], most: int, *, is_steady: bool) -> tuple[int | None, bool]:
    tried = 0 if is_steady else min(TRIED, most)
    for more in range(1, tried + 1):
        if wins(more):
            return more, True
    low, high = tried, max(1, 2 * tried)
    while not wins(high):
        if high >= most:
            return None, False
        low, high = high, min(2 * high, most)
    return _halved(wins, low, high), is_steady


def _halved(wins: Callable[[int], bool], low: int, high: int) -> int:
    """A number that is enough where one less is not: ``low`` is not, ``high`` is."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if wins(middle) else (middle, high)
    return high


def _cost(again: Recounts, option: int, cost: int) -> int | None:
    """The greatest cost, to a thousandth, at which it is chosen: found as the least saving."""
    step = max(1, cost // FINENESS)
    parts = (cost - 1) // step
    if parts < 1 or not again.wins_at(option, cost - parts * step):
        return None
    saved = _halved(lambda part: again.wins_at(option, cost - part * step), 0, parts)
    return cost - saved * step
