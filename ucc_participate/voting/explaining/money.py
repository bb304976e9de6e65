"""Who paid for what: Equal Shares played again from its published details, ballot by ballot.

The result itself is exact; the figures here are for people, in whole minor units, rounded down. They are computed in
one fixed order, so that the same ballots give the same figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from ..rules import BallotSet, Election, Outcome
from .columns import Columns, Real, Whole

TOLERANCE = 1e-9
"""Of the cost: what is smaller is rounding, and no money."""


@dataclass(frozen=True, slots=True, eq=False)
class Purchase:
    """One option that was bought, at ``price``: what a supporter pays who gives it one point and has enough left.

    ``paid``: by each of ``ballots``; ``emptied``: those of them for whom that was the last money.
    """

    option: int
    price: float
    ballots: Whole
    paid: Real
    emptied: int
    payers: int


@dataclass(slots=True, eq=False)
class Round:
    """One envelope, or all options: what each ballot had, what was bought, what is left."""

    envelope: str
    options: tuple[int, ...]
    endowment: float
    left: Real
    purchases: list[Purchase] = field(default_factory=list)
    topped_up: tuple[int, ...] = ()


def replay(ballots: BallotSet, election: Election, outcome: Outcome) -> tuple[Columns, list[Round]]:
    """Every round of ``outcome.details`` with its payments. The outcome must be one of Equal Shares."""
    columns = Columns.of(ballots, election)
    rounds = [_round(columns, election, told) for told in (outcome.details or {})["rounds"]]
    return columns, rounds


def _round(columns: Columns, election: Election, told: Mapping[str, Any]) -> Round:
    places = {option.id: at for at, option in enumerate(election.options)}
    mine = tuple(places[code] for code in _codes_of(election, told["envelope"]))
    endowment = float(Fraction(told["endowment"]))
    topped = tuple(places[code] for code in told.get("topped_up", ()))
    found = Round(told["envelope"], mine, endowment, np.full(len(columns.weight), endowment), topped_up=topped)
    for taken in told["taken"]:
        found.purchases.append(_buy(columns, election, found, places[taken["option"]], Fraction(taken["rho"])))
    return found


def _codes_of(election: Election, envelope: str) -> list[str]:
    """The options that compete in a round; in the last one (without a name) all of them may."""
    named = {each["id"]: list(each["options"]) for each in election.rules.get("envelopes", ())}
    return named.get(envelope) or [option.id for option in election.options]


def cost_of(election: Election, option: int) -> int:
    """What the option takes from the purse: its cost, or one place where places are shared out."""
    return 1 if election.rules.get("budget") is None else int(election.options[option].cost or 0)


def _buy(columns: Columns, election: Election, here: Round, option: int, rho: Fraction) -> Purchase:
    cost = cost_of(election, option)
    by_cost = election.rules.get("satisfaction", "cost") == "cost"
    price = float(rho * cost if by_cost else rho)
    ballots, values = columns.supporters(option)
    had = here.left[ballots]
    paid = np.minimum(had, price * values)
    here.left[ballots] = had - paid
    weight = columns.weight[ballots]
    emptied = (paid < price * values * (1 - TOLERANCE)) & (paid > 0)
    return Purchase(option, price, ballots, paid, int(weight[emptied].sum()), int(weight[paid > 0].sum()))


@dataclass(frozen=True, slots=True)
class Paid:
    """How an option was paid for. ``payers`` of its supporters paid, ``emptied`` of them what they had left.

    ``by_group``: dimension → label → whole percent of the money.
    """

    option: int
    envelope: str
    price: int
    payers: int
    emptied: int
    by_group: dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Lacking:
    """What a loser's supporters had left when it first was less than the cost, and on what they had spent most by then.

    From then on it could not be bought: money only becomes less. ``taken_before``: how many options had been bought.
    ``finally_left``: what they had at the end of the round.
    ``spent``: up to three of ``{"option", "money", "voters", "percent"}``: of its supporters so many had paid for that;
    ``percent`` of its supporters had chosen that, too.
    """

    option: int
    envelope: str
    cost: int
    left: int
    taken_before: int
    finally_left: int
    supporters: int
    spent: list[dict[str, int]]


def paid_for(ballots: BallotSet, columns: Columns, rounds: Sequence[Round]) -> list[Paid]:
    """How each bought option was paid for, in the order of buying."""
    return [
        Paid(
            purchase.option,
            here.envelope,
            int(purchase.price + 0.5),
            purchase.payers,
            purchase.emptied,
            _shares(ballots, columns, purchase),
        )
        for here in rounds
        for purchase in here.purchases
    ]


def _shares(ballots: BallotSet, columns: Columns, purchase: Purchase) -> dict[str, dict[str, int]]:
    money = purchase.paid * columns.weight[purchase.ballots]
    total = float(np.bincount(np.zeros(len(money), dtype=np.int64), money)[0]) if len(money) else 0.0
    shares: dict[str, dict[str, int]] = {}
    for dimension in ballots.dimensions if total else ():
        sums = np.bincount(dimension.codes[purchase.ballots], money, minlength=len(dimension.labels))
        shares[dimension.name] = {
            label: int(100 * part / total + 0.5) for label, part in zip(dimension.labels, sums.tolist(), strict=True)
        }
    return shares


MOST_SPENT = 3


def lacking(columns: Columns, election: Election, rounds: Sequence[Round], winners: set[int]) -> list[Lacking]:
    """What each option lacked that was not taken, in the last round in which it competed."""
    last = {option: here for here in rounds for option in here.options}
    found: list[Lacking] = []
    for here in rounds:
        losers = [option for option in here.options if last[option] is here and option not in winners]
        found += _lacking_in(columns, election, here, losers)
    return found


def _lacking_in(columns: Columns, election: Election, here: Round, losers: Sequence[int]) -> list[Lacking]:
    supporters = columns.heads(np.ones(len(columns.weight), dtype=np.bool_))
    left = columns.sums(np.full(len(columns.weight), here.endowment))
    fallen: dict[int, Lacking] = {}
    money: dict[int, Real] = {}
    voters: dict[int, Whole] = {}
    also: dict[int, Whole] = {}
    finally_left = columns.sums(here.left)
    for step in range(len(here.purchases) + 1):
        if step:
            purchase = here.purchases[step - 1]
            dense = np.zeros(len(columns.weight))
            dense[purchase.ballots] = purchase.paid
            money[purchase.option], voters[purchase.option] = columns.sums(dense), columns.heads(dense > 0)
            named = np.zeros(len(columns.weight), dtype=np.bool_)
            named[purchase.ballots] = True
            also[purchase.option] = columns.heads(named)
            left = left - money[purchase.option]
        for loser in losers:
            cost = cost_of(election, loser)
            falls = left[loser] < cost * (1 - TOLERANCE) or step == len(here.purchases)
            if loser in fallen or not falls:
                continue
            fallen[loser] = Lacking(
                loser,
                here.envelope,
                cost,
                int(left[loser] + TOLERANCE * cost),
                step,
                int(finally_left[loser] + TOLERANCE * cost),
                int(supporters[loser]),
                _spent(loser, money, voters, also, int(supporters[loser])),
            )
    return [fallen[loser] for loser in losers]


def _spent(
    loser: int,
    money: Mapping[int, Real],
    voters: Mapping[int, Whole],
    also: Mapping[int, Whole],
    supporters: int,
) -> list[dict[str, int]]:
    first = sorted(money, key=lambda bought: (-money[bought][loser], bought))[:MOST_SPENT]
    return [
        {
            "option": bought,
            "money": int(money[bought][loser] + 0.5),
            "voters": int(voters[bought][loser]),
            "percent": int(100 * also[bought][loser] / supporters + 0.5),
        }
        for bought in first
        if voters[bought][loser]
    ]
