"""What facts are counted from: everything that a process, its plan and its record hold at one moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..audit.reading import Head
from ..meetings.models import Meeting
from ..partners.models import PartnerCity
from ..plan.models import Initiative, Plan
from ..processes.models import Process
from ..representation.queries import Presence
from ..resources.models import Body, Resource
from ..voting.models import Vote


@dataclass(frozen=True, slots=True)
class Ground:
    """``proposals``: by (who, outcome); ``who`` is a sector, ``resident``, or ``elsewhere`` for what was taken over.

    ``votes_elsewhere``: ids of those of ``votes`` that were taken over, whose roll nobody knows here.
    ``comments``: that everybody reads, by voice. ``city``: share of women and of people under 30 in the population.
    ``now``: when it was read; ``head``: the log at that time.
    """

    process: Process
    now: datetime
    presence: Presence
    city: dict[str, float]
    proposals: Counter[tuple[str, str]]
    for_whom: dict[str, int]
    comments: Counter[str]
    meetings: Sequence[Meeting]
    votes: Sequence[Vote]
    votes_elsewhere: frozenset[int]
    activities: int
    dissents: int
    items: Counter[str]
    plan: Plan | None
    initiatives: Sequence[Initiative]
    resources: Sequence[Resource]
    bodies: Sequence[Body]
    cities: Sequence[PartnerCity]
    head: Head
    url: str
