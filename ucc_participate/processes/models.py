"""Participation processes: what was promised, the phases in which people can act, the gates."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..accounts.models import Account
from ..kernel.clock import utc_text
from ..kernel.db import Model, choice
from ..kernel.errors import Conflict
from ..stakeholders.models import Organisation
from ..vocabularies.uccn import CreativeField

Texts = dict[str, str]


class ProcessState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    OPEN = "open"
    CLOSED = "closed"


TRANSITIONS = {
    ProcessState.DRAFT: {ProcessState.PUBLISHED},
    ProcessState.PUBLISHED: {ProcessState.OPEN},
    ProcessState.OPEN: {ProcessState.CLOSED},
    ProcessState.CLOSED: set(),
}


class PromiseLevel(StrEnum):
    """How far the city commits itself (the five levels that the field speaks of)."""

    INFORM = "inform"
    CONSULT = "consult"
    INVOLVE = "involve"
    COLLABORATE = "collaborate"
    EMPOWER = "empower"


class Capability(StrEnum):
    """What a phase lets people do."""

    PROPOSE = "propose"
    COMMENT = "comment"
    ATTEND = "attend"
    VOTE = "vote"
    ANSWER = "answer"


class PhaseKind(StrEnum):
    INVITE = "invite"
    PROPOSE = "propose"
    DISCUSS = "discuss"
    ANSWER = "answer"
    VOTE = "vote"
    REPORT = "report"


CAPABILITIES: dict[PhaseKind, frozenset[Capability]] = {
    PhaseKind.INVITE: frozenset(),
    PhaseKind.PROPOSE: frozenset({Capability.PROPOSE, Capability.COMMENT, Capability.ATTEND, Capability.ANSWER}),
    PhaseKind.DISCUSS: frozenset({Capability.COMMENT, Capability.ATTEND, Capability.ANSWER}),
    PhaseKind.ANSWER: frozenset({Capability.COMMENT, Capability.ANSWER}),
    PhaseKind.VOTE: frozenset({Capability.VOTE, Capability.ANSWER}),
    PhaseKind.REPORT: frozenset({Capability.ANSWER}),
}


class Gate(StrEnum):
    """Where the process may not go on while something is missing (rule P2)."""

    SECTOR_INVITED = "sector_invited"
    SECTOR_PARTICIPATED = "sector_participated"
    ALL_ANSWERED = "all_answered"


class Process(Model):
    """One participation process of the city.

    Texts are ``{"fa": …, "en": …, "fr": …}`` with the languages that were given. ``targets``: percentages under
    ``sex:female`` and ``age:under_30``, numbers of organisations under ``sector:<sector>``.
    """

    __tablename__ = "process"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    title: Mapped[Texts] = mapped_column(JSON)
    creative_field: Mapped[CreativeField | None] = mapped_column(choice(CreativeField))
    purpose: Mapped[Texts] = mapped_column(JSON, default=dict)
    scope: Mapped[Texts] = mapped_column(JSON, default=dict)
    open_questions: Mapped[Texts] = mapped_column(JSON, default=dict)
    promise_level: Mapped[PromiseLevel | None] = mapped_column(choice(PromiseLevel))
    promise: Mapped[Texts] = mapped_column(JSON, default=dict)
    decision_maker: Mapped[Texts] = mapped_column(JSON, default=dict)
    responsible: Mapped[str] = mapped_column(String(160), default="")
    min_open_days: Mapped[int] = mapped_column(default=21)
    answers_due_at: Mapped[datetime | None]
    targets: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    is_imported: Mapped[bool] = mapped_column(default=False)
    status: Mapped[ProcessState] = mapped_column(choice(ProcessState), default=ProcessState.DRAFT)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    phases: Mapped[list[Phase]] = relationship(
        lazy="raise", back_populates="process", order_by="Phase.starts_at", cascade="all, delete-orphan"
    )
    documents: Mapped[list[ProcessDocument]] = relationship(
        lazy="raise", order_by="ProcessDocument.id", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def ref(self) -> str:
        return f"process/{self.public_id}"

    def move_to(self, state: ProcessState, *, at: datetime) -> None:
        """Change the state along TRANSITIONS. Raises Conflict for any other step."""
        if state not in TRANSITIONS[self.status]:
            raise Conflict()
        self.status = state
        stamps = {
            ProcessState.PUBLISHED: "published_at",
            ProcessState.OPEN: "opened_at",
            ProcessState.CLOSED: "closed_at",
        }
        if state in stamps:
            setattr(self, stamps[state], at)

    def open_phases(self, now: datetime) -> list[Phase]:
        """The phases that are open now; needs ``phases`` loaded."""
        if self.status is not ProcessState.OPEN:
            return []
        return [phase for phase in self.phases if phase.is_open(now)]

    def allows(self, capability: Capability, now: datetime) -> bool:
        return any(capability in CAPABILITIES[phase.kind] for phase in self.open_phases(now))

    def phase_of(self, kind: PhaseKind) -> Phase | None:
        return next((phase for phase in self.phases if phase.kind is kind), None)

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps; needs ``phases`` and ``documents`` loaded."""
        return {
            "title": self.title,
            "creative_field": self.creative_field.value if self.creative_field else None,
            "purpose": self.purpose,
            "scope": self.scope,
            "open_questions": self.open_questions,
            "promise_level": self.promise_level.value if self.promise_level else None,
            "promise": self.promise,
            "decision_maker": self.decision_maker,
            "responsible": self.responsible,
            "min_open_days": self.min_open_days,
            "answers_due_at": _text(self.answers_due_at),
            "targets": self.targets,
            "status": self.status.value,
            "published_at": _text(self.published_at),
            "opened_at": _text(self.opened_at),
            "closed_at": _text(self.closed_at),
            "phases": [phase.public_payload() for phase in self.phases],
            "documents": [document.public_payload() for document in self.documents],
        }


class Phase(Model):
    """A stretch of time of a process. Open when ``starts_at <= now < ends_at``.

    ``extended_because``: the published reason of its last extension.
    """

    __tablename__ = "phase"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="order"), UniqueConstraint("process_id", "kind"))

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    kind: Mapped[PhaseKind] = mapped_column(choice(PhaseKind))
    title: Mapped[Texts] = mapped_column(JSON)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    extended_because: Mapped[str | None] = mapped_column(Text)

    process: Mapped[Process] = relationship(lazy="raise", back_populates="phases")

    def is_open(self, now: datetime) -> bool:
        return self.starts_at <= now < self.ends_at

    @property
    def length(self) -> timedelta:
        return self.ends_at - self.starts_at

    def public_payload(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "title": self.title,
            "starts_at": _text(self.starts_at),
            "ends_at": _text(self.ends_at),
            "extended_because": self.extended_because,
        }


class ProcessDocument(Model):
    """A document that people need before they can take part; the file lies in the store under ``stored_name``."""

    __tablename__ = "process_document"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    title: Mapped[str] = mapped_column(String(160))
    stored_name: Mapped[str] = mapped_column(String(80))
    media_type: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    added_at: Mapped[datetime]

    def public_payload(self) -> dict[str, Any]:
        return {"title": self.title, "sha256": self.sha256, "size": self.size}


class InvitationState(StrEnum):
    INVITED = "invited"
    ANSWERED = "answered"
    DECLINED = "declined"


class Channel(StrEnum):
    LETTER = "letter"
    EMAIL = "email"
    PHONE = "phone"
    VISIT = "visit"
    MEETING = "meeting"
    POSTER = "poster"
    RADIO = "radio"
    OTHER = "other"


class WayIn(StrEnum):
    """How somebody took part the first time: by themselves, or through a clerk who wrote down what they gave."""

    INTERNET = "internet"
    PAPER = "paper"
    WORKSHOP = "workshop"
    PHONE = "phone"
    COUNTER = "counter"


class Invitation(Model):
    """That an organisation was invited to a process, how, and what became of it: opened, answered, came.

    ``answered_through``: how its answer came. ``reminders``: how often it was reminded, last at ``reminded_at``.
    ``organisation_state``: what the register said of the organisation when the log was last told of the invitation;
    and, once it is merged with another entry, which one is invited in its place (``merged_into``).
    """

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("process_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    organisation_state: Mapped[dict[str, Any]] = mapped_column(JSON)
    channel: Mapped[Channel] = mapped_column(choice(Channel))
    status: Mapped[InvitationState] = mapped_column(choice(InvitationState), default=InvitationState.INVITED)
    invited_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answered_through: Mapped[WayIn | None] = mapped_column(choice(WayIn))
    attended_at: Mapped[datetime | None]
    reminders: Mapped[int] = mapped_column(default=0)
    reminded_at: Mapped[datetime | None]

    process: Mapped[Process] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")

    def ref(self, process: Process, organisation: Organisation) -> str:
        return f"{process.ref}/{organisation.ref}"

    def describe(self, organisation: Organisation) -> None:
        """Take over what the register says of the organisation now."""
        state = organisation.public_payload()
        told = {name: state[name] for name in ("name", "sector", "subtype", "is_womens_group", "is_youth_group")}
        lineage = {name: ref for name, ref in (self.organisation_state or {}).items() if name == "merged_into"}
        self.organisation_state = {"organisation": organisation.ref, **told, **lineage}

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps."""
        moments = {"opened_at": self.opened_at, "attended_at": self.attended_at, "reminded_at": self.reminded_at}
        known: dict[str, Any] = {name: _text(moment) for name, moment in moments.items() if moment is not None}
        if self.answered_through is not None:
            known["answered_through"] = self.answered_through.value
        if self.reminders:
            known["reminders"] = self.reminders
        return {**self.organisation_state, "channel": self.channel.value, "status": self.status.value, **known}

    @property
    def last_contact_at(self) -> datetime:
        return self.reminded_at or self.invited_at


class GateOverride(Model):
    """A gate that was passed although something was missing, with the reason that everybody can read."""

    __tablename__ = "gate_override"

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    gate: Mapped[Gate] = mapped_column(choice(Gate))
    reason: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(160))
    at: Mapped[datetime]


class Participation(Model):
    """That a person took part in a process: written at their first act there."""

    __tablename__ = "participation"

    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    joined_at: Mapped[datetime]
    way_in: Mapped[WayIn] = mapped_column(choice(WayIn), default=WayIn.INTERNET)

    account: Mapped[Account] = relationship(lazy="raise")


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else utc_text(moment)
