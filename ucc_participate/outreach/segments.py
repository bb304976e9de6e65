"""To whom a newsletter goes: a part of those who follow or agreed, or of the organisations in the register."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from ..kernel.errors import Invalid
from ..vocabularies.uccn import Sector


class SegmentKind(StrEnum):
    """People only where they asked for it; organisations as stakeholders, at the address that they gave."""

    FOLLOWERS = "followers"
    PARTICIPANTS = "participants"
    INVITED = "invited"
    ORGANISATIONS = "organisations"


class Group(StrEnum):
    WOMEN = "women"
    YOUTH = "youth"


class NotYet(StrEnum):
    """What somebody has not done in the process. Higher domains say who has (``ucc.account_stages`` and others)."""

    ANSWERED = "answered"
    PROPOSED = "proposed"
    COMMENTED = "commented"
    VOTED = "voted"


OF_PEOPLE = frozenset({SegmentKind.FOLLOWERS, SegmentKind.PARTICIPANTS})


@dataclass(frozen=True, slots=True)
class Segment:
    """``sector`` and ``group`` are of organisations: what people said of themselves is for counting alone."""

    kind: SegmentKind
    sector: Sector | None = None
    group: Group | None = None
    not_yet: NotYet | None = None

    @property
    def is_of_people(self) -> bool:
        return self.kind in OF_PEOPLE

    def require_sense(self) -> None:
        """Raises Invalid naming the field that does not fit."""
        if self.is_of_people and (self.sector is not None or self.group is not None):
            name = "sector" if self.sector is not None else "group"
            raise Invalid(
                _l("Only organisations can be chosen this way: what people say of themselves is for counting alone."),
                field=name,
            )
        if self.not_yet is NotYet.ANSWERED and self.kind is not SegmentKind.INVITED:
            raise Invalid(_l("Only invited organisations answer an invitation."), field="not_yet")

    def as_data(self) -> dict[str, str]:
        """As it is stored, and stands in the log."""
        facts: dict[str, Any] = {name: getattr(self, name) for name in ("kind", "sector", "group", "not_yet")}
        return {name: value.value for name, value in facts.items() if value is not None}

    @classmethod
    def of(cls, data: dict[str, str]) -> Segment:
        return cls(
            SegmentKind(data["kind"]),
            Sector(data["sector"]) if "sector" in data else None,
            Group(data["group"]) if "group" in data else None,
            NotYet(data["not_yet"]) if "not_yet" in data else None,
        )
