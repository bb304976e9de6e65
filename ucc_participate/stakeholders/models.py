"""The register of stakeholders: organisations by sector and kind, and who may speak for them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..accounts.models import Account
from ..kernel.db import Model, choice
from ..vocabularies.uccn import CreativeField, Sector

BY_CODE_POINT = String(330).with_variant(String(330, collation="C"), "postgresql")


class Organisation(Model):
    """A stakeholder. Contact data is for staff only and never in the log."""

    __tablename__ = "organisation"
    __table_args__ = (Index("ix_organisation_list", "sort_key", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    sort_key: Mapped[str] = mapped_column(BY_CODE_POINT)
    folded: Mapped[str] = mapped_column(String(330), index=True)
    sector: Mapped[Sector] = mapped_column(choice(Sector), index=True)
    subtype: Mapped[str] = mapped_column(String(30))
    creative_field: Mapped[CreativeField | None] = mapped_column(choice(CreativeField))
    is_womens_group: Mapped[bool] = mapped_column(default=False)
    is_youth_group: Mapped[bool] = mapped_column(default=False)
    identified_by: Mapped[str] = mapped_column(String(200))
    website: Mapped[str | None] = mapped_column(String(300))
    contact_name: Mapped[str | None] = mapped_column(String(120))
    contact_email: Mapped[str | None] = mapped_column(String(254))
    contact_phone: Mapped[str | None] = mapped_column(String(30))
    note: Mapped[str | None] = mapped_column(Text)
    registered_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    delegates: Mapped[list[Delegate]] = relationship(
        lazy="raise", back_populates="organisation", order_by="Delegate.id"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def ref(self) -> str:
        return f"organisation/{self.public_id}"

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps (docs/record-format.md §4)."""
        return {
            "name": self.name,
            "sector": self.sector.value,
            "subtype": self.subtype,
            "creative_field": self.creative_field.value if self.creative_field else None,
            "is_womens_group": self.is_womens_group,
            "is_youth_group": self.is_youth_group,
            "identified_by": self.identified_by,
        }


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

    def is_current(self, now: datetime, today: date) -> bool:
        """Whether the mandate holds: granted, not revoked, and ``today`` within its days (both included)."""
        revoked = self.revoked_at is not None and self.revoked_at <= now
        return not revoked and self.starts_on <= today and (self.ends_on is None or today <= self.ends_on)
