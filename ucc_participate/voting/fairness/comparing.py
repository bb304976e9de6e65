"""The same ballots counted in other ways: other weights of people, and other rules. Only one of them decides.

Every other one is information. What is computed from fewer than twice the floor ballots of a group is not shown: its
outcome could tell how a few people voted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from ..rules import METHODS, BallotError, BallotSet, Election, Outcome, RulesError, count, validate_rules
from ..rules.schema import complete

RESERVED = Fraction(1, 5)
"""Of the money or places, for the proposals for women, or for the young."""
RULES = ("votes", "greedy", "equal_shares", "phragmen", "stv", "schulze", "ranked_pairs", "borda", "majority_judgment")
STEPS = 200
"""Equal Shares is completed in steps of so many parts of the first share of each voter."""
_OF_A_METHOD = (
    "per_cost",
    "satisfaction",
    "completion",
    "increment",
    "comparison",
    "transfer",
    "majority",
    "skip",
)
_PEOPLE = {"women": ("sex", "female"), "youth": ("age", "under_30")}


@dataclass(frozen=True, slots=True)
class Variant:
    """One way of counting. ``winners`` None: not shown. ``added``, ``removed``: beside those who were really chosen."""

    key: str
    kind: str
    decides: bool
    winners: tuple[str, ...] | None
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    spent: int | None = None


def by_people(
    ballots: BallotSet, election: Election, outcome: Outcome, *, floor: int, tagged: Mapping[str, Sequence[str]]
) -> list[Variant]:
    """Whose ballots weigh how much. ``tagged``: ids of the options for ``women`` and for ``youth``."""
    decides = str(election.rules.get("decides", "person"))
    found = [
        _variant(key, "people", election, outcome, decides == key, _decided(key, ballots, election, outcome, floor))
        for key in ("person", "sectors", "double_majority")
        if key == "person" or _dimension(ballots, "sector") is not None
    ]
    if _dimension(ballots, "sector") is not None:
        found.append(_variant("weakest_sector", "people", election, outcome, False, _weakest(ballots, election, floor)))
    found += [
        _variant(f"only_{key}", "people", election, outcome, False, _only(key, ballots, election, floor))
        for key, (name, _) in _PEOPLE.items()
        if _dimension(ballots, name) is not None
    ]
    return found + list(_reserved(ballots, election, outcome, tagged))


def by_rule(ballots: BallotSet, election: Election, outcome: Outcome) -> list[Variant]:
    """The same ballots by every rule that can count them, the one that decided first."""
    mine = election.rules["method"]
    order = (mine, *(name for name in RULES if name != mine and name in METHODS))
    found = []
    for name in order:
        counted = outcome if name == mine else counted_by(name, ballots, election)
        if counted is not None:
            found.append(_variant(name, "rule", election, outcome, name == mine, counted))
    return found


def counted_by(method: str, ballots: BallotSet, election: Election) -> Outcome | None:
    """The outcome by another method with its usual settings; None where it cannot count such ballots."""
    try:
        rules = validate_rules(rules_for(method, election, len(ballots)), election.options)
        return count(ballots, replace(election, rules=rules))
    except (RulesError, BallotError):
        return None


def rules_for(method: str, election: Election, ballots: int) -> dict[str, Any]:
    """The election's rules with another method: what belongs to one method only is left out."""
    rules = {key: value for key, value in election.rules.items() if key not in _OF_A_METHOD} | {"method": method}
    if method == "equal_shares" and rules.get("budget"):
        step = max(1, rules["budget"] // max(1, ballots) // STEPS)
        rules |= {"completion": "add1u", "increment": step}
    if method == "greedy":
        rules |= {"skip": True}
    return rules


def _variant(
    key: str, kind: str, election: Election, outcome: Outcome, decides: bool, counted: Outcome | None
) -> Variant:
    if counted is None:
        return Variant(key, kind, decides, None)
    real, other = set(outcome.winners), set(counted.winners)
    ids = [option.id for option in election.options]
    added = tuple(code for code in ids if code in other - real)
    removed = tuple(code for code in ids if code in real - other)
    spent = counted.spent if election.rules.get("budget") is not None else None
    return Variant(key, kind, decides, counted.winners, added, removed, spent)


def _dimension(ballots: BallotSet, name: str) -> Any:
    return next((each for each in ballots.dimensions if each.name == name), None)


def large_enough(ballots: BallotSet, name: str, floor: int) -> bool:
    """Whether every group of a dimension, but those without ballots, has twice the floor."""
    dimension = _dimension(ballots, name)
    voters = np.bincount(dimension.codes, minlength=len(dimension.labels))
    return bool(((voters == 0) | (voters >= 2 * floor)).all())


def _decided(key: str, ballots: BallotSet, election: Election, outcome: Outcome, floor: int) -> Outcome | None:
    if key == election.rules.get("decides", "person"):
        return outcome
    open_to_all = election.franchise == "organisation"
    if key != "person" and not open_to_all and not large_enough(ballots, "sector", floor):
        return None
    try:
        return count(ballots, replace(election, rules={**election.rules, "decides": key}))
    except (RulesError, BallotError):
        return None


def _only(key: str, ballots: BallotSet, election: Election, floor: int) -> Outcome | None:
    """The outcome of these people's ballots alone, where they and all others are enough not to be told apart."""
    name, label = _PEOPLE[key]
    dimension = _dimension(ballots, name)
    mine = dimension.codes == dimension.labels.index(label)
    others = len(ballots) - int(mine.sum())
    if mine.sum() < 2 * floor or 0 < others < 2 * floor:
        return None
    rules = {**election.rules, "quorum": 0, "decides": "person"}
    return count(picked(ballots, mine), replace(election, rules=rules))


def picked(ballots: BallotSet, which: npt.NDArray[np.bool_]) -> BallotSet:
    """The chosen ballots, with their weights and groups."""
    packed = ballots.to_packed()
    kept = [packed[at] for at in np.flatnonzero(which).tolist()]
    dimensions = tuple(replace(each, codes=each.codes[which]) for each in ballots.dimensions)
    made = BallotSet.from_packed(kept, dimensions, has_points=ballots.points is not None)
    return made if ballots.weights is None else made.weighted(ballots.weights[which])


def _weakest(ballots: BallotSet, election: Election, floor: int) -> Outcome | None:
    """Options in the order of their support in the sector that supports them least; as many, or as much, as decided."""
    if election.franchise != "organisation" and not large_enough(ballots, "sector", floor):
        return None
    dimension = _dimension(ballots, "sector")
    sectors = [dimension.codes == at for at in range(len(dimension.labels)) if (dimension.codes == at).any()]
    if not sectors:
        return None
    options = len(election.options)
    parts = [picked(ballots, mine) for mine in sectors]
    named = [(part.tally(options).tolist(), part.cast) for part in parts]
    least = [min(Fraction(votes[at], cast) for votes, cast in named) for at in range(options)]
    order = sorted(range(options), key=lambda at: (-least[at], at))
    taken = _taken(election, order)
    winners = tuple(election.options[at].id for at in taken)
    spent = sum(election.options[at].cost or 0 for at in taken) if election.rules.get("budget") is not None else 0
    counts = tuple(int(ballots.tally(options)[at]) for at in range(options))
    return Outcome(counts, tuple(election.options[at].id for at in order), winners, spent, False)


def _taken(election: Election, order: Sequence[int]) -> list[int]:
    budget, places = election.rules.get("budget"), election.rules.get("winners")
    if budget is None:
        return list(order[: places or 1])
    left, taken = int(budget), []
    for at in order:
        cost = election.options[at].cost or 0
        if cost <= left:
            left -= cost
            taken.append(at)
    return taken


def _reserved(
    ballots: BallotSet, election: Election, outcome: Outcome, tagged: Mapping[str, Sequence[str]]
) -> Iterator[Variant]:
    """A fifth of the money or places kept for the options for women, or for the young."""
    rules = complete(election.rules)
    if rules["envelopes"]:
        return
    for key, codes in tagged.items():
        mine = [option.id for option in election.options if option.id in set(codes)]
        if not mine or len(mine) == len(election.options):
            continue
        envelope: dict[str, Any] = {"id": key, "options": mine, "budget": None, "winners": None, "reserve": True}
        if rules["budget"] is not None:
            envelope["budget"] = int(rules["budget"] * RESERVED)
        else:
            envelope["winners"] = max(1, int((rules["winners"] or 1) * RESERVED))
        try:
            counted = count(ballots, replace(election, rules={**election.rules, "envelopes": [envelope]}))
        except (RulesError, BallotError):
            continue
        yield _variant(f"reserved_{key}", "people", election, outcome, False, counted)
