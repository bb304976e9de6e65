"""The Method of Equal Shares (Peters, Pierczyński, Skowron 2021) with the completions and the comparison cities use.

Everybody gets the same share of the money; an option is bought by those who support it, the one first that costs them
least for what it is worth to them. docs/record-format.md §5 says it exactly, shares.py computes one run of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from flask_babel import lazy_gettext as _l

from . import greedy, values
from .ballots import BallotKind, BallotSet
from .checking import require_money_or_places, require_unused
from .election import Election, Method, Option, Outcome, Rules, RulesError
from .envelopes import Case, Round, Taken, count_rounds, eligible
from .shares import Market, Run
from .supporters import Supporters

WITH_STEPS = ("add1", "add1u")
WITH_TOP_UP = ("utilitarian", "add1u")
MOST_STEPS = 1_000_000
"""A step is this part of the budget at least: with a smaller one the count would not end in time."""


def validate(rules: Rules, options: tuple[Option, ...]) -> None:
    """Money or places; steps only with money and of a size; comparison with greedy only where there is one round."""
    require_money_or_places(rules, options)
    common = ("budget", "winners", "threshold", "envelopes", "exclusive", "majority")
    require_unused(rules, *common, "satisfaction", "completion", "increment", "comparison")
    _require_steps(rules)
    if rules["comparison"] and rules["budget"] is None:
        raise RulesError("comparison", _l("Only the spending of a budget can be compared with the greedy one."))
    if rules["comparison"] and rules["envelopes"]:
        raise RulesError("comparison", _l("With envelopes the two outcomes cannot be compared."))


def _require_steps(rules: Rules) -> None:
    has_steps = rules["completion"] in WITH_STEPS
    if has_steps and rules["budget"] is None:
        raise RulesError("completion", _l("Shares can be raised step by step only where there is a budget."))
    if has_steps and rules["increment"] is None:
        raise RulesError("increment", _l("Say by how much each voter’s share is raised at a time."))
    if not has_steps and rules["increment"] is not None:
        raise RulesError("increment", _l("Shares are not raised by these rules. Leave this empty."))
    if has_steps and rules["increment"] * MOST_STEPS < rules["budget"]:
        raise RulesError("increment", _l("This is too little: take at least a millionth of the budget."))


def count(ballots: BallotSet, election: Election) -> Outcome:
    return count_rounds(ballots, election, take)


def take(case: Case, this: Round) -> Taken:
    """One round: equal shares, then what the rules say about the rest of the money."""
    rules = case.election.rules
    supporters = Supporters.of(case, this)
    costs, by_cost = [case.cost(i) for i in range(len(case.ids))], rules["satisfaction"] == "cost"
    market = Market.of(supporters, this.eligible, costs, case.rivals, case.tie, by_cost=by_cost)
    increment = rules["increment"] if rules["completion"] in WITH_STEPS else None
    endowment, steps, run = _run(market, this.amount, increment)
    taken = [each.option for each in run.bought]
    topped_up = _top_up(case, this, taken) if rules["completion"] in WITH_TOP_UP else []
    details = {
        "endowment": text(endowment),
        "steps": steps,
        "taken": [{"option": case.ids[each.option], "rho": text(each.rho)} for each in run.bought],
        "topped_up": [case.ids[i] for i in topped_up],
    }
    if not rules["comparison"]:
        return Taken(taken + topped_up, details)
    return _compared(case, this, Taken(taken + topped_up, details))


def text(number: Fraction) -> str:
    """``"p/q"`` in lowest terms."""
    return f"{number.numerator}/{number.denominator}"


def _run(market: Market, money: int, increment: int | None) -> tuple[Fraction, int, Run]:
    """The run that counts, with its endowment and its number of steps. What costs more than all the money keeps no
    shares rising: it can never win, and they would rise as long as it is dear."""
    voters = market.supporters.weight
    if not voters:
        return Fraction(0), 0, Run((), is_over=False, left=frozenset())
    endowment, steps = Fraction(money, voters), 0
    run = market.run(endowment)
    while increment is not None and any(market.costs[option] <= money for option in run.left):
        further = market.run(endowment + increment, limit=money)
        if further.is_over:
            break
        endowment, steps, run = endowment + increment, steps + 1, further
    return endowment, steps, run


def _top_up(case: Case, this: Round, taken: Sequence[int]) -> list[int]:
    """What the rest of the money pays for, by the utility for the money."""
    by_cost = case.election.rules["satisfaction"] == "cost"
    order = case.by_counts() if by_cost else greedy.by_counts_per_cost(case)
    open_ones = eligible(case, tuple(this.eligible), taken)
    left = this.amount - sum(map(case.cost, taken))
    return greedy.affordable(case, (i for i in order if i in open_ones), left, skip=True)


def _compared(case: Case, this: Round, shares: Taken) -> Taken:
    """The greedy outcome where more voters get more from it."""
    order = (i for i in case.by_counts() if i in this.eligible)
    other = greedy.affordable(case, order, this.amount, skip=True)
    for_shares, for_greedy = _preferences(case, shares.positions, other)
    who = {"comparison": {"equal_shares": for_shares, "greedy": for_greedy}}
    return Taken(other if for_greedy > for_shares else shares.positions, shares.details, who)


def _preferences(case: Case, first: Sequence[int], second: Sequence[int]) -> tuple[int, int]:
    """The weight of the ballots that get more from the first outcome, and from the second."""
    by_cost = case.election.rules["satisfaction"] == "cost"
    gain = [0] * len(case.ids)
    for sign, winners in ((1, first), (-1, second)):
        for i in winners:
            gain[i] += sign * (case.cost(i) if by_cost else 1)
    worth = values.values(case.grouped, case.election)
    largest = (1 if worth is None else int(worth.max(initial=1))) * sum(map(abs, gain))
    gains = np.array(gain, dtype=np.int64 if largest < 1 << 62 else object)[case.grouped.choices]
    sums = values.by_ballot(case.grouped, gains if worth is None else gains * worth)
    return _weight(case, sums > 0), _weight(case, sums < 0)


def _weight(case: Case, which: npt.NDArray[np.bool_]) -> int:
    return sum(case.grouped.own_weights[which.astype(np.bool_)].tolist())


METHOD = Method("equal_shares", validate, count, frozenset(BallotKind))
