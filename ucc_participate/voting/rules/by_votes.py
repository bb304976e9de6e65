"""By votes: the options named by most ballots, as many as the rules say."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from .ballots import BallotSet
from .election import Election, Method, Option, Outcome, Rules, RulesError


def validate(rules: Rules, options: tuple[Option, ...]) -> None:
    """``winners`` is a number; everything that has to do with money is off."""
    if rules["winners"] is None:
        raise RulesError("winners", _l("Say how many options win."))
    if options and rules["winners"] > len(options):
        raise RulesError("winners", _l("There are fewer options than winners."))
    for key, idle in (("budget", None), ("threshold", 0), ("skip", True)):
        if rules[key] != idle:
            raise RulesError(key, _l("A count by votes does not use this. Leave it as it is by default."))


def count(ballots: BallotSet, election: Election) -> Outcome:
    """Rank by votes, take the first ``winners``."""
    counts = tally(ballots, election)
    order = ranking(counts, election)
    taken = order[: election.rules["winners"]]
    return outcome(counts, order, taken, election, spent=0)


def tally(ballots: BallotSet, election: Election) -> tuple[int, ...]:
    """Ballots naming each option. BallotError when a ballot breaks the election's own limits."""
    ballots.require_sets()
    ballots.require_lengths(election.rules["min_choices"], election.rules["max_choices"])
    return tuple(ballots.tally(len(election.options)).tolist())


def ranking(counts: Sequence[int], election: Election) -> list[int]:
    """Option positions, most votes first; equal numbers by the published tie rule."""
    positions = range(len(election.options))
    if election.rules["tie"] == "cost_then_order":
        return sorted(positions, key=lambda i: (-counts[i], election.options[i].cost or 0, i))
    return sorted(positions, key=lambda i: (-counts[i], i))


def outcome(
    counts: tuple[int, ...], order: Sequence[int], taken: Sequence[int], election: Election, *, spent: int
) -> Outcome:
    """The outcome of taking the options at ``taken``, with ids for positions."""
    left = set(order) - set(taken)
    equal = {counts[i] for i in taken} & {counts[i] for i in left}
    ids = [option.id for option in election.options]
    return Outcome(counts, tuple(ids[i] for i in order), tuple(ids[i] for i in taken), spent, bool(equal))


METHOD = Method("votes", validate, count)
