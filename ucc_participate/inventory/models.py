"""What the city needs and what it has: needs, heritage, creative assets, each with its source and its contributor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..accounts.models import Account
from ..kernel.db import CodeSet, Model, choice
from ..kernel.errors import Conflict
from ..processes.models import Process
from ..vocabularies.uccn import Sector

TITLE_LENGTH = (5, 160)
TEXT_LENGTH = 2_000
EVIDENCE_LENGTH = 600
PLACE_LENGTH = 160
REASON_LENGTH = (10, 1_000)
ALT_LENGTH = (5, 200)
MOST_CHOSEN = 5
"""How many needs somebody may name as those that matter most."""
LOGGED = ("alt", "kind", "sha256", "size")


class ItemKind(StrEnum):
    """``heritage``: handed down. ``creative``: alive today, people, places and works (rule F1)."""

    NEED = "need"
    HERITAGE = "heritage"
    CREATIVE = "creative"

    @property
    def is_asset(self) -> bool:
        return self is not ItemKind.NEED


class ItemState(StrEnum):
    """A suggestion waits for a coordinator, is listed or declined; what was listed may be retired."""

    SUGGESTED = "suggested"
    LISTED = "listed"
    DECLINED = "declined"
    RETIRED = "retired"


TRANSITIONS = {
    ItemState.SUGGESTED: {ItemState.LISTED, ItemState.DECLINED},
    ItemState.LISTED: {ItemState.RETIRED},
    ItemState.DECLINED: set(),
    ItemState.RETIRED: {ItemState.LISTED},
}


@dataclass(frozen=True, slots=True)
class ItemText:
    """What somebody writes. ``shows_name``: whether readers see who contributed it."""

    kind: ItemKind
    title: str
    text: str = ""
    evidence: str = ""
    place: str | None = None
    shows_name: bool = True


class InventoryItem(Model):
    """A need or an asset of the city. ``evidence``: how it is known. ``author_name``: None for "a resident".

    ``files``: pictures and documents that show it, each ``document`` (public id), ``name``, ``alt``, ``kind``,
    ``sha256``, ``size`` and ``thumb`` (hash of the small copy of a picture, or None).
    """

    __tablename__ = "inventory_item"
    __table_args__ = (Index("ix_inventory_item_process", "process_id", "status", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    kind: Mapped[ItemKind] = mapped_column(choice(ItemKind))
    title: Mapped[str] = mapped_column(String(160))
    text: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str | None] = mapped_column(String(160))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    author_name: Mapped[str | None] = mapped_column(String(220))
    status: Mapped[ItemState] = mapped_column(choice(ItemState))
    reason: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    listed_at: Mapped[datetime | None]
    files: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    version: Mapped[int] = mapped_column(default=1)

    process: Mapped[Process] = relationship(lazy="raise")
    author: Mapped[Account | None] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}

    @property
    def ref(self) -> str:
        return f"inventory/{self.public_id}"

    @property
    def was_public(self) -> bool:
        """Whether the log keeps its text."""
        return self.listed_at is not None

    def move_to(self, state: ItemState, *, at: datetime) -> None:
        """Change the state along TRANSITIONS. Raises Conflict for any other step."""
        if state not in TRANSITIONS[self.status]:
            raise Conflict()
        self.status = state
        if state is ItemState.LISTED:
            self.listed_at = self.listed_at or at

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps once listed; ``files`` only where there are any."""
        files = [{name: file[name] for name in LOGGED} for file in self.files or ()]
        return {
            "kind": self.kind.value,
            "title": self.title,
            "text": self.text,
            "evidence": self.evidence,
            "place": self.place,
            "author": self.author_name,
            "status": self.status.value,
            "reason": self.reason,
        } | ({"files": files} if files else {})


class NeedChoice(Model):
    """Which needs matter most to somebody: a resident, or an organisation by one of its delegates.

    Nobody ever reads a single one: they are counted (``ranking``). ``sector`` is that of the first choice and stays.
    ``is_untold``: changed since the last published count, ``is_untold_by_sector``: since the last one by sector. A
    resident's row loses its account when that is erased; the count stays.
    """

    __tablename__ = "need_choice"
    __table_args__ = (
        UniqueConstraint("process_id", "organisation_id"),
        Index(
            "uq_need_choice_resident",
            "process_id",
            "account_id",
            unique=True,
            sqlite_where=text("organisation_id IS NULL"),
            postgresql_where=text("organisation_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    sector: Mapped[Sector | None] = mapped_column(choice(Sector))
    needs: Mapped[tuple[str, ...]] = mapped_column(CodeSet, default=())
    is_untold: Mapped[bool] = mapped_column(default=True)
    is_untold_by_sector: Mapped[bool] = mapped_column(default=True)

    process: Mapped[Process] = relationship(lazy="raise")


class NeedRanking(Model):
    """The newest published count of a process, as the log knows it."""

    __tablename__ = "need_ranking"

    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), primary_key=True)
    state: Mapped[dict[str, Any]] = mapped_column(JSON)
    told_at: Mapped[datetime]

    process: Mapped[Process] = relationship(lazy="raise")
