"""What the checks look at: everything that this server knows of one process, read once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..processes.models import PhaseKind, Process, ProcessState
from ..processes.queries import GroupPresence
from ..processes.timetable import open_days
from ..proposals.queries import Counts
from ..representation.queries import Presence
from ..stakeholders.queries import NominationCounts
from ..voting.models import Vote


@dataclass(frozen=True, slots=True)
class Facts:
    """``entries``: what the log proves → the indexes of the entries that do (``queries.proofs``).

    ``objectives`` and ``areas``: how many proposals name each. ``assisted``: participants who did not come by the
    internet. ``nominations``: of the whole register. ``sealed_size``: entries under the newest checkpoint.
    """

    process: Process
    now: datetime
    groups: Mapping[str, GroupPresence]
    presence: Presence
    overrides: int
    proposals: Counts
    objectives: Mapping[str, int]
    areas: Mapping[str, int]
    votes: Sequence[Vote]
    participants: int
    assisted: int
    entries: Mapping[str, tuple[int, ...]]
    nominations: NominationCounts
    log_size: int
    sealed_size: int

    @property
    def has_opened(self) -> bool:
        return self.process.opened_at is not None

    @property
    def is_closed(self) -> bool:
        return self.process.status is ProcessState.CLOSED

    @property
    def notice(self) -> timedelta | None:
        """How long everything was public before it opened (or opens by the timetable)."""
        published, first = self.process.published_at, self.process.opened_at or self._first_phase
        return first - published if published is not None and first is not None else None

    @property
    def days_open_so_far(self) -> int:
        """Of the days in which people can propose or discuss, those that have passed."""
        if not self.has_opened:
            return 0
        return open_days(self.process.phases, since=self.process.opened_at, until=self.now)

    @property
    def _first_phase(self) -> datetime | None:
        return min((phase.starts_at for phase in self.process.phases), default=None)

    def is_over(self, kind: PhaseKind) -> bool:
        """Whether this phase has ended; a phase that the timetable has not is never over."""
        phase = self.process.phase_of(kind)
        return self.has_opened and phase is not None and phase.ends_at <= self.now
