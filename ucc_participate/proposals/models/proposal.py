"""Proposals: what people ask of the city, and what the city answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import Account
from ...kernel.clock import utc_text
from ...kernel.db import CodeSet, Model, choice
from ...kernel.errors import Conflict
from ...moderation.models import Standing
from ...processes.models import Process
from ...stakeholders.models import Organisation
from ...vocabularies.uccn import Sector
from .lineage import LineageKind
from .particulars import Particulars, WithParticulars

TITLE_LENGTH = (10, 160)
SHORTEST_ON_PAPER = 3
"""Least length of a title that a clerk writes down: people keep a paper form short."""
LONGEST_TITLE = 300
SUMMARY_LENGTH = 600
BODY_LENGTH = 8_000
PLACE_LENGTH = 160
REASON_LENGTH = (30, 4_000)
LARGEST_COST = 10**15
LISTED = "listed"
_CONCEALED = dict.fromkeys(("title", "summary", "body", "place", "author"))
"""What the log does not hold of a proposal that moderation withholds (moderating.TEXTS), nor what stands beside it."""


class ProposalState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


TRANSITIONS = {
    ProposalState.DRAFT: {ProposalState.SUBMITTED, ProposalState.WITHDRAWN},
    ProposalState.SUBMITTED: {ProposalState.ANSWERED, ProposalState.WITHDRAWN},
    ProposalState.ANSWERED: {ProposalState.ANSWERED},
    ProposalState.WITHDRAWN: set(),
}


class ProposalKind(StrEnum):
    PROJECT = "project"
    INNOVATION = "innovation"
    POLICY = "policy"


class Level(StrEnum):
    LOCAL = "local"
    INTERNATIONAL = "international"


class Outcome(StrEnum):
    ADOPTED = "adopted"
    PARTLY_ADOPTED = "partly_adopted"
    NOT_ADOPTED = "not_adopted"
    OUT_OF_SCOPE = "out_of_scope"
    MERGED = "merged"
    SPLIT = "split"


GIVEN = (Outcome.ADOPTED, Outcome.PARTLY_ADOPTED, Outcome.NOT_ADOPTED, Outcome.OUT_OF_SCOPE)
"""What an official answers. The others follow from merging and splitting: what came of it is answered in its place."""


@dataclass(frozen=True, slots=True)
class Content:
    """What an author writes and chooses. ``organisation`` is a public id, None for oneself; ``cost`` is in whole units.

    ``shows_name``: whether a resident wants to be named; organisations always are.
    """

    title: str
    summary: str = ""
    body: str = ""
    kind: ProposalKind | None = None
    level: Level | None = None
    objectives: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    for_whom: tuple[str, ...] = ()
    place: str | None = None
    cost: int | None = None
    language: str = "fa"
    organisation: str | None = None
    shows_name: bool = True
    particulars: Particulars = field(default_factory=Particulars)


@dataclass(frozen=True, slots=True)
class Imported:
    """A proposal of a process held elsewhere, as far as its data says anything. ``cost`` is in whole units."""

    title: str
    summary: str = ""
    body: str = ""
    place: str | None = None
    cost: int | None = None
    currency: str = "IRR"
    language: str = "fa"
    kind: ProposalKind | None = ProposalKind.PROJECT
    level: Level | None = Level.LOCAL
    objectives: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    for_whom: tuple[str, ...] = ()
    author_name: str | None = None
    particulars: Particulars = field(default_factory=Particulars)
    given: dict[str, Any] | None = None


class Proposal(WithParticulars, Model):
    """An idea of a resident or of an organisation.

    ``number`` counts the submitted ones of a process from 1 and orders lists. ``author_name`` is what the public reads
    and the log keeps: the organisation's name at the time, the name of a resident who wants to be named, or None.
    ``cost`` is in whole units of ``currency``. Titles of imports may be longer than those that people may type.
    ``standing``: whether everybody reads it, or moderation holds it back or has hidden it.
    ``on_ballot_at``: when a vote over it was announced first; from then on it stays. ``text_version`` counts the texts
    of a draft, and from 1 those that were sent: a form tells by it whether somebody was faster. ``co_authors``: who has
    agreed to write along, as ``a:<account>`` and ``o:<public id>``. ``resident_endorsements`` and
    ``organisation_endorsements`` follow the rows by SQL; ``supported_at``: since when there are as many as needed.
    ``origin``: that it was made by
    merging or splitting others. What was merged has no author of its own; ``proposers`` says whose proposals went in:
    ``resident`` or sectors.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        UniqueConstraint("process_id", "number"),
        UniqueConstraint("author_id", "idempotency_key"),
        Index("ix_proposal_author", "author_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    author_name: Mapped[str | None] = mapped_column(String(160))
    sector: Mapped[Sector | None] = mapped_column(choice(Sector))
    number: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE), default="")
    summary: Mapped[str] = mapped_column(String(600), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(2), default="fa")
    kind: Mapped[ProposalKind | None] = mapped_column(choice(ProposalKind))
    level: Mapped[Level | None] = mapped_column(choice(Level))
    objectives: Mapped[list[str]] = mapped_column(JSON, default=list)
    areas: Mapped[list[str]] = mapped_column(JSON, default=list)
    dimensions: Mapped[list[str]] = mapped_column(JSON, default=list)
    for_whom: Mapped[list[str]] = mapped_column(JSON, default=list)
    place: Mapped[str | None] = mapped_column(String(160))
    cost: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    status: Mapped[ProposalState] = mapped_column(choice(ProposalState), default=ProposalState.DRAFT)
    standing: Mapped[Standing] = mapped_column(choice(Standing), default=Standing.SHOWN)
    idempotency_key: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None] = mapped_column(choice(Outcome))
    reason: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[str | None] = mapped_column(String(220))
    answered_at: Mapped[datetime | None]
    on_ballot_at: Mapped[datetime | None]
    text_version: Mapped[int] = mapped_column(default=1)
    co_authors: Mapped[tuple[str, ...]] = mapped_column(CodeSet, default=())
    resident_endorsements: Mapped[int] = mapped_column(default=0)
    organisation_endorsements: Mapped[int] = mapped_column(default=0)
    supported_at: Mapped[datetime | None]
    origin: Mapped[LineageKind | None] = mapped_column(choice(LineageKind))
    proposers: Mapped[list[str] | None] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)

    process: Mapped[Process] = relationship(lazy="raise")
    author: Mapped[Account | None] = relationship(lazy="raise")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}

    @property
    def ref(self) -> str:
        return f"proposal/{self.public_id}"

    @property
    def is_draft(self) -> bool:
        return self.status is ProposalState.DRAFT

    @property
    def is_concealed(self) -> bool:
        """Whether moderation holds it back or has hidden it."""
        return self.standing in (Standing.HELD, Standing.HIDDEN)

    @property
    def tags(self) -> frozenset[str]:
        """What lists are filtered by, as ``area:AREA-3``. A draft has none, what left the list has only that."""
        if self.is_draft:
            return frozenset()
        if self.is_concealed:
            return frozenset({f"moderation:{self.standing}"})
        if self.status is ProposalState.WITHDRAWN:
            return frozenset({"state:withdrawn"})
        if self.is_carried_on:
            return frozenset({f"outcome:{self.outcome}"})
        lists = {
            "objective": self.objectives,
            "area": self.areas,
            "dimension": self.dimensions,
            "for": self.for_whom,
            "proposer": self.proposers or [self.sector or "resident"],
        }
        single = {
            "kind": self.kind,
            "level": self.level,
            "state": self.status,
            "outcome": self.outcome,
            "support": "reached" if self.supported_at else None,
        }
        return frozenset(
            [LISTED]
            + [f"{name}:{value}" for name, values in lists.items() for value in values]
            + [f"{name}:{value}" for name, value in single.items() if value is not None]
            + self.particular_tags
        )

    @property
    def endorsements(self) -> int:
        return (self.resident_endorsements or 0) + (self.organisation_endorsements or 0)

    @property
    def is_carried_on(self) -> bool:
        """Merged or split: other proposals are answered and voted on in its place."""
        return self.outcome in (Outcome.MERGED, Outcome.SPLIT)

    @property
    def can_be_voted_on(self) -> bool:
        is_public = self.status in (ProposalState.SUBMITTED, ProposalState.ANSWERED) and not self.is_concealed
        return is_public and not self.is_carried_on

    def put_on_ballot(self, *, at: datetime) -> None:
        """A vote over it is announced: it cannot be withdrawn any more. Raises Conflict unless it is on the list."""
        if not self.can_be_voted_on:
            raise Conflict()
        self.on_ballot_at = self.on_ballot_at or at

    def move_to(self, state: ProposalState, *, at: datetime) -> None:
        """Change the state along TRANSITIONS. Raises Conflict for any other step."""
        if state not in TRANSITIONS[self.status]:
            raise Conflict()
        self.status = state
        if state is ProposalState.SUBMITTED:
            self.submitted_at = at
        elif state is ProposalState.ANSWERED:
            self.answered_at = at

    @property
    def _proposer(self) -> str:
        if self.origin is LineageKind.MERGE:
            return "several"
        return "organisation" if self.organisation_id else "resident"

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps once submitted; needs ``organisation`` loaded."""
        state: dict[str, Any] = {
            "number": self.number,
            "title": self.title,
            "summary": self.summary,
            "body": self.body,
            "kind": self.kind.value if self.kind else None,
            "level": self.level.value if self.level else None,
            "objectives": self.objectives,
            "areas": self.areas,
            "dimensions": self.dimensions,
            "for_whom": self.for_whom,
            "place": self.place,
            "cost": self.cost,
            "currency": self.currency,
            "proposer": self._proposer,
            "organisation": self.organisation.ref if self.organisation_id and self.organisation else None,
            "sector": self.sector.value if self.sector else None,
            "author": self.author_name,
            "language": self.language,
            "status": self.status.value,
            "submitted_at": _text(self.submitted_at),
        }
        if (self.text_version or 1) > 1:
            state["text_version"] = self.text_version
        if not self.is_concealed:
            state |= self.particulars_payload()
        if self.origin is not None:
            state |= {"origin": self.origin.value, "proposers": self.proposers}
        if self.outcome is not None:
            state |= {
                "outcome": self.outcome.value,
                "reason": self.reason,
                "answered_by": self.answered_by,
                "answered_at": _text(self.answered_at),
            }
        return state | _CONCEALED | {"standing": self.standing.value} if self.is_concealed else state


class ProposalTag(Model):
    """That the proposal ``number`` of a process carries a tag. Written with the proposal, read by lists."""

    __tablename__ = "proposal_tag"
    __table_args__ = {"info": {"housekeeping": "follows from the proposals"}, "sqlite_with_rowid": False}

    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class ProposalCount(Model):
    """How many proposals of a process carry a tag. A nightly recount holds it to the rows."""

    __tablename__ = "proposal_count"
    __table_args__ = {"info": {"housekeeping": "follows from the proposals"}, "sqlite_with_rowid": False}

    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(40), primary_key=True)
    proposals: Mapped[int]


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else utc_text(moment)
