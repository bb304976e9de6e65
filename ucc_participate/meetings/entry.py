"""What is said of people who come, of decisions, of meetings held elsewhere, before it is written down."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..accounts.models import AboutYou
from ..proposals.models import Proposal
from ..stakeholders.models import Organisation


@dataclass(frozen=True, slots=True)
class Came:
    """One who came without an account: everything is optional. ``took_part_before``: no new participant."""

    name: str = ""
    about: AboutYou = field(default_factory=AboutYou)
    organisation: Organisation | None = None
    took_part_before: bool = False


@dataclass(frozen=True, slots=True)
class NewDecision:
    """A decision as it is written down, with what it speaks of and who shall do it."""

    text: str
    proposals: tuple[Proposal, ...] = ()
    organisations: tuple[Organisation, ...] = ()

    def row(self, number: int) -> dict[str, Any]:
        return {
            "number": number,
            "text": self.text,
            "proposals": [proposal.ref for proposal in self.proposals],
            "organisations": [organisation.ref for organisation in self.organisations],
        }


@dataclass(frozen=True, slots=True)
class ImportedMeeting:
    """``source``: what the source calls it, once in a process. ``attended`` and the others: as reported, or None."""

    source: str
    title: str
    text: str
    language: str
    starts_at: datetime
    ends_at: datetime
    place: str
    district: str | None = None
    url: str | None = None
    attended: int | None = None
    proposals: int | None = None
    interventions: int | None = None

    @property
    def reported(self) -> dict[str, Any]:
        return {"attended": self.attended, "proposals": self.proposals, "interventions": self.interventions}


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one: taken, or known from an earlier time."""

    meeting: ImportedMeeting
    is_new: bool
