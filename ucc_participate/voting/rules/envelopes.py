"""The rounds of a count: one for each envelope of the budget, and the last one for all that is left.

What every rule shares is done here, so that a rule only says how one round is counted: valid ballots, quorum, barred
options, options that exclude each other, the money or places of each round, and the outcome.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from . import barred, values
from .ballots import BallotSet
from .election import Election, Outcome
from .pairwise import Matrix, preferences
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

    @cached_property
    def preferences(self) -> Matrix:
        """The weight of the ballots that rank the row's option above the column's."""
        return preferences(self.ballots, len(self.ids))

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
    """What a round took, in this order, and how it came to it (None: nothing to say but what was taken).

    ``about_all``: members for the details of the whole outcome.
    """

    positions: Sequence[int]
    details: Mapping[str, Any] | None = None
    about_all: Mapping[str, Any] = field(default_factory=dict)


CountOne = Callable[[Case, Round], Taken]
Rank = Callable[[Case], Sequence[int]]
Describe = Callable[[Case], Mapping[str, Any]]


def count_rounds(
    ballots: BallotSet,
    election: Election,
    count_one: CountOne,
    rank: Rank = Case.by_counts,
    describe: Describe = lambda case: {},
) -> Outcome:
    """Count round by round; ``rank`` gives the order of all options that the result shows, ``describe`` what the rule
    says of all options together, whatever the rounds."""
    case = Case.of(ballots, election)
    details: dict[str, Any] = {**_published(case), **describe(case)}
    if barred.quorum_missed(ballots, election):
        return outcome(case, rank(case), (), details | {"quorum_missed": True})
    found = _Found()
    _count_all(case, count_one, found)
    details |= found.about_all
    if found.rounds:
        details["rounds"] = found.rounds
    return outcome(case, rank(case), found.winners, details)


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


@dataclass
class _Found:
    winners: list[int] = field(default_factory=list)
    rounds: list[dict[str, Any]] = field(default_factory=list)
    about_all: dict[str, Any] = field(default_factory=dict)


def _count_all(case: Case, count_one: CountOne, found: _Found) -> None:
    """Every round in turn."""
    places = {option_id: at for at, option_id in enumerate(case.ids)}
    left, rest = _amount(case.election.rules), set(range(len(case.ids)))
    for envelope in case.election.rules["envelopes"]:
        positions = tuple(sorted(places[option_id] for option_id in envelope["options"]))
        taken = _count_next(case, count_one, found, envelope["id"], positions, _amount(envelope))
        left -= sum(map(case.cost, taken)) if envelope["reserve"] else _amount(envelope)
        rest -= set(taken) if envelope["reserve"] else set(positions)
    _count_next(case, count_one, found, "", tuple(sorted(rest)), left)


def _count_next(
    case: Case, count_one: CountOne, found: _Found, envelope: str, positions: tuple[int, ...], amount: int
) -> Sequence[int]:
    """Count one round and note what it found; gives its winners."""
    taken = count_one(case, Round(envelope, positions, eligible(case, positions, found.winners), amount))
    found.winners.extend(taken.positions)
    found.about_all.update(taken.about_all)
    if taken.details is not None:
        found.rounds.append({"envelope": envelope, **taken.details})
    elif case.election.rules["envelopes"]:
        found.rounds.append({"envelope": envelope, "taken": [case.ids[i] for i in taken.positions]})
    return taken.positions


def _amount(shared: Mapping[str, Any]) -> int:
    """Money, or where there is none places."""
    return int(shared["winners"] or 0) if shared["budget"] is None else int(shared["budget"])
