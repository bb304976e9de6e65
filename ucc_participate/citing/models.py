"""Facts of a dossier as they were fixed when it was frozen. What paragraphs cite: dossier/models.py, Citation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..dossier.models import Dossier
from ..kernel.clock import utc_text
from ..kernel.db import Model

TITLE_LENGTH, NOTE_LENGTH = 300, 300


class FixedFact(Model):
    """A number as the frozen dossier says it (rule P12): its definition, and the log that it was counted at.

    ``value``: whole numbers and text by name, as the fact's query gave them. ``size`` and ``root`` (hexadecimal): of
    the log at that moment, so that the record up to there can be counted again.
    """

    __tablename__ = "fixed_fact"
    __table_args__ = (UniqueConstraint("dossier_id", "code"), CheckConstraint("size > 0", name="size"))

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"))
    code: Mapped[str] = mapped_column(String(40))
    definition: Mapped[str] = mapped_column(Text)
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
    size: Mapped[int]
    root: Mapped[str] = mapped_column(String(64))
    fixed_at: Mapped[datetime]

    dossier: Mapped[Dossier] = relationship(lazy="raise")

    @property
    def ref(self) -> str:
        return fact_ref(self.dossier, self.code)

    def public_payload(self) -> dict[str, Any]:
        return {
            "definition": self.definition,
            "value": self.value,
            "size": self.size,
            "root": self.root,
            "fixed_at": utc_text(self.fixed_at),
        }


def fact_ref(dossier: Dossier, code: str) -> str:
    return f"fact/{dossier.public_id}-{code}"


def fact_code(dossier: Dossier, ref: str) -> str:
    """The code in the ref of a fact of this dossier, "" for any other ref."""
    own = fact_ref(dossier, "")
    return ref.removeprefix(own) if ref.startswith(own) else ""
