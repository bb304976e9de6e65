"""What the city really has for the plan: people, money by year and source, and the bodies that manage it (RULE-BIG)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..kernel.db import Model, choice
from ..processes.models import Process
from ..stakeholders.models import Organisation
from ..vocabularies.uccn import Sector

Texts = dict[str, str]
MOST_MONEY = 10**15
MOST_PEOPLE = Decimal(100_000)
BASIS_LENGTH = 600
REASON_LENGTH = (10, 1_000)
NAME_LENGTH = 160
MOST_MEETINGS = 366


class ResourceKind(StrEnum):
    """``people``: full-time equivalents. ``money``: whole units of the plan's currency."""

    PEOPLE = "people"
    MONEY = "money"


class Certainty(StrEnum):
    SECURED = "secured"
    EXPECTED = "expected"


@dataclass(frozen=True, slots=True)
class ResourceText:
    """What somebody writes down. ``amount``: whole units of money, or full-time equivalents with two decimals."""

    kind: ResourceKind
    year: int
    source: Texts
    amount: Decimal
    certainty: Certainty
    basis: str = ""
    initiative: str | None = None


@dataclass(frozen=True, slots=True)
class BodyText:
    """A body as somebody describes it."""

    name: Texts
    duties: Texts
    rhythm: int
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class MemberText:
    """A seat. ``organisation``: public id; its sector counts then, whatever ``sector`` says."""

    function: Texts
    sector: Sector | None = None
    organisation: str | None = None
    person: str | None = None
    sex: str | None = None
    since: date | None = None


class Resource(Model):
    """People or money of one budget year (in the calendar of the plan) from one source (rule B2).

    ``amount``: money in whole units; people in hundredths of a full-time equivalent. ``basis``: budget line, decision
    or letter that it rests on. ``initiative``: public id of the one initiative it is for, None: for the plan.
    """

    __tablename__ = "resource"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    kind: Mapped[ResourceKind] = mapped_column(choice(ResourceKind))
    year: Mapped[int]
    source: Mapped[Texts] = mapped_column(JSON)
    amount: Mapped[int] = mapped_column(BigInteger)
    certainty: Mapped[Certainty] = mapped_column(choice(Certainty))
    basis: Mapped[str] = mapped_column(Text, default="")
    initiative: Mapped[str | None] = mapped_column(String(12))
    is_void: Mapped[bool] = mapped_column(default=False)
    void_because: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    process: Mapped[Process] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}

    @property
    def ref(self) -> str:
        return f"resource/{self.public_id}"

    @property
    def value(self) -> Decimal:
        """Whole units of money, or full-time equivalents with up to two decimals."""
        return Decimal(self.amount) / 100 if self.kind is ResourceKind.PEOPLE else Decimal(self.amount)

    def public_payload(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "year": self.year,
            "source": self.source,
            "amount": self.amount,
            "certainty": self.certainty.value,
            "basis": self.basis,
            "initiative": f"initiative/{self.initiative}" if self.initiative else None,
            "is_void": self.is_void,
            "void_because": self.void_because,
        }


class Body(Model):
    """A body that executes or watches over the plan (rule B3). ``rhythm``: how many times a year it meets.

    ``duties``: what it decides, executes, watches. ``until``: None while it lives on (rule L4).
    """

    __tablename__ = "management_body"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    name: Mapped[Texts] = mapped_column(JSON)
    duties: Mapped[Texts] = mapped_column(JSON, default=dict)
    rhythm: Mapped[int]
    since: Mapped[date | None]
    until: Mapped[date | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    process: Mapped[Process] = relationship(lazy="raise")
    members: Mapped[list[BodyMember]] = relationship(
        lazy="raise", back_populates="body", order_by="BodyMember.id", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def ref(self) -> str:
        return f"management_body/{self.public_id}"

    @property
    def sitting(self) -> list[BodyMember]:
        """Members who have not left. Needs ``members`` loaded."""
        return [member for member in self.members if member.until is None]

    @property
    def sectors(self) -> dict[Sector, int]:
        """How many of those who sit in it come from each sector, all three named."""
        return {sector: sum(member.sector is sector for member in self.sitting) for sector in Sector}

    def public_payload(self) -> dict[str, Any]:
        """Members as functions and sectors, without names; sexes only as totals. Needs ``members`` loaded."""
        sitting = self.sitting
        return {
            "name": self.name,
            "duties": self.duties,
            "rhythm": self.rhythm,
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "members": [member.public_payload() for member in sitting],
            "women": sum(member.sex == "female" for member in sitting),
            "men": sum(member.sex == "male" for member in sitting),
        }


class BodyMember(Model):
    """A seat of a body, from a day to a day; who takes it over gets a row of their own.

    ``person``: name, shown to staff alone; ``sex``: female, male or None (not said). Both are forgotten when the seat
    ends.
    """

    __tablename__ = "body_member"

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("management_body.id"), index=True)
    function: Mapped[Texts] = mapped_column(JSON)
    sector: Mapped[Sector] = mapped_column(choice(Sector))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    person: Mapped[str | None] = mapped_column(String(160))
    sex: Mapped[str | None] = mapped_column(String(10))
    since: Mapped[date | None]
    until: Mapped[date | None]

    body: Mapped[Body] = relationship(lazy="raise", back_populates="members")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")

    def public_payload(self) -> dict[str, Any]:
        return {
            "function": self.function,
            "sector": self.sector.value,
            "organisation": self.organisation.ref if self.organisation is not None else None,
        }


def hundredths(amount: Decimal) -> int:
    """Full-time equivalents as they are stored: 1.5 → 150."""
    return int((amount * 100).to_integral_value())
