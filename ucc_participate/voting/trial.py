"""Trial counts: how each rule behaves on ballots that nobody cast, with the options and rules of a real vote."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache

from . import counting
from .fairness.comparing import Variant, by_rule
from .models import Vote
from .rules import Election, Outcome, count, schema
from .rules.synthetic import synthesize

VOTERS = 400
MOST_SEEDS = 999


@dataclass(frozen=True, slots=True)
class Tried:
    """``outcome`` of the vote's own rule on the invented ballots, and what other rules make of the same ones."""

    voters: int
    outcome: Outcome
    variants: list[Variant]


def try_out(vote: Vote, number: int) -> Tried:
    """The same number gives the same ballots everywhere. Needs the vote's options, and reads nothing else."""
    election = counting.election_of(vote)
    return _tried(json.dumps(vote.rules, sort_keys=True), replace_rules(election), number)


def replace_rules(election: Election) -> Election:
    """The election as it can be tried: ties by the order of the ballot, since no lot is drawn before the closing."""
    by_lot = election.rules.get("tie") in schema.BY_LOT
    rules = {**election.rules, **({"tie": "option_order", "lot": None} if by_lot else {}), "quorum": 0, "threshold": 0}
    return replace(election, rules=_Frozen(rules), lot=None)


class _Frozen(dict[str, object]):
    """Rules that can stand in a key: the text of them does, beside."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(json.dumps(self, sort_keys=True))


@lru_cache(maxsize=64)
def _tried(_rules: str, election: Election, number: int) -> Tried:
    ballots = synthesize(election.options, election.rules, VOTERS, f"{election.vote_ref}/{number}")
    outcome = count(ballots, election)
    return Tried(len(ballots), outcome, by_rule(ballots, election, outcome))
