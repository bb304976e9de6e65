"""Counting rules: pure functions from ballots and published rules to an outcome.

A new rule is one file with a ``METHOD`` (its name, its validator, its count) and one line in ``METHODS``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l

from . import (
    borda,
    by_votes,
    checking,
    equal_shares,
    greedy,
    knapsack,
    majority_judgment,
    phragmen,
    ranked_pairs,
    schema,
    schulze,
    stv,
    weighing,
)
from .ballots import (
    BallotError,
    BallotKind,
    BallotSet,
    Dimension,
    pack,
    pack_points,
    pack_ranking,
    unpack,
    unpack_points,
)
from .election import Election, Method, Option, Outcome, RulesError

__all__ = [
    "METHODS",
    "BallotError",
    "BallotKind",
    "BallotSet",
    "Dimension",
    "Election",
    "Method",
    "Option",
    "Outcome",
    "RulesError",
    "count",
    "pack",
    "pack_points",
    "pack_ranking",
    "unpack",
    "unpack_points",
    "validate_rules",
]

METHODS: Mapping[str, Method] = {
    method.name: method
    for method in (
        by_votes.METHOD,
        greedy.METHOD,
        equal_shares.METHOD,
        phragmen.METHOD,
        knapsack.METHOD,
        stv.METHOD,
        schulze.METHOD,
        ranked_pairs.METHOD,
        borda.METHOD,
        majority_judgment.METHOD,
    )
}


def count(ballots: BallotSet, election: Election) -> Outcome:
    """Count by the election's own rules. RulesError or BallotError rather than a result that cannot be defended."""
    rules = validate_rules(election.rules, election.options)
    complete = replace(election, rules=schema.complete(rules))
    return METHODS[rules["method"]].count(weighing.weighed(ballots, complete), complete)


def validate_rules(rules: Mapping[str, Any], options: Sequence[Option] = ()) -> dict[str, Any]:
    """The rules object as it is published and hashed, defaults filled in; RulesError names the member that is wrong.

    Without ``options`` only what is true of the object alone is checked.
    """
    complete = schema.complete(rules)
    method = METHODS.get(complete["method"])
    if method is None:
        raise RulesError("method", _l("This way of counting is not known here."))
    schema.require_consistent(complete, tuple(options))
    checking.require_consistent(complete, tuple(options))
    if complete["ballot"] not in method.ballots:
        raise RulesError("ballot", _l("This way of counting cannot count such ballots."))
    method.validate(complete, tuple(options))
    return schema.canonical(complete)
