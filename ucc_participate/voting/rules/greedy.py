"""Greedy within a budget: most votes first, each option taken when its cost fits in what is left.

This is what most cities do by law. With ``skip`` an option that does not fit is passed over; without it the count
stops there. An option with fewer than ``threshold`` votes is never taken and never stops the count.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from .ballots import BallotSet
from .by_votes import outcome, ranking, tally
from .election import Election, Method, Option, Outcome, Rules, RulesError


def validate(rules: Rules, options: tuple[Option, ...]) -> None:
    """``budget`` and ``currency`` are given, every option has a cost, and no number of winners is fixed."""
    if rules["budget"] is None:
        raise RulesError("budget", _l("Say how much money there is."))
    if rules["currency"] is None:
        raise RulesError("currency", _l("Say in which currency the budget is."))
    if rules["winners"] is not None:
        raise RulesError("winners", _l("The budget decides how many win. Leave this empty."))
    if any(option.cost is None for option in options):
        raise RulesError("options", _l("Every option needs a cost."))


def count(ballots: BallotSet, election: Election) -> Outcome:
    """Rank by votes, spend the budget from the top."""
    counts = tally(ballots, election)
    order = ranking(counts, election)
    taken = affordable(order, counts, election)
    return outcome(counts, order, taken, election, spent=sum(cost(election.options[i]) for i in taken))


def affordable(order: Sequence[int], counts: Sequence[int], election: Election) -> list[int]:
    """The option positions that the budget pays for, in the order taken."""
    rules, left, taken = election.rules, election.rules["budget"], []
    for i in order:
        if counts[i] < rules["threshold"]:
            continue
        if cost(election.options[i]) <= left:
            left -= cost(election.options[i])
            taken.append(i)
        elif not rules["skip"]:
            break
    return taken


def cost(option: Option) -> int:
    """What the option costs; RulesError when nobody said."""
    if option.cost is None:
        raise RulesError("options", _l("Every option needs a cost."))
    return option.cost


METHOD = Method("greedy", validate, count)
