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
from ..vocabularies.uccn import Sector
from ..voting.models import Vote


@dataclass(frozen=True, slots=True)
class Gatherings:
    """Consultative meetings of a process: how many were held in each way, wait for final minutes, are to come.

    One that was held in both ways counts in both.
    """

    in_person: int
    online: int
    without_minutes: int
    to_come: int

    @property
    def were_held(self) -> bool:
        return bool(self.in_person or self.online)


@dataclass(frozen=True, slots=True)
class Moderated:
    """``withheld``: contributions that a moderator hid or did not publish; ``bare``: those of them without a reason.

    ``overdue``: waiting for a moderator for longer than the rules of the process say.
    """

    withheld: int
    bare: int
    overdue: int
    appeals_open: int
    appeals_decided: int


@dataclass(frozen=True, slots=True)
class Facts:
    """``entries``: what the log proves → the indexes of the entries that do (``queries.proofs``).

    ``objectives`` and ``areas``: how many proposals name each. ``assisted``: participants who did not come by the
    internet. ``heard``: organisations by sector that said something in the discussion. ``late``: answers that came
    after the promised day. ``dissents``: minority statements; ``hidden_dissents``: those of them that moderation hid.
    ``nominations``: of the whole register. ``sealed_size``: entries under the newest checkpoint.
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
    gatherings: Gatherings
    moderated: Moderated
    heard: Mapping[Sector, int]
    late: int
    dissents: int
    hidden_dissents: int
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
