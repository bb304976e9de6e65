"""The attachments of a dossier, and by when each step towards handing in is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..documents.models import Document
from ..dossier.models import Dossier
from ..kernel.db import Model, choice
from ..kernel.errors import Conflict

COUNCIL = "council"
SUPPORT = "support"
OWN_SECTIONS = (COUNCIL, SUPPORT)
"""Evidence that the official form does not ask for: the council's decision (rule L3), letters of support."""
NOTE_LENGTH = 1_000
LINES = {"asked_of": 220, "signer": 220, "responsible": 220, "caption": 300, "author": 160}
"""Longest lines that are typed."""


class AttachmentState(StrEnum):
    """How far a paper or a picture is. ``received``: the file is here; ``signed``: and whoever must has signed it."""

    WANTED = "wanted"
    ASKED = "asked"
    RECEIVED = "received"
    SIGNED = "signed"
    VOID = "void"

    @property
    def has_file(self) -> bool:
        return self in (AttachmentState.RECEIVED, AttachmentState.SIGNED)


TRANSITIONS = {
    AttachmentState.WANTED: {AttachmentState.ASKED, AttachmentState.RECEIVED, AttachmentState.SIGNED},
    AttachmentState.ASKED: {AttachmentState.RECEIVED, AttachmentState.SIGNED},
    AttachmentState.RECEIVED: {AttachmentState.ASKED, AttachmentState.SIGNED},
    AttachmentState.SIGNED: {AttachmentState.RECEIVED},
    AttachmentState.VOID: set(),
}
"""Every one but ``void`` may become void as well: it stays, with the reason, and another one takes its place."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is noted of an attachment; ``photo``: public id of the photo whose rights are ceded, None for all."""

    state: AttachmentState = AttachmentState.WANTED
    asked_of: str = ""
    asked_on: date | None = None
    received_on: date | None = None
    signed_on: date | None = None
    signer: str = ""
    due_on: date | None = None
    responsible: str = ""
    caption: str = ""
    author: str = ""
    note: str = ""
    photo: str | None = None


class Attachment(Model):
    """One paper or picture of the dossier (rules Z2, L3).

    ``section``: id of the form's section, or one of OWN_SECTIONS. ``asked_of``: the office or body that it comes from.
    ``responsible``: the office that sees to it. ``signer``: function of who signed, no name. ``caption``, ``author``:
    of a photo; the author is named where it is handed in and in no entry. ``photo``: which photo a cession of rights
    is for, None: for all. ``picture``: what the content of a photo shows (``photos.Picture.told``).
    """

    __tablename__ = "dossier_attachment"
    __table_args__ = (
        UniqueConstraint("dossier_id", "section", "number"),
        CheckConstraint("number > 0", name="number"),
        Index("ix_dossier_attachment_dossier", "dossier_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"))
    section: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    state: Mapped[AttachmentState] = mapped_column(choice(AttachmentState), default=AttachmentState.WANTED)
    asked_of: Mapped[str] = mapped_column(String(220), default="")
    asked_on: Mapped[date | None]
    received_on: Mapped[date | None]
    signed_on: Mapped[date | None]
    signer: Mapped[str] = mapped_column(String(220), default="")
    due_on: Mapped[date | None]
    responsible: Mapped[str] = mapped_column(String(220), default="")
    caption: Mapped[str] = mapped_column(String(300), default="")
    author: Mapped[str] = mapped_column(String(160), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    void_because: Mapped[str | None] = mapped_column(Text)
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("dossier_attachment.id"), index=True)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id", ondelete="SET NULL"), index=True)
    picture: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    dossier: Mapped[Dossier] = relationship(lazy="raise")
    photo: Mapped[Attachment | None] = relationship(lazy="raise", remote_side="Attachment.id")
    document: Mapped[Document | None] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}

    @property
    def ref(self) -> str:
        return f"attachment/{self.public_id}"

    @property
    def is_void(self) -> bool:
        return self.state is AttachmentState.VOID

    @property
    def is_idle(self) -> bool:
        """Whether it is a sheet of rights for a photo that is not handed in; needs ``photo`` loaded."""
        return self.photo is not None and self.photo.is_void

    def move_to(self, state: AttachmentState) -> None:
        """Change the state along TRANSITIONS; staying is no step. Raises Conflict for any other."""
        steps = TRANSITIONS[self.state] | ({AttachmentState.VOID} if not self.is_void else set())
        if state is not self.state and state not in steps:
            raise Conflict()
        self.state = state

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps; needs ``dossier``, ``photo`` and ``document`` loaded."""
        return {
            "dossier": self.dossier.ref,
            "section": self.section,
            "number": self.number,
            "state": self.state.value,
            "asked_on": _text(self.asked_on),
            "received_on": _text(self.received_on),
            "signed_on": _text(self.signed_on),
            "signer": self.signer,
            "photo": self.photo.ref if self.photo is not None else None,
            "file": self.document.public_payload() if self.document is not None else None,
            "void_because": self.void_because,
        }


class StepDay(Model):
    """By when a step is done and which office sees to it, where the city says otherwise than the usual schedule.

    ``step``: one of ``schedule.STEPS``. ``due_on``: None for the usual day.
    """

    __tablename__ = "dossier_deadline"
    __table_args__ = (UniqueConstraint("dossier_id", "step"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"))
    step: Mapped[str] = mapped_column(String(20))
    due_on: Mapped[date | None]
    responsible: Mapped[str] = mapped_column(String(220), default="")

    dossier: Mapped[Dossier] = relationship(lazy="raise")

    @property
    def ref(self) -> str:
        """Needs ``dossier`` loaded."""
        return f"deadline/{self.dossier.public_id}-{self.step}"

    def public_payload(self) -> dict[str, Any]:
        return {"step": self.step, "due_on": _text(self.due_on), "responsible": self.responsible}


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
