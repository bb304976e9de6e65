"""What a vote is held for, and what the announcement begins with: ballot, counting rule and their settings.

The rules themselves register in ``rules.METHODS``; here stands which of them serve which purpose, the best one first.
What is not registered is not offered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l

from .rules import METHODS, BallotKind

SETS = (BallotKind.APPROVAL, BallotKind.CHOOSE)
BALLOT_MEMBERS: Mapping[str, frozenset[BallotKind]] = {
    "min_points": frozenset({BallotKind.SCORE}),
    "max_points": frozenset({BallotKind.SCORE, BallotKind.CUMULATIVE}),
    "sum_points": frozenset({BallotKind.CUMULATIVE}),
    "majority": frozenset({BallotKind.YESNO}),
}
"""Members of the rules that mean something for these ballots alone."""
METHOD_MEMBERS: Mapping[str, frozenset[str]] = {
    "budget": frozenset({"greedy", "equal_shares", "phragmen", "knapsack"}),
    "winners": frozenset(
        {
            *("votes", "equal_shares", "phragmen", "borda", "stv"),
            *("schulze", "ranked_pairs", "majority_judgment"),
        }
    ),
    "skip": frozenset({"greedy", "phragmen"}),
    "per_cost": frozenset({"greedy"}),
    "satisfaction": frozenset({"equal_shares"}),
    "completion": frozenset({"equal_shares"}),
    "increment": frozenset({"equal_shares"}),
    "comparison": frozenset({"equal_shares"}),
    "transfer": frozenset({"stv"}),
    "rank_points": frozenset({"votes", "greedy", "equal_shares", "borda"}),
    "threshold": frozenset({"votes", "greedy", "equal_shares", "phragmen", "knapsack", "borda"}),
    "envelopes": frozenset({"votes", "greedy", "equal_shares", "phragmen", "knapsack", "borda"}),
    "exclusive": frozenset({"votes", "greedy", "equal_shares", "phragmen", "knapsack", "borda"}),
}
"""Members that mean something for these ways of counting alone; all others mean something for every one."""
BUDGET_OR_PLACES = frozenset({"equal_shares", "phragmen"})
STEPS_TO_BUDGET = 500


@dataclass(frozen=True, slots=True)
class Purpose:
    """``methods`` and ``ballots``: what serves it, the best first. ``front``: the fields that are always in sight.

    ``defaults``: what the form begins with, beside method and ballot.
    """

    id: str
    title: Any
    text: Any
    methods: tuple[str, ...]
    ballots: tuple[BallotKind, ...]
    front: frozenset[str]
    defaults: Mapping[str, Any] = field(default_factory=dict)

    def offered_methods(self) -> list[str]:
        """Those that are registered, the best first."""
        return [name for name in self.methods if name in METHODS]

    def offered_ballots(self) -> list[BallotKind]:
        """Those that one of the offered methods can count, the best first."""
        return [kind for kind in self.ballots if any(kind in METHODS[name].ballots for name in self.offered_methods())]

    def begins_with(self) -> dict[str, Any]:
        """Values of the form for the best method that there is, with the best ballot that it counts."""
        method = self.offered_methods()[0]
        ballot = next(kind for kind in self.ballots if kind in METHODS[method].ballots)
        points = {"min_points": 0, "max_points": 5} if ballot is BallotKind.SCORE else {}
        return {"method": method, "ballot": ballot.value, **points, **self.defaults}

    def uses(self, member: str) -> bool:
        """Whether any offered method and ballot has a use for this member of the rules."""
        methods, ballots = METHOD_MEMBERS.get(member), BALLOT_MEMBERS.get(member)
        if member == "rank_points" and BallotKind.RANKED not in self.offered_ballots():
            return False
        if methods is not None:
            return not methods.isdisjoint(self.offered_methods())
        return ballots is None or not ballots.isdisjoint(self.offered_ballots())


BY_COUNTING = ("votes", "greedy", "equal_shares", "phragmen", "knapsack")
BY_RANKS = ("stv", "schulze", "ranked_pairs", "borda", "majority_judgment")
_LOT = {"tie": "lot", "decides": "person", "order": "random", "completion": "none", "satisfaction": "cardinality"}

_ALL = (
    Purpose(
        "fund",
        _l("Fund projects from a budget"),
        _l(
            "There is money for some of the proposals. Nearly everybody "
            "shall find something of theirs among what is paid."
        ),
        ("equal_shares", "phragmen", "greedy", "knapsack"),
        (*SETS, BallotKind.CUMULATIVE, BallotKind.SCORE, BallotKind.RANKED, BallotKind.KNAPSACK),
        frozenset({"ballot", "min_choices", "max_choices", "method", "budget"}),
        {
            "min_choices": 3,
            "max_choices": 10,
            "satisfaction": "cost",
            "completion": "add1u",
            "tie": "cost_votes_lot",
            "order": "random",
            "decides": "person",
        },
    ),
    Purpose(
        "rank",
        _l("Rank priorities"),
        _l("What matters most, without money: a short list, in order."),
        ("votes", "equal_shares", "phragmen", "borda", "schulze", "ranked_pairs"),
        (*SETS, BallotKind.RANKED, BallotKind.SCORE, BallotKind.CUMULATIVE),
        frozenset({"ballot", "max_choices", "method", "winners"}),
        {**_LOT, "min_choices": 1, "max_choices": 5, "winners": 5},
    ),
    Purpose(
        "pick",
        _l("Choose one"),
        _l("One place, one name, one plan: a single option wins."),
        ("schulze", "ranked_pairs", "majority_judgment", "votes", "borda"),
        (BallotKind.RANKED, BallotKind.CHOOSE, BallotKind.SCORE, BallotKind.APPROVAL),
        frozenset({"ballot", "method"}),
        {**_LOT, "min_choices": 1, "max_choices": None, "winners": 1},
    ),
    Purpose(
        "committee",
        _l("Elect a committee"),
        _l("Several people or groups who together stand for those who vote."),
        ("stv", "phragmen", "equal_shares", "votes"),
        (BallotKind.RANKED, BallotKind.APPROVAL, BallotKind.CHOOSE),
        frozenset({"ballot", "method", "winners"}),
        {**_LOT, "min_choices": 1, "max_choices": None, "winners": 5},
    ),
    Purpose(
        "evaluate",
        _l("Evaluate every proposal"),
        _l("Each proposal gets a grade; those with the best grades come first."),
        ("majority_judgment", "votes"),
        (BallotKind.SCORE, BallotKind.APPROVAL),
        frozenset({"ballot", "min_points", "max_points", "method", "winners"}),
        {**_LOT, "min_choices": 1, "max_choices": None, "min_points": 0, "max_points": 5, "winners": 5},
    ),
    Purpose(
        "yesno",
        _l("Say yes or no to each"),
        _l("Every proposal stands for itself: more yes than no, or it is not taken."),
        ("votes", "greedy"),
        (BallotKind.YESNO,),
        frozenset({"method", "winners", "budget", "majority"}),
        {**_LOT, "min_choices": 1, "max_choices": None, "majority": True, "winners": 5},
    ),
    Purpose(
        "law",
        _l("The law says: most votes win"),
        _l("A statute or an order fixes the count: from the most votes downwards, as long as the money lasts."),
        ("greedy", "votes"),
        (*SETS, BallotKind.RANKED, BallotKind.CUMULATIVE, BallotKind.SCORE),
        frozenset({"ballot", "max_choices", "method", "budget", "winners"}),
        {**_LOT, "min_choices": 1, "max_choices": 3, "tie": "cost_votes_lot", "satisfaction": "cost"},
    ),
    Purpose(
        "other",
        _l("Something else"),
        _l("All ballots and all ways of counting, each setting by hand."),
        (*BY_COUNTING, *BY_RANKS),
        tuple(BallotKind),
        frozenset({"ballot", "min_choices", "max_choices", "method", "budget", "winners"}),
        {**_LOT, "min_choices": 1, "satisfaction": "cost", "tie": "option_order", "order": "fixed"},
    ),
)
PURPOSES: Mapping[str, Purpose] = {purpose.id: purpose for purpose in _ALL}


def offered() -> list[Purpose]:
    """Purposes that some registered way of counting serves."""
    return [purpose for purpose in _ALL if purpose.offered_ballots()]
