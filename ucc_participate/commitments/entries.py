"""What somebody types about a promise, an indicator or a conference, before it is checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .models import Attendance, CommitmentState, Texts


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a promise. ``settled_on``: when it was kept or broken, None for today."""

    state: CommitmentState
    note: str = ""
    evidence: str = ""
    settled_on: date | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """What somebody read off. ``evidence``: where the number comes from."""

    value: Decimal
    measured_on: date
    evidence: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What is entered of one conference."""

    held_on: date
    place: str
    attendance: Attendance
    sent: str = ""
    achievements: Texts = field(default_factory=dict)
