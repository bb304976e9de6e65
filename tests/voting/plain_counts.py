"""The rules of budgets as docs/record-format.md §5 says them, in plain Python: slow, and as short as the text.

A ballot is ``(weight, sector, {position: value})`` for what it names; the ballots have already been found valid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import combinations
from math import gcd, prod
from typing import Any

from ucc_participate.voting.rules import Election

Ballot = tuple[int, str, dict[int, int]]
Taken = tuple[list[int], dict[str, Any] | None]
SECTORS = ("public", "private", "civil_society")


def text(number: Fraction) -> str:
    return f"{number.numerator}/{number.denominator}"


def weighed(ballots: list[Ballot]) -> list[Ballot]:
    """Every sector the same weight."""
    total = {s: sum(w for w, sector, _ in ballots if sector == s) for s in SECTORS}
    new = [(w * prod(t for s, t in total.items() if s != sector and t), sector, named) for w, sector, named in ballots]
    common = gcd(*(w for w, _, _ in new)) or 1
    return [(w // common, sector, named) for w, sector, named in new]


class Plain:
    """A whole count: ``winners`` (ids), ``counts``, ``order``, ``details``."""

    def __init__(self, ballots: list[Ballot], election: Election, rules: dict[str, Any]) -> None:
        self.rules, self.ids = rules, [option.id for option in election.options]
        self.all = range(len(self.ids))
        self.heads = len(ballots)
        self.ballots = weighed(ballots) if rules["decides"] == "sectors" else ballots
        self.has_money = rules["budget"] is not None
        self.true_costs = [option.cost or 0 for option in election.options]
        self.costs = [cost if self.has_money else 1 for cost in self.true_costs]
        self.counts = [sum(w * named.get(i, 0) for w, _, named in self.ballots) for i in self.all]
        self.lot = {option_id: at for at, option_id in enumerate(election.lot or self.ids)}
        self.rivals = [
            {j for g in rules["exclusive"] if self.ids[i] in g for j in map(self.ids.index, g)} for i in self.all
        ]
        by_ratio = rules["method"] == "greedy" and rules["per_cost"]
        self.ranked = sorted(self.all, key=self.ratio if by_ratio else self.most)
        self.order = [self.ids[i] for i in self.ranked]
        self.barred = {i for i in self.all if not self.may_win(i)}
        self.details: dict[str, Any] = {}
        if rules["majority"] or rules["decides"] == "double_majority":
            self.details["barred"] = [self.ids[i] for i in sorted(self.barred)]
        self.chosen: list[int] = []
        if self.heads < rules["quorum"]:
            self.details["quorum_missed"] = True
        else:
            self.rounds()
        self.winners = [self.ids[i] for i in self.chosen]

    def tie(self, i: int) -> tuple[int, ...]:
        cost, lot = self.true_costs[i], self.lot[self.ids[i]]
        keys = {"option_order": (i,), "cost_then_order": (cost, i), "lot": (lot,)}
        return keys.get(self.rules["tie"], (cost, -self.counts[i], lot))

    def most(self, i: int) -> Any:
        return -self.counts[i], self.tie(i)

    def ratio(self, i: int) -> Any:
        cost = self.costs[i]
        return cost > 0, -Fraction(self.counts[i], cost or 1), self.tie(i)

    def may_win(self, i: int) -> bool:
        if self.counts[i] < self.rules["threshold"]:
            return False
        if self.rules["majority"]:
            yes, no = (sum(w for w, _, named in self.ballots if named.get(i) == value) for value in (1, 0))
            if yes <= no:
                return False
        if self.rules["decides"] == "double_majority":
            points = self.rules["ballot"] in ("score", "cumulative", "yesno")
            filled = [(w, s, i in named and (named[i] > 0 or not points)) for w, s, named in self.ballots if named]
            half = [self.half(filled)] + [
                self.half([b for b in filled if b[1] == s]) for s in {s for _, s, _ in filled}
            ]
            return half[0] and 2 * sum(half[1:]) > len(half) - 1
        return True

    @staticmethod
    def half(filled: list[tuple[int, str, bool]]) -> bool:
        return 2 * sum(w for w, _, names in filled if names) >= sum(w for w, _, _ in filled)

    def rounds(self) -> None:
        share = "budget" if self.has_money else "winners"
        left, rest, told = self.rules[share], set(self.all), []
        for envelope in [*self.rules["envelopes"], None]:
            inside = rest if envelope is None else {self.ids.index(each) for each in envelope["options"]}
            taken, says = getattr(self, self.rules["method"])(inside, left if envelope is None else envelope[share])
            self.chosen += taken
            if says is None and self.rules["envelopes"]:
                says = {"taken": [self.ids[i] for i in taken]}
            if says is not None:
                told.append({"envelope": envelope["id"] if envelope else "", **says})
            if envelope is not None:
                left -= sum(self.costs[i] for i in taken) if envelope["reserve"] else envelope[share]
                rest -= set(taken) if envelope["reserve"] else inside
        if told:
            self.details["rounds"] = told

    def open(self, inside: Iterable[int], taken: Sequence[int]) -> set[int]:
        gone = self.barred.union(self.chosen, taken, *(self.rivals[i] for i in [*self.chosen, *taken]))
        return set(inside) - gone

    def spend(self, order: list[int], inside: set[int], money: int, before: Sequence[int], skip: bool) -> list[int]:
        taken: list[int] = []
        for i in order:
            if i in self.open(inside, [*before, *taken]):
                if self.costs[i] <= money:
                    money -= self.costs[i]
                    taken.append(i)
                elif not skip:
                    break
        return taken

    def greedy(self, inside: set[int], money: int) -> Taken:
        return self.spend(self.ranked, inside, money, [], self.rules["skip"]), None

    def votes(self, inside: set[int], places: int) -> Taken:
        return self.spend(self.ranked, inside, places, [], True), None

    def knapsack(self, inside: set[int], money: int) -> Taken:
        usable = [i for i in self.open(inside, []) if self.counts[i]]
        places = {i: at for at, i in enumerate(sorted(self.all, key=self.tie))}
        sets = [s for size in range(len(usable) + 1) for s in combinations(usable, size)]
        fair = [s for s in sets if sum(self.costs[i] for i in s) <= money]
        fair = [s for s in fair if not any(b in self.rivals[a] for a, b in combinations(s, 2))]
        key: Callable[[tuple[int, ...]], Any] = lambda s: (  # noqa: E731
            -sum(self.counts[i] for i in s),
            sum(self.costs[i] for i in s),
            sorted(places[i] for i in s),
        )
        return [i for i in self.ranked if i in min(fair, key=key)], None

    def one_run(self, inside: set[int], endowment: Fraction) -> list[tuple[int, Fraction]]:
        bought: list[tuple[int, Fraction]] = []
        left = [endowment] * len(self.ballots)
        by_cost = self.rules["satisfaction"] == "cost"
        while True:
            prices = []
            for i in self.open(inside, [option for option, _ in bought]):
                each = [b[2].get(i, 0) * (self.costs[i] if by_cost else 1) for b in self.ballots]
                rho = self.price(i, left, each)
                if rho is not None:
                    prices.append((rho, self.tie(i), i, each))
            if not prices:
                return bought
            rho, _, i, each = min(prices)
            bought.append((i, rho))
            left = [money - min(money, rho * utility) for money, utility in zip(left, each, strict=True)]

    def price(self, i: int, left: list[Fraction], each: list[int]) -> Fraction | None:
        if not self.costs[i]:
            return Fraction(0) if any(b[2].get(i, 0) > 0 for b in self.ballots) else None
        who = sorted(
            (money / utility, b[0] * money, b[0] * utility)
            for b, money, utility in zip(self.ballots, left, each, strict=True)
            if utility
        )
        poor, rich = Fraction(0), sum(utility for _, _, utility in who)
        for border, money, utility in who:
            if poor + rich * border >= self.costs[i]:
                return (self.costs[i] - poor) / rich
            poor, rich = poor + money, rich - utility
        return None

    def equal_shares(self, inside: set[int], money: int) -> Taken:
        rules = self.rules
        n = sum(w for w, _, named in self.ballots if any(named.get(i, 0) > 0 for i in inside))
        endowment, steps = Fraction(money, n) if n else Fraction(0), 0
        run = self.one_run(inside, endowment) if n else []
        while n and rules["completion"] in ("add1", "add1u"):
            waiting = [i for i in self.open(inside, [i for i, _ in run]) if self.costs[i] <= money]
            if not any(self.counts[i] for i in waiting):
                break
            further = self.one_run(inside, endowment + rules["increment"])
            if sum(self.costs[i] for i, _ in further) > money:
                break
            endowment, steps, run = endowment + rules["increment"], steps + 1, further
        taken, more = [i for i, _ in run], list[int]()
        if rules["completion"] in ("utilitarian", "add1u"):
            order = self.ranked if rules["satisfaction"] == "cost" else sorted(self.all, key=self.ratio)
            more = self.spend(order, inside, money - sum(self.costs[i] for i in taken), taken, True)
        says = {
            "endowment": text(endowment),
            "steps": steps,
            "taken": [{"option": self.ids[i], "rho": text(rho)} for i, rho in run],
            "topped_up": [self.ids[i] for i in more],
        }
        if rules["comparison"]:
            return self.compared(inside, money, taken + more), says
        return taken + more, says

    def compared(self, inside: set[int], money: int, shares: list[int]) -> list[int]:
        by_cost, other = self.rules["satisfaction"] == "cost", self.spend(self.ranked, inside, money, [], True)
        better = [0, 0]
        for w, _, named in self.ballots:
            one, two = (sum(named.get(i, 0) * (self.costs[i] if by_cost else 1) for i in s) for s in (shares, other))
            better[0] += w * (one > two)
            better[1] += w * (two > one)
        self.details["comparison"] = {"equal_shares": better[0], "greedy": better[1]}
        return other if better[1] > better[0] else shares

    def phragmen(self, inside: set[int], money: int) -> Taken:
        taken: list[int] = []
        told: list[dict[str, str]] = []
        gone, last = set[int](), [Fraction(0)] * len(self.ballots)
        while True:
            moments = []
            for i in self.open(inside, taken) - gone:
                who = [at for at, b in enumerate(self.ballots) if b[2].get(i, 0) > 0]
                if weight := sum(self.ballots[at][0] for at in who):
                    held = sum(self.ballots[at][0] * last[at] for at in who)
                    moments.append(((self.costs[i] + held) / weight, self.tie(i), i, who))
            if not moments:
                return taken, {"taken": told}
            moment, _, i, who = min(moments)
            if self.costs[i] <= money:
                money -= self.costs[i]
                taken.append(i)
                told.append({"option": self.ids[i], "load": text(Fraction(moment))})
                for at in who:
                    last[at] = Fraction(moment)
            elif self.rules["skip"]:
                gone.add(i)
            else:
                return taken, {"taken": told}
