"""How much was left when each option's turn came: for the rule that takes options one after the other."""

from __future__ import annotations

from typing import Any

from ..rules import Election, Outcome


def turns(election: Election, outcome: Outcome) -> list[dict[str, Any]]:
    """``{"option", "left"}`` in the order of counting; empty for other rules, and where envelopes are counted apart."""
    if election.rules["method"] != "greedy" or election.rules["envelopes"]:
        return []
    costs = {option.id: option.cost or 0 for option in election.options}
    left, taken = int(election.rules["budget"] or 0), set(outcome.winners)
    found = []
    for code in outcome.order:
        found.append({"option": code, "left": left})
        left -= costs[code] if code in taken else 0
    return found
