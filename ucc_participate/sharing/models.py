"""Good practices, exchanges with other cities, and what other instances have given, signed by them (rule X3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..kernel.db import CodeSet, Model, choice
from ..kernel.errors import Conflict
from ..partners.models import PartnerCity
from ..plan.models import Initiative
from ..processes.models import Process

Texts = dict[str, str]

TITLE_LENGTH = (5, 160)
PART_LENGTH = 3_000
REASON_LENGTH = (10, 1_000)
MOST_PEOPLE = 100_000


class PracticeState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


TRANSITIONS = {
    PracticeState.DRAFT: {PracticeState.PUBLISHED},
    PracticeState.PUBLISHED: {PracticeState.WITHDRAWN},
    PracticeState.WITHDRAWN: {PracticeState.PUBLISHED},
}

PARTS = ("summary", "need", "done", "means", "results", "advice")
"""The parts of a sheet, in order: in two sentences; which need; what was done; what it took; what came of it and how
this is known (A2: proof); what another city should mind."""


@dataclass(frozen=True, slots=True)
class PracticeText:
    """What somebody writes on a sheet. ``parts``: the texts of PARTS, each in the languages that were given."""

    title: Texts
    parts: dict[str, Texts] = field(default_factory=dict)
    areas: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()
    initiative_id: int | None = None


class Practice(Model):
    """A sheet on something that worked and that others can take up (area AREA-2)."""

    __tablename__ = "practice"
    __table_args__ = (Index("ix_practice_process", "process_id", "status", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    title: Mapped[Texts] = mapped_column(JSON)
    parts: Mapped[dict[str, Texts]] = mapped_column(JSON, default=dict)
    areas: Mapped[tuple[str, ...]] = mapped_column(CodeSet, default=())
    objectives: Mapped[tuple[str, ...]] = mapped_column(CodeSet, default=())
    initiative_id: Mapped[int | None] = mapped_column(ForeignKey("initiative.id"), index=True)
    status: Mapped[PracticeState] = mapped_column(choice(PracticeState), default=PracticeState.DRAFT)
    reason: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    process: Mapped[Process] = relationship(lazy="raise")
    initiative: Mapped[Initiative | None] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}

    @property
    def ref(self) -> str:
        return f"practice/{self.public_id}"

    @property
    def was_public(self) -> bool:
        return self.published_at is not None

    def move_to(self, state: PracticeState, *, at: datetime) -> None:
        """Change the state along TRANSITIONS. Raises Conflict for any other step."""
        if state not in TRANSITIONS[self.status]:
            raise Conflict()
        self.status = state
        if state is PracticeState.PUBLISHED:
            self.published_at = self.published_at or at

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps once published; needs ``initiative`` loaded."""
        return {
            "title": self.title,
            "parts": self.parts,
            "areas": list(self.areas),
            "objectives": list(self.objectives),
            "initiative": self.initiative.ref if self.initiative is not None else None,
            "status": self.status.value,
            "reason": self.reason,
        }


class ExchangeKind(StrEnum):
    VISIT = "visit"
    TRAINEES = "trainees"
    RESIDENCY = "residency"
    JOINT_PROJECT = "joint_project"
    ADVICE = "advice"
    MATERIAL = "material"
    MEETING = "meeting"


class Direction(StrEnum):
    GIVEN = "given"
    RECEIVED = "received"
    MUTUAL = "mutual"


@dataclass(frozen=True, slots=True)
class ExchangeFacts:
    """What somebody notes of an exchange. ``people``: how many took part, None where nobody counted."""

    city_id: int
    kind: ExchangeKind
    direction: Direction
    held_on: date
    what: Texts
    result: Texts = field(default_factory=dict)
    people: int | None = None


class Exchange(Model):
    """That the city and a partner city gave each other something, when and what came of it."""

    __tablename__ = "exchange"
    __table_args__ = (CheckConstraint("people IS NULL OR people >= 0", name="people"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("partner_city.id"), index=True)
    kind: Mapped[ExchangeKind] = mapped_column(choice(ExchangeKind))
    direction: Mapped[Direction] = mapped_column(choice(Direction))
    held_on: Mapped[date]
    what: Mapped[Texts] = mapped_column(JSON)
    result: Mapped[Texts] = mapped_column(JSON, default=dict)
    people: Mapped[int | None]
    is_void: Mapped[bool] = mapped_column(default=False)
    corrected_because: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    process: Mapped[Process] = relationship(lazy="raise")
    city: Mapped[PartnerCity] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}

    @property
    def ref(self) -> str:
        return f"exchange/{self.public_id}"

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps; needs ``city`` loaded."""
        return {
            "city": self.city.ref,
            "kind": self.kind.value,
            "direction": self.direction.value,
            "held_on": self.held_on.isoformat(),
            "what": self.what,
            "result": self.result,
            "people": self.people,
            "is_void": self.is_void,
            "corrected_because": self.corrected_because,
        }


class KnownOrigin(Model):
    """A log of another instance and its key, as a named person has compared it with what that city publishes."""

    __tablename__ = "known_origin"

    id: Mapped[int] = mapped_column(primary_key=True)
    origin: Mapped[str] = mapped_column(String(200), unique=True)
    vkey: Mapped[str] = mapped_column(String(400))
    compared_by: Mapped[str] = mapped_column(String(220))
    compared_at: Mapped[datetime]


class Share(Model):
    """A signed file of another instance, as it came. ``content``: its JSON; ``sha256``: of the whole note."""

    __tablename__ = "share"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    origin_id: Mapped[int] = mapped_column(ForeignKey("known_origin.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    city: Mapped[str] = mapped_column(String(160))
    made_at: Mapped[datetime]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    received_at: Mapped[datetime]
    used: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column(default=1)

    process: Mapped[Process] = relationship(lazy="raise")
    origin: Mapped[KnownOrigin] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}

    @property
    def ref(self) -> str:
        return f"share/{self.public_id}"

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps; needs ``origin`` loaded."""
        return {
            "origin": self.origin.origin,
            "vkey": self.origin.vkey,
            "sha256": self.sha256,
            "city": self.city,
            "used": self.used,
        }
