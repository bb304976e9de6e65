"""What a `.pb` file holds once it has been read, and what can be said against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ...kernel.errors import Invalid
from ..rules.ballots import NOT_STATED, BallotSet, Codes

CHANNELS = ("internet", "paper", NOT_STATED)
"""How a vote was cast; ``Votes.channels`` are positions in this tuple."""


class PabulibError(Invalid):
    """A file that is broken as a whole: nothing of it is taken. ``row``: line, from 1; ``reason``: lazy text."""

    def __init__(self, row: int, column: str, reason: Any) -> None:
        super().__init__(reason)
        self.row = row
        self.column = column

    def __str__(self) -> str:
        return f"row {self.row}, {self.column}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Rejected:
    """One vote that was not taken, and why. The rest of the file was."""

    row: int
    column: str
    reason: Any


@dataclass(frozen=True, slots=True)
class Note:
    """Something odd in what was taken. ``rows``: how many rows have it, ``row`` being the first."""

    row: int
    column: str
    reason: Any
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Project:
    """One line of PROJECTS. ``cost`` in minor units; ``votes`` (ballots naming it), ``score`` (its points) and
    ``selected`` as the city published them, if it did.

    ``code``: the id in letters that a ballot of ours may hold, nearly always the id itself. ``selected``: 0 no, 1 by
    the rule, 2 by an additional rule, 3 from later funds. ``fields``: all other columns.
    """

    id: str
    code: str
    title: str
    cost: int
    votes: int | None
    score: int | None
    selected: int | None
    categories: tuple[str, ...]
    beneficiaries: tuple[str, ...]
    fields: Mapping[str, str]
    row: int


class Spellings(Protocol):
    """A column as the file has it: its different spellings, and which one each row has."""

    @property
    def spellings(self) -> list[str]: ...

    @property
    def numbers(self) -> npt.NDArray[np.uint32]: ...


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    """The votes that were taken, as columns: ``ballots`` with the dimensions that the file has (sex, age).

    ``voters``: their ids. ``columns``: all that the file says of them, as it is spelled there.
    """

    ballots: BallotSet
    channels: Codes
    rows: npt.NDArray[np.int64]
    voters: list[str]
    columns: Mapping[str, Spellings]

    def __len__(self) -> int:
        return len(self.ballots)


@dataclass(frozen=True, slots=True, eq=False)
class PabulibFile:
    """A whole file. ``scale`` minor units make one unit of ``currency``; ``budget`` is in minor units.

    ``ballot_rules``: the members of our rules object that say what a ballot is. ``shares``: the parts of a divided
    budget in minor units, by the key of META that divides it.
    """

    meta: Mapping[str, str]
    scale: int
    budget: int
    projects: list[Project]
    votes: Votes
    ballot_rules: Mapping[str, Any]
    shares: Mapping[str, tuple[int, ...]]
    rejected: list[Rejected]
    notes: list[Note]
