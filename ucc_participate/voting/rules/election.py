"""What is voted on and what comes out: the types that every counting rule shares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .ballots import BallotSet

Rules = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Option:
    """One line of the ballot. ``cost`` in minor units of the rules' currency, or None where nothing is bought.

    ``proposal`` is ``proposal/<public id>`` where the option was one.
    """

    id: str
    title: str
    cost: int | None = None
    proposal: str | None = None


@dataclass(frozen=True, slots=True)
class Election:
    """A vote as the counting sees it: ``options`` in ballot order, ``rules`` as in docs/record-format.md §5.

    ``vote_ref`` is ``vote/<public id>``; ``franchise`` is ``individual`` (secret) or ``organisation`` (on the record).
    ``lot``: all option ids in the order that was drawn, where the tie rule asks for a lot (rules/lots.py).
    """

    vote_ref: str
    title: str
    franchise: str
    rules: Rules
    options: tuple[Option, ...]
    lot: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a count.

    ``counts``: votes of each option as docs/record-format.md §5 defines them, in ballot order. ``order``: all option
    ids as the rule ranks them.
    ``winners``: ids in the order taken. ``spent``: minor units, 0 where the rule has no budget.
    ``tie_broken``: an option was taken and another one with as many votes was not.
    ``named``: ballots naming each option, where ``counts`` are something else (points, ranks), else None.
    ``details``: how the rule came to it, as §5 lists it: whole numbers, texts, fractions as ``"p/q"`` in lowest terms.
    """

    counts: tuple[int, ...]
    order: tuple[str, ...]
    winners: tuple[str, ...]
    spent: int
    tie_broken: bool
    named: tuple[int, ...] | None = None
    details: Mapping[str, Any] | None = None


class RulesError(ValueError):
    """A rules object that cannot be used; ``key`` is the member that is wrong, ``reason`` lazy text for the reader."""

    def __init__(self, key: str, reason: Any) -> None:
        super().__init__(key, reason)
        self.key = key
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.key}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Method:
    """A counting rule: its name in the rules object, what it demands of the object, and how it counts.

    ``validate`` gets a complete rules object whose members have the right types, and the options; it raises RulesError.
    ``count`` is pure and exact: a result never depends on a float.
    ``ballots``: the kinds of ballots that it can count.
    """

    name: str
    validate: Callable[[Rules, tuple[Option, ...]], None]
    count: Callable[[BallotSet, Election], Outcome]
    ballots: frozenset[str] = frozenset({"approval", "choose"})
