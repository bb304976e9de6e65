"""The published result of a vote, ``data/votes/V.result.json``: docs/record-format.md §5.

Whole numbers and text only, in a fixed order, so that the same count gives the same bytes everywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from ..audit import canonical
from .groups import Group
from .rules import Election, Outcome, validate_rules


def build(
    election: Election, outcome: Outcome, groups: Sequence[Group], *, roll: int, ballots: int, blank: int
) -> dict[str, Any]:
    """The result object. ``roll``: how many could vote; ``ballots``: how many were counted, blank ones included."""
    if not 0 <= blank <= ballots <= roll:
        raise ValueError(f"{blank} blank of {ballots} ballots on a roll of {roll}")
    rules = validate_rules(election.rules, election.options)
    return {
        "vote": election.vote_ref,
        "title": election.title,
        "franchise": election.franchise,
        "rules": rules,
        "rules_sha256": rules_sha256(election),
        "budget": rules["budget"],
        "roll": roll,
        "ballots": ballots,
        "blank": blank,
        "counts": _counts(election, outcome),
        "winners": list(outcome.winners),
        "spent": outcome.spent,
        "tie_broken": outcome.tie_broken,
        "groups": [_group(group) for group in groups],
        **({} if outcome.details is None else {"details": outcome.details}),
    }


def sha256_of(result: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form of a published result."""
    return hashlib.sha256(canonical.dumps(result)).hexdigest()


def rules_sha256(election: Election) -> str:
    """The hash that is logged when the vote is announced and again when it opens: what all agreed on before."""
    options = [{"id": o.id, "title": o.title, "cost": o.cost, "proposal": o.proposal} for o in election.options]
    agreed = {"options": options, "rules": validate_rules(election.rules, election.options)}
    return hashlib.sha256(canonical.dumps(agreed)).hexdigest()


def _counts(election: Election, outcome: Outcome) -> list[dict[str, Any]]:
    """One line an option, in ballot order; ``rank`` from 1 in the order of the count."""
    rank = {option_id: place for place, option_id in enumerate(outcome.order, start=1)}
    winners = frozenset(outcome.winners)
    named = [{}] * len(outcome.counts) if outcome.named is None else [{"named": number} for number in outcome.named]
    return [
        {
            "id": option.id,
            "title": option.title,
            "cost": option.cost,
            "votes": votes,
            "rank": rank[option.id],
            "selected": option.id in winners,
            **also,
        }
        for option, votes, also in zip(election.options, outcome.counts, named, strict=True)
    ]


def _group(group: Group) -> dict[str, Any]:
    return {
        "group": group.group,
        "label_id": group.label_id,
        "voters": group.voters,
        "counts": list(group.counts),
    }
