"""Why an option was chosen or not, in figures: pure functions over ballots, election and outcome.

``explain`` gives one JSON object; pages have the words for it.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from ..rules import BallotSet, Election, Outcome, count
from ..rules.schema import complete
from . import changes as again
from . import money
from .turns import turns

__all__ = ["explain"]


def explain(ballots: BallotSet, election: Election, outcome: Outcome, *, with_changes: bool = True) -> dict[str, Any]:
    """``{"payments", "lacking", "leftover", "turns", "changes"}``, options by their ids.

    ``payments``: of Equal Shares, in the order of buying; ``lacking``: what its losers lacked; ``changes``: what would
    have been enough for the losers nearest to being chosen.
    """
    full = replace(election, rules=complete(election.rules))
    found = [asdict(each) for each in again.changes(count, ballots, full, outcome)] if with_changes else []
    told = {"turns": turns(full, outcome), "changes": [_named(each, election) for each in found]}
    return {**_money(ballots, full, outcome), **told}


def _money(ballots: BallotSet, election: Election, outcome: Outcome) -> dict[str, Any]:
    if election.rules["method"] != "equal_shares" or not (outcome.details or {}).get("rounds"):
        return {"payments": [], "lacking": [], "leftover": []}
    columns, rounds = money.replay(ballots, election, outcome)
    ids = [option.id for option in election.options]
    bought = {purchase.option for here in rounds for purchase in here.purchases}
    added = {option for here in rounds for option in here.topped_up}
    taken = bought | added
    return {
        "payments": [_named(asdict(each), election) for each in money.paid_for(ballots, columns, rounds)],
        "lacking": [_named(asdict(each), election) for each in money.lacking(columns, election, rounds, taken)],
        "leftover": [ids[option] for option in sorted(added)],
    }


def _named(found: dict[str, Any], election: Election) -> dict[str, Any]:
    """The same with ids in place of positions, in what it holds, too."""
    spent = {"spent": [_named(each, election) for each in found["spent"]]} if "spent" in found else {}
    return {**found, "option": election.options[found["option"]].id, **spent}
