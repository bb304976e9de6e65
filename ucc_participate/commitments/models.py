"""After the plan is frozen: its promises with their days, what the indicators show, what is told to the Network."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..kernel.db import Model, choice
from ..kernel.errors import Conflict
from ..plan.models import decimal_text
from ..processes.models import Process

NOTE_LENGTH = (10, 2_000)
LINE_LENGTH = 300
Texts = dict[str, str]
YEARS = (1, 2, 3, 4)
"""Of membership: the first begins on the day of the designation."""


class Designation(Model):
    """That the city was taken into the Network. ``decision``: what says so, such as a letter and its number.

    All days of the register count from ``designated_on``. ``reminded_at``: when the staff was last written to.
    """

    __tablename__ = "designation"

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), unique=True)
    designated_on: Mapped[date]
    decision: Mapped[str] = mapped_column(String(LINE_LENGTH))
    recorded_by: Mapped[str] = mapped_column(String(220))
    recorded_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    process: Mapped[Process] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}

    @property
    def ref(self) -> str:
        return f"designation/{self.process.public_id}"

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps."""
        return {
            "designated_on": self.designated_on.isoformat(),
            "decision": self.decision,
            "recorded_by": self.recorded_by,
        }


class CommitmentKind(StrEnum):
    """``step``, ``target`` and ``end`` come out of the plan; the others from being a member (rules L2, L4)."""

    STEP = "step"
    TARGET = "target"
    END = "end"
    REVIEW = "review"
    CONFERENCE = "conference"
    REPORT = "report"

    @property
    def is_of_plan(self) -> bool:
        return self in (CommitmentKind.STEP, CommitmentKind.TARGET, CommitmentKind.END)


class CommitmentState(StrEnum):
    """``withdrawn``: a newer version of the plan does not promise it any more."""

    PROMISED = "promised"
    UNDER_WAY = "under_way"
    KEPT = "kept"
    NOT_KEPT = "not_kept"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({CommitmentState.PROMISED, CommitmentState.UNDER_WAY})
SETTLED = frozenset({CommitmentState.KEPT, CommitmentState.NOT_KEPT})
TRANSITIONS = {
    CommitmentState.PROMISED: {*SETTLED, CommitmentState.UNDER_WAY, CommitmentState.WITHDRAWN},
    CommitmentState.UNDER_WAY: {*SETTLED, CommitmentState.PROMISED, CommitmentState.WITHDRAWN},
    CommitmentState.KEPT: {CommitmentState.UNDER_WAY},
    CommitmentState.NOT_KEPT: {CommitmentState.UNDER_WAY, CommitmentState.KEPT},
    CommitmentState.WITHDRAWN: {CommitmentState.PROMISED},
}


class Commitment(Model):
    """One promise of the register (rule L1).

    ``key``: what makes it the same promise in the next version of the plan, such as ``<initiative>:end``.
    ``plan_version``: the number of the version that it stands in, None for what membership asks. ``planned_on``: its
    day in the plan. ``due_on``: the same moved with the designation; None while nothing has a day. ``about``: ref of
    what it rests on: a reading, a conference, a process, a dossier. ``evidence``: how anybody can check it.
    """

    __tablename__ = "commitment"
    __table_args__ = (
        UniqueConstraint("process_id", "key"),
        Index("ix_commitment_due_on", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    key: Mapped[str] = mapped_column(String(80))
    kind: Mapped[CommitmentKind] = mapped_column(choice(CommitmentKind))
    plan_version: Mapped[int | None]
    initiative: Mapped[str | None] = mapped_column(String(12))
    indicator: Mapped[str | None] = mapped_column(String(12))
    year: Mapped[int | None]
    title: Mapped[Texts] = mapped_column(JSON, default=dict)
    of_title: Mapped[Texts] = mapped_column(JSON, default=dict)
    owner: Mapped[str] = mapped_column(String(220), default="")
    planned_on: Mapped[date | None]
    due_on: Mapped[date | None]
    status: Mapped[CommitmentState] = mapped_column(choice(CommitmentState), default=CommitmentState.PROMISED)
    note: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[str] = mapped_column(String(LINE_LENGTH), default="")
    about: Mapped[str | None] = mapped_column(String(120))
    settled_on: Mapped[date | None]
    moved_by: Mapped[str] = mapped_column(String(220), default="")
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    process: Mapped[Process] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}

    @property
    def ref(self) -> str:
        return f"commitment/{self.public_id}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    def is_overdue(self, today: date) -> bool:
        """Its day is past and nobody has said what became of it."""
        return self.is_open and self.due_on is not None and self.due_on < today

    @property
    def was_late(self) -> bool:
        """Kept, but after its day."""
        kept_on = self.settled_on if self.status is CommitmentState.KEPT else None
        return kept_on is not None and self.due_on is not None and kept_on > self.due_on

    def move_to(self, state: CommitmentState, *, on: date) -> None:
        """Change the state along TRANSITIONS. Raises Conflict for any other step."""
        if state not in TRANSITIONS[self.status]:
            raise Conflict(_l("What is settled is first under way again. Choose that, and say why."))
        self.status = state
        self.settled_on = on if state in SETTLED else None

    def count_from(self, moved: timedelta) -> None:
        """Let its day lie so much later than in the plan."""
        if self.planned_on is not None:
            self.due_on = self.planned_on + moved

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps."""
        return {
            "key": self.key,
            "kind": self.kind.value,
            "plan_version": self.plan_version,
            "initiative": self.initiative,
            "indicator": self.indicator,
            "year": self.year,
            "title": self.title,
            "owner": self.owner,
            "planned_on": self.planned_on.isoformat() if self.planned_on else None,
            "due_on": self.due_on.isoformat() if self.due_on else None,
            "status": self.status.value,
            "note": self.note,
            "evidence": self.evidence,
            "about": self.about,
            "settled_on": self.settled_on.isoformat() if self.settled_on else None,
            "moved_by": self.moved_by,
        }


class Reading(Model):
    """What an indicator showed in one of its periods (rule K4), never edited: a correction is a new reading.

    ``indicator``: public id, as in the frozen plan. ``period``: 1 for the first; its last day follows from the
    indicator's rhythm. ``value``: a decimal with up to three places. ``late_by``: days after the grace, 0 in time.
    ``corrected_by_id``: the reading that stands in its place.
    """

    __tablename__ = "reading"
    __table_args__ = (
        CheckConstraint("period > 0", name="period"),
        CheckConstraint("late_by >= 0", name="late_by"),
        Index("ix_reading_indicator", "process_id", "indicator", "period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    initiative: Mapped[str] = mapped_column(String(12))
    indicator: Mapped[str] = mapped_column(String(12))
    period: Mapped[int]
    measured_on: Mapped[date]
    value: Mapped[Decimal] = mapped_column(Numeric(18, 3))
    note: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[str] = mapped_column(String(LINE_LENGTH))
    files: Mapped[list[str]] = mapped_column(JSON, default=list)
    late_by: Mapped[int] = mapped_column(default=0)
    signed_by: Mapped[str] = mapped_column(String(220))
    entered_at: Mapped[datetime]
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("reading.id"), unique=True)
    because: Mapped[str | None] = mapped_column(Text)

    process: Mapped[Process] = relationship(lazy="raise")
    corrects: Mapped[Reading | None] = relationship(lazy="raise", remote_side="Reading.id")

    @property
    def ref(self) -> str:
        return f"reading/{self.public_id}"

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps; needs ``corrects`` loaded. Numbers as decimal text."""
        return {
            "initiative": self.initiative,
            "indicator": self.indicator,
            "period": self.period,
            "measured_on": self.measured_on.isoformat(),
            "value": decimal_text(self.value),
            "note": self.note,
            "evidence": self.evidence,
            "files": self.files,
            "late_by": self.late_by,
            "signed_by": self.signed_by,
            "corrects": self.corrects.ref if self.corrects is not None else None,
            "because": self.because,
        }


class Attendance(StrEnum):
    """How the city was there."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    ABSENT = "absent"


class Conference(Model):
    """What the city told the Network at the conference of one year of its membership (rule L2).

    ``sent``: offices, not people. ``achievements``: what was told, in any of the languages.
    """

    __tablename__ = "conference"
    __table_args__ = (
        UniqueConstraint("process_id", "year"),
        CheckConstraint("year >= 1 AND year <= 4", name="year"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    year: Mapped[int]
    held_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(160))
    attendance: Mapped[Attendance] = mapped_column(choice(Attendance))
    sent: Mapped[str] = mapped_column(String(LINE_LENGTH), default="")
    achievements: Mapped[Texts] = mapped_column(JSON, default=dict)
    files: Mapped[list[str]] = mapped_column(JSON, default=list)
    recorded_by: Mapped[str] = mapped_column(String(220))
    recorded_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    process: Mapped[Process] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}

    @property
    def ref(self) -> str:
        return f"conference/{self.public_id}"

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps."""
        return {
            "year": self.year,
            "held_on": self.held_on.isoformat(),
            "place": self.place,
            "attendance": self.attendance.value,
            "sent": self.sent,
            "achievements": self.achievements,
            "files": self.files,
            "recorded_by": self.recorded_by,
        }
