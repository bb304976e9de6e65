"""Single transferable vote: places shared in proportion to what voters prefer. With one place it is instant runoff."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l

from . import meek, scottish
from .ballots import BallotSet
from .checking import require_places, require_unused
from .election import Election, Method, Option, Outcome, Rules, RulesError
from .envelopes import Case, Round, Taken, count_rounds
from .places import require_no_rank_points
from .stages import Count

COUNTS: Mapping[str, Callable[[BallotSet, Count], None]] = {"scottish": scottish.count, "meek": meek.count}


def validate(rules: Rules, options: tuple[Option, ...]) -> None:
    """A number of places; nothing that has to do with money, and no weights by sector."""
    require_places(rules, options)
    require_unused(rules, "winners", "threshold", "transfer", "envelopes")
    require_no_rank_points(rules)
    if rules["decides"] == "sectors":
        raise RulesError(
            "decides", _l("A single transferable vote shares the places fairly by itself. Every ballot counts once.")
        )


def count(ballots: BallotSet, election: Election) -> Outcome:
    """Fill ``winners`` places by the transfers that the rules name; each envelope fills its own."""
    tallies: list[Count] = []
    has_envelopes = bool(election.rules["envelopes"])

    def take(case: Case, this: Round) -> Taken:
        tallies.append(Count(len(case.ids), this.amount, case.tie, set(this.eligible)))
        COUNTS[election.rules["transfer"]](case.ballots, tallies[-1])
        taken = [case.ids[i] for i in tallies[-1].elected]
        return Taken(tallies[-1].elected, {"taken": taken, **_shown(case.ids, tallies[-1])} if has_envelopes else None)

    def rank(case: Case) -> Sequence[int]:
        if len(tallies) == 1:
            return tallies[0].ranking(case.by_counts())
        return list(dict.fromkeys([*(i for tally in tallies for i in tally.elected), *case.by_counts()]))

    outcome = count_rounds(ballots, election, take, rank)
    if has_envelopes or not tallies:
        return outcome
    return replace(
        outcome, details={**(outcome.details or {}), **_shown([option.id for option in election.options], tallies[0])}
    )


def _shown(ids: Sequence[str], tally: Count) -> dict[str, Any]:
    """What docs/record-format.md §5 asks for: the quota, and each stage."""
    stages = [
        {
            "votes": stage.votes,
            "exhausted": stage.exhausted,
            "elected": [ids[i] for i in stage.elected],
            "excluded": [ids[i] for i in stage.excluded],
        }
        for stage in tally.stages
    ]
    return {"quota": tally.quota, "stages": stages}


METHOD = Method("stv", validate, count, frozenset({"ranked"}))
