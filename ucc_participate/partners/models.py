"""The directory of partner cities: with whom the city works or could work, how, and what shows it (rule X1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..kernel.db import CodeSet, Model, choice
from ..kernel.errors import Conflict
from ..processes.models import Process
from ..vocabularies.uccn import CreativeField

NAME_LENGTH = 160
ABOUT_LENGTH = 2_000
CONTACT_LENGTH = 600
FIRST_YEAR = 2004
"""The Network was founded in this year."""


class PartnerState(StrEnum):
    """How far it has come: thought of, written to, agreed, at work, ended."""

    SOUGHT = "sought"
    CONTACTED = "contacted"
    AGREED = "agreed"
    ACTIVE = "active"
    ENDED = "ended"


TRANSITIONS = {
    PartnerState.SOUGHT: {PartnerState.CONTACTED, PartnerState.AGREED, PartnerState.ENDED},
    PartnerState.CONTACTED: {PartnerState.AGREED, PartnerState.ENDED},
    PartnerState.AGREED: {PartnerState.ACTIVE, PartnerState.ENDED},
    PartnerState.ACTIVE: {PartnerState.ENDED},
    PartnerState.ENDED: {PartnerState.CONTACTED},
}


@dataclass(frozen=True, slots=True)
class CityText:
    """A partner city as somebody writes it down. ``country``: ISO 3166-1 alpha-2. ``since``: Gregorian year."""

    name: str
    country: str
    creative_field: CreativeField | None = None
    since: int | None = None
    cooperation: tuple[str, ...] = ()
    about: str = ""
    contact: str = ""
    status: PartnerState = PartnerState.SOUGHT


class PartnerCity(Model):
    """A city of the Network, or one that is not in it. ``since``: year of its designation, None for no member.

    ``cooperation``: kinds (codes of ``wording.COOPERATION``). ``contact``: an office and its address, never published.
    """

    __tablename__ = "partner_city"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    name: Mapped[str] = mapped_column(String(160))
    country: Mapped[str] = mapped_column(String(2))
    creative_field: Mapped[CreativeField | None] = mapped_column(choice(CreativeField))
    since: Mapped[int | None]
    cooperation: Mapped[tuple[str, ...]] = mapped_column(CodeSet, default=())
    about: Mapped[str] = mapped_column(Text, default="")
    contact: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[PartnerState] = mapped_column(choice(PartnerState), default=PartnerState.SOUGHT)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    process: Mapped[Process] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}

    @property
    def ref(self) -> str:
        return f"partner_city/{self.public_id}"

    @property
    def is_member(self) -> bool:
        return self.since is not None

    @property
    def stands_for_network(self) -> bool:
        """Whether an initiative with other cities may rest on it (rule X2): a member with which it has not ended."""
        return self.is_member and self.status is not PartnerState.ENDED

    def move_to(self, state: PartnerState) -> None:
        """Change the state along TRANSITIONS. Raises Conflict for any other step."""
        if state not in TRANSITIONS[self.status]:
            raise Conflict()
        self.status = state

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps: everything but the contact."""
        return {
            "name": self.name,
            "country": self.country,
            "creative_field": self.creative_field.value if self.creative_field else None,
            "since": self.since,
            "cooperation": list(self.cooperation),
            "about": self.about,
            "status": self.status.value,
        }
