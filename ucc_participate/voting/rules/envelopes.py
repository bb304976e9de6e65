"""The rounds of a count: one for each envelope of the budget, and the last one for all that is left.

What every rule shares is done here, so that a rule only says how one round is counted: valid ballots, quorum, barred
options, options that exclude each other, the money or places of each round, and the outcome.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from . import barred, values
from .ballots import BallotSet
from .election import Election, Outcome
from .ties import TieKey, tie_key


@dataclass(frozen=True)
class Case:
    """A vote while it is counted. ``counts`` and positions are in ballot order.

    ``tie``: the sort key among equals. ``rivals``: what each option excludes once it is taken.
    """

    ballots: BallotSet
    election: Election
    counts: tuple[int, ...]
    named: tuple[int, ...] | None
    tie: TieKey
    barred: frozenset[int]
    rivals: tuple[frozenset[int], ...]

    @classmethod
    def of(cls, ballots: BallotSet, election: Election) -> Case:
        """BallotError when a ballot is not valid, RulesError when a lot is asked for and was not drawn."""
        values.require_valid(ballots, election)
        counts = values.counts(ballots, election)
        out = barred.barred(ballots, election, counts)
        named = values.named(ballots, election)
        return cls(ballots, election, counts, named, tie_key(election, counts), out, barred.rivals(election))

    @cached_property
    def grouped(self) -> BallotSet:
        """The ballots, equal ones put together."""
        return self.ballots.grouped()

    @cached_property
    def ids(self) -> tuple[str, ...]:
        return tuple(option.id for option in self.election.options)

    def cost(self, position: int) -> int:
        """What the option takes from what is shared out: its cost, or one of the places."""
        if self.election.rules["budget"] is None:
            return 1
        return self.election.options[position].cost or 0

    def by_counts(self) -> list[int]:
        """All positions, most votes first, ties decided."""
        return sorted(range(len(self.counts)), key=lambda i: (-self.counts[i], self.tie(i)))


@dataclass(frozen=True, slots=True)
class Round:
    """One round: its options, those of them that can still win, and how much money or how many places it has.

    ``envelope``: its id, "" in the last round. ``amount``: budget, or places where there is no budget.
    """

    envelope: str
    positions: tuple[int, ...]
    eligible: frozenset[int]
    amount: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What a round took, in this order, and how it came to it (None: nothing to say but what was taken)."""

    positions: Sequence[int]
    details: Mapping[str, Any] | None = None


CountOne = Callable[[Case, Round], Taken]
Rank = Callable[[Case], Sequence[int]]


def count_rounds(ballots: BallotSet, election: Election, count_one: CountOne, rank: Rank = Case.by_counts) -> Outcome:
    """Count round by round; ``rank`` gives the order of all options that the result shows."""
    case = Case.of(ballots, election)
    if barred.quorum_missed(ballots, election):
        return outcome(case, rank(case), (), _published(case) | {"quorum_missed": True})
    winners, rounds = _all_rounds(case, count_one)
    details: dict[str, Any] = _published(case)
    if rounds:
        details["rounds"] = rounds
    return outcome(case, rank(case), winners, details)


def outcome(case: Case, order: Sequence[int], taken: Sequence[int], details: Mapping[str, Any]) -> Outcome:
    """The outcome of taking these positions."""
    left = set(order) - set(taken)
    equal = {case.counts[i] for i in taken} & {case.counts[i] for i in left}
    spent = sum(map(case.cost, taken)) if case.election.rules["budget"] is not None else 0
    ranked, winners = (tuple(case.ids[i] for i in positions) for positions in (order, taken))
    return Outcome(case.counts, ranked, winners, spent, bool(equal), case.named, details or None)


def eligible(case: Case, positions: Sequence[int], taken: Sequence[int]) -> frozenset[int]:
    """Those of ``positions`` that are neither taken, nor barred, nor excluded by what is taken."""
    gone = case.barred.union(taken, *(case.rivals[i] for i in taken))
    return frozenset(positions) - gone


def _published(case: Case) -> dict[str, Any]:
    if not barred.is_published(case.election):
        return {}
    return {"barred": [case.ids[i] for i in sorted(case.barred)]}


def _all_rounds(case: Case, count_one: CountOne) -> tuple[list[int], list[dict[str, Any]]]:
    winners: list[int] = []
    rounds: list[dict[str, Any]] = []
    places = {option_id: at for at, option_id in enumerate(case.ids)}
    left, rest = _amount(case.election.rules), set(range(len(case.ids)))
    envelopes = case.election.rules["envelopes"]
    for envelope in envelopes:
        positions = tuple(sorted(places[option_id] for option_id in envelope["options"]))
        taken = _one(case, count_one, envelope["id"], positions, _amount(envelope), winners, rounds, bool(envelopes))
        left -= sum(map(case.cost, taken)) if envelope["reserve"] else _amount(envelope)
        rest -= set(taken) if envelope["reserve"] else set(positions)
    _one(case, count_one, "", tuple(sorted(rest)), left, winners, rounds, bool(envelopes))
    return winners, rounds


def _one(
    case: Case,
    count_one: CountOne,
    envelope: str,
    positions: tuple[int, ...],
    amount: int,
    winners: list[int],
    rounds: list[dict[str, Any]],
    has_envelopes: bool,
) -> Sequence[int]:
    """Count one round; its winners and what it says are added to the lists."""
    taken = count_one(case, Round(envelope, positions, eligible(case, positions, winners), amount))
    winners.extend(taken.positions)
    if taken.details is not None:
        rounds.append({"envelope": envelope, **taken.details})
    elif has_envelopes:
        rounds.append({"envelope": envelope, "taken": [case.ids[i] for i in taken.positions]})
    return taken.positions


def _amount(shared: Mapping[str, Any]) -> int:
    """Money, or where there is none places."""
    return int(shared["winners"] or 0) if shared["budget"] is None else int(shared["budget"])
