"""Minority statements: that somebody does not agree with what was decided, in their own words, kept unchanged."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import Account
from ...kernel.clock import utc_text
from ...kernel.db import Model, choice
from ...moderation.models import Standing
from ...processes.models import Process
from ...stakeholders.models import Organisation
from ...vocabularies.uccn import Sector

DISSENT_LENGTH = (30, 4_000)
DISSENT_TEXTS = ("text", "author")
"""What the log does not hold of one that moderation withholds."""


class DissentAbout(StrEnum):
    ANSWER = "answer"
    MERGE = "merge"
    DECISION = "decision"
    PROCESS = "process"


class Dissent(Model):
    """A minority statement (P10). ``subject``: the ref of what it disagrees with, such as ``proposal/…``.

    ``withdrawn_at`` is a mark: the text stays. Only a moderator takes an unlawful one from the pages (``standing``).
    """

    __tablename__ = "dissent"
    __table_args__ = (Index("ix_dissent_subject", "process_id", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    subject: Mapped[str] = mapped_column(String(120))
    about: Mapped[DissentAbout] = mapped_column(choice(DissentAbout))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    author_name: Mapped[str | None] = mapped_column(String(160))
    sector: Mapped[Sector | None] = mapped_column(choice(Sector))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2))
    filed_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    standing: Mapped[Standing] = mapped_column(choice(Standing), default=Standing.SHOWN)

    process: Mapped[Process] = relationship(lazy="raise")
    author: Mapped[Account | None] = relationship(lazy="raise")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")

    @property
    def ref(self) -> str:
        return f"dissent/{self.public_id}"

    @property
    def is_shown(self) -> bool:
        return self.standing is Standing.SHOWN

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps; needs ``organisation`` loaded. Without text and name while it is withheld."""
        return {
            "on": self.subject,
            "about": self.about.value,
            "text": self.text if self.is_shown else None,
            "language": self.language,
            "author": self.author_name if self.is_shown else None,
            "organisation": self.organisation.ref if self.organisation_id and self.organisation else None,
            "sector": self.sector.value if self.sector else None,
            "filed_at": utc_text(self.filed_at),
            "withdrawn_at": utc_text(self.withdrawn_at) if self.withdrawn_at else None,
            "standing": self.standing.value,
        }
