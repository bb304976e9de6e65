"""Kinds of things that a paragraph can rest on, and who shaped them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    PROPOSAL = "proposal"
    ANSWER = "answer"
    COMMENT = "comment"
    MINUTES = "minutes"
    DECISION = "decision"
    VOTE = "vote"
    ITEM = "inventory"
    INITIATIVE = "initiative"
    INDICATOR = "indicator"
    FACT = "fact"
    ENTRY = "entry"


class Part(StrEnum):
    """How somebody is named who shaped something."""

    RESIDENT = "resident"
    ORGANISATION = "organisation"
    CITY = "city"
    GUEST = "guest"
    MEETING = "meeting"
    VOTERS = "voters"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody who shaped something. ``name``: None where a resident is not named; ``sector``: of an organisation.

    ``number``: people at a meeting, ballots of a vote, further residents together; None: one, or not published.
    """

    part: Part
    name: str | None = None
    sector: str | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Cited:
    """A thing that is cited. ``title``: as it was written, or texts by language. ``where``: endpoint and its values.

    ``state``: "" when everybody reads it, ``withheld`` while moderation withholds it, ``retired`` when it was taken
    back. ``about``: a number or name that belongs into its line, such as the number of a proposal. ``is_open``: whether
    everybody may read it by now; a plan is written before it is public.
    """

    ref: str
    kind: Kind
    title: str | Mapping[str, Any]
    where: tuple[str, Mapping[str, Any]] | None = None
    hands: tuple[Hand, ...] = ()
    at: datetime | None = None
    state: str = ""
    about: Any = None
    is_open: bool = True


@dataclass(slots=True)
class Known:
    """Ids by kind."""

    ids: dict[Kind, set[str]] = field(default_factory=dict)

    def of(self, kind: Kind) -> set[str]:
        return self.ids.get(kind, set())


def kind_of(ref: str) -> tuple[Kind, str] | None:
    """``proposal/8f3k/answer`` → ANSWER and ``8f3k``; None for what is no ref of a thing that can be cited."""
    parts = ref.split("/")
    if len(parts) == 2 and parts[0] in set(Kind) - {Kind.ANSWER, Kind.MINUTES, Kind.DECISION}:
        return Kind(parts[0]), parts[1]
    if len(parts) == 3 and parts[0] == "proposal" and parts[2] == "answer":
        return Kind.ANSWER, parts[1]
    if len(parts) == 4 and parts[0] == "meeting" and parts[2] in (Kind.MINUTES, Kind.DECISION):
        return Kind(parts[2]), f"{parts[1]}/{parts[3]}"
    return None


def by_kind(refs: Collection[str]) -> Known:
    known = Known()
    for ref in refs:
        found = kind_of(ref)
        if found is not None:
            known.ids.setdefault(found[0], set()).add(found[1])
    return known
