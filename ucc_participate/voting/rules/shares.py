"""One run of the Method of Equal Shares for one endowment: exact, and fast on a million ballots.

*Exact.* A voter whom no option has emptied holds ``E − Σ v·q`` over the options bought that the voter supports (``v``:
what the option is worth to the voter, ``q``: the price of a unit of worth), an emptied one holds nothing. So the money
of any set of voters is ``a·E − Σ a_j·q_j`` with whole numbers ``a``, which are sums over the ballots. All ``q_j`` are
kept as integers over one common denominator: a handful of large integers, however many voters there are.

*Fast.* Which options need not be looked at is found out with floats. For every split of an option's supporters into
some who pay all they have and others who pay ``q·v``, solving for ``q`` gives a lower bound of its price, since paying
the lesser of both is never more than either. The bound is lowered by the greatest error that the floats can have; only
options whose bound does not exceed the best exact price are solved exactly. There the floats say who is surely poor
and who surely rich; who is too near to the border is compared in integers.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from .ballots import Numbers
from .supporters import Floats, Supporters, total_weight
from .ties import TieKey

Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

_ULP = 2.0**-53
_SUM = 2.0**-42
"""More than the relative error of numpy's pairwise sum of floats with one rounding each."""
_NEAR = 2.0**-44
_SAME = 2.0**-45
_POSITIVE = 1e-300
_CHUNK = 50_000
_ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class Bought:
    """An option bought: ``rho`` is the price of a unit of utility."""

    option: int
    rho: Fraction


@dataclass(frozen=True, slots=True)
class Run:
    """What one endowment bought. ``is_over``: more than the limit, the rest was not looked at. ``left``: what somebody
    supports and more money might still buy."""

    bought: Sequence[Bought]
    is_over: bool
    left: frozenset[int]


@dataclass(frozen=True, slots=True)
class Price:
    """A unit of worth costs ``amount / units`` in parts of the common denominator. ``emptied``: which of the supporters
    with money pay all that they have."""

    amount: int
    units: int
    emptied: Mask


@dataclass(frozen=True, slots=True)
class Purses:
    """An option's supporters that have money. ``worth``: None where it is 1 for all."""

    voters: npt.NDArray[np.int32]
    weights: Numbers
    worth: Numbers | None

    def of(self, some: Mask) -> Purses:
        return Purses(self.voters[some], self.weights[some], None if self.worth is None else self.worth[some])

    def times(self, price: float) -> Floats:
        """What each of them would pay at this price of a unit of worth."""
        return np.asarray(price if self.worth is None else price * self.worth, dtype=np.float64)

    def units(self) -> float:
        """The worth of the option to all of them together, within the error of a sum."""
        weights = self.weights.astype(np.float64)
        return float((weights if self.worth is None else weights * self.worth).sum())

    def exact_units(self) -> int:
        return total_weight(self.weights, self.worth)


@dataclass(frozen=True, slots=True)
class Alike:
    """Supporters with the same money and worth: ``left`` in parts of the common denominator, ``places`` among them."""

    left: int
    worth: int
    weight: int
    places: Places


@dataclass(frozen=True)
class Market:
    """Everything that is the same for all endowments. ``costs``: by option; ``scales``: utility of a unit of worth."""

    supporters: Supporters
    candidates: tuple[int, ...]
    costs: Sequence[int]
    scales: Sequence[int]
    rivals: Sequence[frozenset[int]]
    tie: TieKey

    @classmethod
    def of(
        cls,
        supporters: Supporters,
        eligible: Iterable[int],
        costs: Sequence[int],
        rivals: Sequence[frozenset[int]],
        tie: TieKey,
        *,
        by_cost: bool,
    ) -> Market:
        """``by_cost``: what an option is worth counts times its cost."""
        candidates = tuple(i for i in sorted(eligible) if len(supporters.voters(i)))
        scales = costs if by_cost else [1] * len(costs)
        return cls(supporters, candidates, costs, scales, rivals, tie)

    def purses(self, option: int) -> Purses:
        voters = self.supporters.voters(option)
        return Purses(voters, self.supporters.weights[voters], self.supporters.worths(option))

    def run(self, endowment: Fraction, limit: int | None = None) -> Run:
        """Buy until nothing is affordable; with ``limit``: or until the costs exceed it."""
        return _Running(self, endowment, limit).run()


class _Running:
    """One run. ``left``: what each voter has, as floats within ``slack``, 0 exactly where emptied."""

    def __init__(self, market: Market, endowment: Fraction, limit: int | None) -> None:
        self.market, self.limit = market, limit
        self.denominator, self.endowment = endowment.denominator, endowment.numerator
        self.prices: dict[int, int] = {}
        self.most = float(endowment)
        self.left = np.full(len(market.supporters.weights), self.most)
        self.bought: list[Bought] = []
        self.spent = 0
        self.open = set(market.candidates)
        self.kept: dict[int, Purses] = {}
        self.guesses: dict[int, float] = {}
        self.bounds: list[tuple[float, int]] = []

    def run(self) -> Run:
        for option in sorted((i for i in self.open if not self.market.costs[i]), key=self.market.tie):
            if option in self.open:
                self._note(option, Fraction(0))
        self.bounds = [(0.0, option) for option in self.open]
        heapq.heapify(self.bounds)
        while not self._is_over() and (found := self._cheapest()) is not None:
            self._pay(*found)
        return Run(self.bought, self._is_over(), frozenset(self.open))

    def _is_over(self) -> bool:
        return self.limit is not None and self.spent > self.limit

    def _note(self, option: int, rho: Fraction) -> None:
        self.bought.append(Bought(option, rho))
        self.spent += self.market.costs[option]
        self.open -= {option, *self.market.rivals[option]}

    @property
    def slack(self) -> float:
        """The greatest error of a number in ``left``: its first rounding, and three for each payment."""
        return self.most * _ULP * (4 * len(self.prices) + 2)

    def _cheapest(self) -> tuple[int, Price, Fraction] | None:
        """The option with the smallest ρ of all that are affordable, the first by the tie rule among equals."""
        found: list[tuple[Fraction, tuple[int, ...], int, Price]] = []
        again: list[tuple[float, int]] = []
        best, fresh = math.inf, set()
        while self.bounds and self.bounds[0][0] <= best:
            bound, option = heapq.heappop(self.bounds)
            if option not in self.open:
                continue
            if option not in fresh:
                raised = self._bound(option, best)
                fresh.add(option)
                if raised is not None:
                    heapq.heappush(self.bounds, (max(bound, raised), option))
                continue
            price = self._solve(option)
            if price is not None:
                rho = Fraction(price.amount, price.units * self.denominator * self.market.scales[option])
                found.append((rho, self.market.tie(option), option, price))
                again.append((bound, option))
                best = min(best, float(rho) * (1 + 4 * _ULP))
        if not found:
            return None
        rho, _, option, price = min(found, key=lambda each: each[:2])
        for entry in again:
            if entry[1] != option:
                heapq.heappush(self.bounds, entry)
        return option, price, rho

    def _purses(self, option: int) -> tuple[Purses, Floats]:
        """Supporters with money, and what they have; those without are forgotten."""
        purses = self.kept.get(option) or self.market.purses(option)
        left = self.left[purses.voters]
        some = left > 0
        if not some.all():
            purses, left = purses.of(some), left[some]
        self.kept[option] = purses
        return purses, left

    def _bound(self, option: int, best: float) -> float | None:
        """A lower bound of the option's ρ: near to it, or above ``best``. None when it is surely not affordable."""
        purses, left = self._purses(option)
        scale = float(self.market.scales[option])
        if best < math.inf:
            poor = left < purses.times(best * scale)
            spent, broke = _paid(purses.of(poor), left[poor])
            quick = self._lowered(option, spent, broke, purses.of(~poor).units()) / scale
            if quick > best:
                return quick
        bound = self._converged(option, purses, left)
        return None if bound is None else bound / scale * (1 - 4 * _ULP)

    def _converged(self, option: int, purses: Purses, left: Floats) -> float | None:
        """Newton's steps from below: whoever is poor at a price is poor at every higher one. Keeps the price found."""
        cost, price = float(self.market.costs[option]), self.guesses.get(option, 0.0)
        spent, broke, is_first = 0.0, 0.0, True
        everybody, all_left = purses, left
        while True:
            poor = left < purses.times(price)
            if poor.any():
                more, who = _paid(purses.of(poor), left[poor])
                spent, broke = spent + more, broke + who
                purses, left = purses.of(~poor), left[~poor]
            elif not is_first:
                break
            if not len(left):
                self.guesses[option] = _richest(everybody, all_left)
                return None if spent + self._error(spent, broke) < cost else 0.0
            price, is_first = max(price, (cost - spent) / purses.units()), False
        self.guesses[option] = price
        return self._lowered(option, spent, broke, purses.units())

    def _error(self, spent: float, broke: float) -> float:
        """How far the sum of the money of voters with the weight ``broke`` may be from the truth."""
        return (broke * self.slack + spent * _SUM) * (1 + _SUM)

    def _lowered(self, option: int, spent: float, broke: float, units: float) -> float:
        """The price at which the others pay the rest, lowered by the greatest error: no price is below it."""
        rest = float(self.market.costs[option]) - spent - self._error(spent, broke)
        if units == 0:
            return math.inf if rest > 0 else 0.0
        return max(0.0, rest / units * (1 - 2 * _SUM))

    def _solve(self, option: int) -> Price | None:
        """The exact price; None when it is not affordable. Begins at the price that the floats found."""
        purses, left = self._purses(option)
        price = self.guesses[option]
        for attempt in range(_ATTEMPTS):
            paid = purses.times(price)
            doubt = self.slack + _NEAR * np.abs(paid) + 4 * _ULP * self.most
            near = np.abs(left - paid) <= doubt
            if attempt == _ATTEMPTS - 1:
                near[:] = True
            solved = self._solved(option, purses, (left < paid) & ~near, near)
            if solved is None or near.all():
                return solved
            exact = solved.amount / (solved.units * self.denominator)
            if abs(exact - price) <= _SAME * price:
                return solved
            price = exact
        raise AssertionError("the last attempt compares everything exactly")

    def _solved(self, option: int, purses: Purses, poor: Mask, near: Mask) -> Price | None:
        """The price if exactly ``poor`` and some of ``near`` pay all they have; None: all together have too little."""
        rest = self.market.costs[option] * self.denominator - self._money(purses.voters[poor])
        alike = sorted(self._alike(option, purses, near), key=lambda each: Fraction(each.left, each.worth))
        units = purses.of(~poor & ~near).exact_units() + sum(each.weight * each.worth for each in alike)
        emptied = poor.copy()
        for each in alike:
            if each.left * units >= each.worth * rest:
                break
            rest -= each.weight * each.left
            units -= each.weight * each.worth
        if not units:
            return None
        for each in alike:
            emptied[each.places] |= each.left * units <= each.worth * rest
        return Price(rest, units, emptied)

    def _money(self, voters: npt.NDArray[np.int32]) -> int:
        """What these voters, none of them emptied, hold together."""
        money = self.market.supporters.weight_of(voters) * self.endowment
        if not self.prices or not len(voters):
            return money
        named = self.market.supporters.named_by(voters)
        return money - sum(named[option] * price for option, price in self.prices.items())

    def _alike(self, option: int, purses: Purses, near: Mask) -> list[Alike]:
        """Those near to the border, put together where they bought the same and value the option alike."""
        supporters, bought = self.market.supporters, list(self.prices)
        column = np.full(supporters.options, -1, dtype=np.int64)
        column[[*bought, option]] = np.arange(len(bought) + 1)
        found: dict[bytes, list[int]] = {}
        places = np.flatnonzero(near)
        for start in range(0, len(places), _CHUNK):
            chunk = places[start : start + _CHUNK]
            at, lengths = supporters.entries(purses.voters[chunk])
            columns = column[supporters.choices[at]]
            rows = np.repeat(np.arange(len(chunk)), lengths)
            table = np.zeros((len(chunk), len(bought) + 1), dtype=np.int64)
            worth = np.ones(len(at), dtype=np.int64) if supporters.worth is None else supporters.worth[at]
            table[rows[columns >= 0], columns[columns >= 0]] = worth[columns >= 0]
            for place, row in zip(chunk.tolist(), table, strict=True):
                found.setdefault(row.tobytes(), []).append(place)
        return [self._alike_of(key, np.array(group, dtype=np.int64), purses) for key, group in found.items()]

    def _alike_of(self, key: bytes, places: Places, purses: Purses) -> Alike:
        *worths, own = np.frombuffer(key, dtype=np.int64).tolist()
        paid = sum(worth * price for worth, price in zip(worths, self.prices.values(), strict=True))
        return Alike(self.endowment - paid, own, total_weight(purses.weights[places]), places)

    def _pay(self, option: int, price: Price, rho: Fraction) -> None:
        """Buy the option; the common denominator grows by what its price needs."""
        purses, left = self._purses(option)
        left = np.maximum(left - purses.times(price.amount / (price.units * self.denominator)), _POSITIVE)
        left[price.emptied] = 0.0
        self.left[purses.voters] = left
        common = math.gcd(price.amount, price.units)
        factor = price.units // common
        self.denominator *= factor
        self.endowment *= factor
        self.prices = {bought: paid * factor for bought, paid in self.prices.items()}
        self.prices[option] = price.amount // common
        self._note(option, rho)


def _richest(purses: Purses, left: Floats) -> float:
    """The price at which nobody has anything left."""
    return float((left if purses.worth is None else left / purses.worth).max(initial=0.0))


def _paid(purses: Purses, left: Floats) -> tuple[float, float]:
    """What they pay who pay everything, and their weight."""
    return float((purses.weights * left).sum()), float(purses.weights.sum(dtype=np.float64))
