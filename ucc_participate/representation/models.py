"""The city's population as tables that are never changed, and the table that a process is measured against."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..kernel.db import Model
from .population import Census, Line


class Population(Model):
    """One version of the city's population table, with where its numbers come from. Rows are never edited.

    ``lines``: ``[sex, band, district, people]``, null for "all"; ``sectors``: organisations of each sector.
    """

    __tablename__ = "population"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    number: Mapped[int] = mapped_column(unique=True)
    source: Mapped[str] = mapped_column(String(300))
    year: Mapped[int]
    url: Mapped[str | None] = mapped_column(String(2000))
    lines: Mapped[list[list[Any]]] = mapped_column(JSON)
    sectors: Mapped[dict[str, int]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    added_by: Mapped[str] = mapped_column(String(160))
    added_at: Mapped[datetime]

    @property
    def ref(self) -> str:
        return f"population/{self.public_id}"

    @cached_property
    def census(self) -> Census:
        return Census(tuple(Line(*line) for line in self.lines), dict(self.sectors))

    def public_payload(self) -> dict[str, Any]:
        """What the log keeps: no row, but the hash and the sums of all rows."""
        census = self.census
        return {
            "number": self.number,
            "source": self.source,
            "year": self.year,
            "url": self.url,
            "sha256": self.sha256,
            "total": census.total,
            "sectors": dict(self.sectors),
            "totals": [{"group": group, "people": people} for group, people in sorted(census.margins().items())],
        }


class Yardstick(Model):
    """That a process is measured against this population table; named once, kept."""

    __tablename__ = "yardstick"

    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), primary_key=True)
    population_id: Mapped[int] = mapped_column(ForeignKey("population.id"))
    chosen_at: Mapped[datetime]

    population: Mapped[Population] = relationship(lazy="raise")
