"""What is said of an activity, typed or brought in a table, before it is noted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .models import ActivityKind, Counted

MOST_REACHED = 100_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewActivity:
    """What was done, as it is noted; ``reached``: people, ``counted``: how that is known."""

    kind: ActivityKind
    held_on: date
    place: str
    group: str
    done: str
    district: str | None = None
    group_words: str | None = None
    reached: int | None = None
    counted: Counted | None = None
    gap: str | None = None
