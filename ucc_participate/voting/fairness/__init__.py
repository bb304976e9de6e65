"""The same ballots in other ways, and who got something: for information beside the result that decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ..rules import BallotSet, Election, Outcome
from .comparing import by_people, by_rule
from .raking import Raked, rake
from .satisfaction import satisfaction

__all__ = ["Raked", "compare", "rake"]


def compare(
    ballots: BallotSet,
    election: Election,
    outcome: Outcome,
    *,
    floor: int,
    tagged: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Any]:
    """``{"people", "rules", "satisfied"}`` as plain JSON. ``tagged``: options for ``women`` and for ``youth``."""
    everybody, groups = satisfaction(ballots, election, outcome.winners, floor=floor)
    return {
        "people": [asdict(each) for each in by_people(ballots, election, outcome, floor=floor, tagged=tagged or {})],
        "rules": [asdict(each) for each in by_rule(ballots, election, outcome)],
        "satisfied": [asdict(everybody), *(asdict(each) for each in groups)],
    }
