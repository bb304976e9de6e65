"""What is found in the ballots of a counted vote beside its result: one JSON object, computed once and kept.

It explains the result, lays other ways of counting beside it, and breaks it down further. It follows from the ballots
alone and can be computed again at any time; the drift check does so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from . import counting, groups
from .explaining import explain
from .fairness import compare, rake
from .groups import Group
from .models import Vote
from .rules import BallotSet, Outcome, count
from .rules.ballots import Dimension

EDITION = 1
"""Raised when what is computed here changes: kept analyses of older editions are computed anew."""

Margins = Mapping[str, Mapping[str, float]]
"""Dimension → label → share of the city's people: for the weighted rates."""


def analyse(
    vote: Vote,
    ballots: BallotSet,
    further: tuple[Dimension, ...],
    *,
    tagged: Mapping[str, Sequence[str]],
    margins: Margins | None,
    with_changes: bool = True,
) -> dict[str, Any]:
    """The whole object. ``further``: district and channel of the ballots; ``tagged``: options for women, for youth."""
    election = counting.election_of(vote)
    outcome = count(ballots, election)
    floor = int(election.rules.get("group_floor", 5))
    shown = groups.breakdown(ballots, election, floor=floor)
    explained = explain(ballots, election, outcome, with_changes=with_changes)
    for paid in explained["payments"]:
        place = next(at for at, option in enumerate(election.options) if option.id == paid["option"])
        is_open = election.franchise == "organisation"
        paid["by_group"] = paid["by_group"] if is_open else _tellable(paid["by_group"], shown, place)
    own = replace(ballots, dimensions=further)
    beyond = [_row(group) for group in groups.breakdown(own, election, floor=floor)]
    found = compare(ballots, election, outcome, floor=floor, tagged=tagged)
    weighted = weigh(replace(ballots, dimensions=(*ballots.dimensions, *further)), outcome, margins)
    return {**explained, **found, "beyond": beyond, "weighted": weighted}


def _tellable(shares: Mapping[str, Mapping[str, int]], shown: Sequence[Group], place: int) -> dict[str, dict[str, int]]:
    """Shares of the money of those dimensions where all votes for the option are published: else they would tell of
    hidden ones. Whole percents of the money add less than the votes do."""
    rows: dict[str, list[Group]] = {}
    for group in shown:
        rows.setdefault(group.group.partition(":")[0], []).append(group)
    return {
        name: dict(parts)
        for name, parts in shares.items()
        if all(group.voters == 0 or group.counts[place] is not None for group in rows[name])
    }


def _row(group: Group) -> dict[str, Any]:
    return {"group": group.group, "voters": group.voters, "counts": list(group.counts)}


def weigh(ballots: BallotSet, outcome: Outcome, margins: Margins | None) -> dict[str, Any] | None:
    """Weighted shares of voters that name each option, in tenths of percents; None where they could tell of few people
    (a margin under thirty voters) or nobody says what the city's people are like."""
    if not margins:
        return None
    columns = {each.name: [each.labels[code] for code in each.codes.tolist()] for each in ballots.dimensions}
    raked = rake({name: labels for name, labels in columns.items() if name in margins}, margins)
    if raked is None or not raked.is_converged or raked.thin:
        return None
    owner = np.repeat(np.arange(len(ballots)), ballots.lengths)
    lines = []
    for option in range(len(outcome.counts)):
        named = np.zeros(len(ballots), dtype=np.bool_)
        named[owner[ballots.choices == option]] = True
        share, variance = raked.rate(named)
        raw = int(named.sum())
        lines.append(
            {
                "raw_percent": round(100 * raw / len(ballots)),
                "percent": round(100 * share),
                "margin_percent": max(1, round(100 * 1.96 * variance**0.5)),
            }
        )
    return {
        "options": lines,
        "dimensions": [name for name in margins if name in columns],
        "design_effect_hundredths": round(100 * raked.design_effect),
        "effective_voters": round(raked.effective_voters),
        "trimmed": raked.trimmed,
    }


def plain(found: Any) -> Any:
    """As it comes back from the database: lists for tuples."""
    if isinstance(found, Mapping):
        return {key: plain(value) for key, value in found.items()}
    if isinstance(found, (list, tuple)):
        return [plain(each) for each in found]
    return found
