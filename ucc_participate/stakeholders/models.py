"""The register of stakeholders: organisations by sector and kind, and who may speak for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..accounts.models import Account
from ..kernel.db import CodeSet, Model, choice
from ..kernel.errors import Conflict
from ..vocabularies.uccn import Sector

MOST_CONFIRMATIONS = 20
"""Of delegates on one ballot."""
BY_CODE_POINT = String(330).with_variant(String(330, collation="C"), "postgresql")


class SizeBand(StrEnum):
    """How many people belong to it or work there."""

    ALONE = "alone"
    FEW = "few"
    SMALL = "small"
    MIDDLE = "middle"
    LARGE = "large"


class CountsAs(StrEnum):
    """For whose presence an organisation with a tag counts."""

    WOMEN = "women"
    YOUTH = "youth"


class Tag(Model):
    """A word by which organisations are found and counted. Built-in ones come with the migrations (no ``added_by``)."""

    __tablename__ = "organisation_tag"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[dict[str, str]] = mapped_column(JSON)
    counts_as: Mapped[CountsAs | None] = mapped_column(choice(CountsAs))
    added_by: Mapped[str | None] = mapped_column(String(120))
    added_at: Mapped[datetime | None]

    @property
    def ref(self) -> str:
        return f"organisation_tag/{self.code}"

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps."""
        return {"title": self.title, "counts_as": self.counts_as.value if self.counts_as else None}


class Organisation(Model):
    """A stakeholder. Contact data is for staff only and never in the log.

    ``is_womens_group`` and ``is_youth_group`` are derived from the tags whenever these are written (``carry``), so that
    counting the presence of women and youth needs no list of tags. ``ballot_confirmations``: how many of its delegates
    must agree before a ballot of it counts, in votes whose roll is frozen from now on. ``merged_into``: the entry that
    stands for this one now, never one that was merged itself; whatever is counted counts it there.
    """

    __tablename__ = "organisation"
    __table_args__ = (
        Index("ix_organisation_list", "sort_key", "id"),
        CheckConstraint("ballot_confirmations >= 1", name="confirmed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    sort_key: Mapped[str] = mapped_column(BY_CODE_POINT)
    folded: Mapped[str] = mapped_column(String(330), index=True)
    sector: Mapped[Sector] = mapped_column(choice(Sector), index=True)
    subtype: Mapped[str] = mapped_column(String(30))
    creative_fields: Mapped[tuple[str, ...]] = mapped_column(CodeSet, default=())
    tags: Mapped[tuple[str, ...]] = mapped_column(CodeSet, default=())
    size: Mapped[SizeBand | None] = mapped_column(choice(SizeBand))
    ballot_confirmations: Mapped[int] = mapped_column(default=1)
    is_womens_group: Mapped[bool] = mapped_column(default=False)
    is_youth_group: Mapped[bool] = mapped_column(default=False)
    identified_by: Mapped[str] = mapped_column(String(200))
    website: Mapped[str | None] = mapped_column(String(300))
    contact_name: Mapped[str | None] = mapped_column(String(120))
    contact_email: Mapped[str | None] = mapped_column(String(254))
    contact_phone: Mapped[str | None] = mapped_column(String(30))
    note: Mapped[str | None] = mapped_column(Text)
    registered_at: Mapped[datetime]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)

    merged_into: Mapped[Organisation | None] = relationship(lazy="raise", remote_side="Organisation.id")
    delegates: Mapped[list[Delegate]] = relationship(
        lazy="raise", back_populates="organisation", order_by="Delegate.id"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def ref(self) -> str:
        return f"organisation/{self.public_id}"

    @property
    def is_merged(self) -> bool:
        """Whether only its address is left, and leads to another entry."""
        return self.merged_into_id is not None

    def carry(self, tags: Iterable[Tag]) -> None:
        """Take exactly these tags, and what follows from them."""
        carried = list(tags)
        self.tags = tuple(sorted(tag.code for tag in carried))
        self.is_womens_group = any(tag.counts_as is CountsAs.WOMEN for tag in carried)
        self.is_youth_group = any(tag.counts_as is CountsAs.YOUTH for tag in carried)

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps (docs/record-format.md §4)."""
        return {
            "name": self.name,
            "sector": self.sector.value,
            "subtype": self.subtype,
            "creative_fields": list(self.creative_fields),
            "tags": list(self.tags),
            "size": self.size.value if self.size else None,
            "is_womens_group": self.is_womens_group,
            "is_youth_group": self.is_youth_group,
            "identified_by": self.identified_by,
            "ballot_confirmations": self.ballot_confirmations,
        }


class Merge(Model):
    """That two entries were one organisation: which of them stands for both since when, and why. Never edited.

    ``survivor`` is the one of that day; it may have been merged itself since.
    """

    __tablename__ = "organisation_merge"

    id: Mapped[int] = mapped_column(primary_key=True)
    merged_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), unique=True)
    survivor_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    merged_by: Mapped[str] = mapped_column(String(120))
    merged_at: Mapped[datetime]

    merged: Mapped[Organisation] = relationship(lazy="raise", foreign_keys=[merged_id])
    survivor: Mapped[Organisation] = relationship(lazy="raise", foreign_keys=[survivor_id])

    def public_payload(self) -> dict[str, Any]:
        """The state of the merged entry that the log keeps; needs both loaded."""
        return {**self.merged.public_payload(), "merged_into": self.survivor.ref, "reason": self.reason}


class Apart(Model):
    """That two entries which look alike are two organisations: the desk does not ask again. ``noted_by``: actor key."""

    __tablename__ = "organisation_apart"
    __table_args__ = (CheckConstraint("one_id < other_id", name="order"),)

    one_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    noted_by: Mapped[str] = mapped_column(String(120))
    noted_at: Mapped[datetime]


class Fate(StrEnum):
    """What a row of a table does to the register. The order is that of the preview: what needs a person first."""

    REFUSED = "refused"
    ALIKE = "alike"
    DOUBLE = "double"
    MERGED = "merged"
    CHANGED = "changed"
    NEW = "new"
    UNCHANGED = "unchanged"

    @property
    def rank(self) -> int:
        return list(Fate).index(self)

    @property
    def is_done(self) -> bool:
        """Whether carrying out the table changes the register by such a row."""
        return self in (Fate.CHANGED, Fate.NEW)


class ImportState(StrEnum):
    WAITING = "waiting"
    DONE = "done"


class RegisterImport(Model):
    """A table that somebody brought: what it would do, and, once confirmed, what it did.

    ``identified_by``: how the city came to know of those rows that do not say it. ``ignored``: headers of columns that
    nobody understood. ``counts``: rows by fate.
    """

    __tablename__ = "register_import"
    __table_args__ = {"info": {"housekeeping": "what a table would do; carrying it out is in the log"}}

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    file_name: Mapped[str] = mapped_column(String(160))
    sha256: Mapped[str] = mapped_column(String(64))
    identified_by: Mapped[str] = mapped_column(String(200))
    status: Mapped[ImportState] = mapped_column(choice(ImportState), default=ImportState.WAITING)
    ignored: Mapped[list[str]] = mapped_column(JSON)
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    brought_by: Mapped[str] = mapped_column(String(120))
    brought_at: Mapped[datetime] = mapped_column(index=True)
    done_by: Mapped[str | None] = mapped_column(String(120))
    done_at: Mapped[datetime | None]

    @property
    def ref(self) -> str:
        return f"register_import/{self.public_id}"

    @property
    def rows(self) -> int:
        return sum(self.counts.values())

    def count(self, fate: Fate) -> int:
        return self.counts.get(fate.value, 0)

    @property
    def changes(self) -> int:
        """How many rows change the register."""
        return sum(self.count(fate) for fate in Fate if fate.is_done)

    def public_payload(self) -> dict[str, Any]:
        """What the log keeps of it."""
        return {"sha256": self.sha256, **{fate.value: self.count(fate) for fate in Fate}}


class RegisterImportRow(Model):
    """One row of such a table. ``number``: as a spreadsheet counts it. ``place``: where it stands in the preview.

    ``says``: why, cell by cell, as codes with what they speak of, never contact data. ``given``: the cells as they were
    typed, contact data included; forgotten when the table is carried out. ``public_id``: the entry that it is about.
    """

    __tablename__ = "register_import_row"
    __table_args__ = {"info": {"housekeeping": "what a table would do; carrying it out is in the log"}}

    import_id: Mapped[int] = mapped_column(ForeignKey("register_import.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    fate: Mapped[Fate] = mapped_column(choice(Fate))
    says: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    given: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    public_id: Mapped[str | None] = mapped_column(String(12))


class NominationOutcome(StrEnum):
    REGISTERED = "registered"
    KNOWN = "known"
    NO_STAKEHOLDER = "no_stakeholder"
    UNFIT = "unfit"


class Nomination(Model):
    """That people miss an organisation in the register, and what the city answered.

    ``waiting_key``: the folded name until it is answered; whoever names the same organisation meanwhile joins in.
    ``name`` is shown and logged with the answer, never before: strangers typed it. An unfit one is never shown.
    """

    __tablename__ = "nomination"
    __table_args__ = (CheckConstraint("(outcome IS NULL) = (waiting_key IS NOT NULL)", name="answered"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    waiting_key: Mapped[str | None] = mapped_column(String(330), unique=True)
    sector: Mapped[Sector] = mapped_column(choice(Sector))
    times: Mapped[int] = mapped_column(default=1)
    nominated_at: Mapped[datetime]
    outcome: Mapped[NominationOutcome | None] = mapped_column(choice(NominationOutcome))
    reason: Mapped[str | None] = mapped_column(Text)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    answered_by: Mapped[str | None] = mapped_column(String(120))
    answered_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation | None] = relationship(lazy="raise")
    voices: Mapped[list[NominationVoice]] = relationship(lazy="raise", order_by="NominationVoice.id")

    __mapper_args__ = {"version_id_col": version}

    @property
    def ref(self) -> str:
        return f"nomination/{self.public_id}"

    @property
    def shown_name(self) -> str | None:
        """The name for everybody: known once it is answered, and never when it is no name to be shown."""
        return None if self.outcome in (None, NominationOutcome.UNFIT) else self.name

    def answer(self, outcome: NominationOutcome, reason: str, organisation: Organisation | None) -> None:
        """Answer once, with a reason. Raises Conflict when it has been answered."""
        if self.outcome is not None:
            raise Conflict
        self.outcome, self.reason, self.organisation, self.waiting_key = outcome, reason, organisation, None

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps; needs ``organisation`` loaded."""
        return {
            "name": self.shown_name,
            "sector": self.sector.value,
            "times": self.times,
            "outcome": self.outcome.value if self.outcome else None,
            "reason": self.reason,
            "organisation": self.organisation.ref if self.organisation else None,
        }


class NominationVoice(Model):
    """What one person said when nominating: for the city's staff, forgotten when the nomination is answered."""

    __tablename__ = "nomination_voice"

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"), index=True)
    idempotency_key: Mapped[str] = mapped_column(String(40), unique=True)
    why: Mapped[str] = mapped_column(Text)
    contact: Mapped[str | None] = mapped_column(String(200))
    given_at: Mapped[datetime]


class Delegate(Model):
    """Who may act for an organisation, from a day to a day, granted and revoked by named persons; never edited."""

    __tablename__ = "delegate"
    __table_args__ = (Index("ix_delegate_account", "account_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    mandate: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    granted_by: Mapped[str] = mapped_column(String(120))
    granted_at: Mapped[datetime]
    revoked_by: Mapped[str | None] = mapped_column(String(120))
    revoked_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(lazy="raise", back_populates="delegates")
    account: Mapped[Account] = relationship(lazy="raise")

    @property
    def ref(self) -> str:
        """What its mandate document is attached to; no subject of the log, which knows the organisation only."""
        return f"delegate/{self.public_id}"

    def is_current(self, now: datetime, today: date) -> bool:
        """Whether the mandate holds: granted, not revoked, and ``today`` within its days (both included)."""
        revoked = self.revoked_at is not None and self.revoked_at <= now
        return not revoked and self.starts_on <= today and (self.ends_on is None or today <= self.ends_on)
