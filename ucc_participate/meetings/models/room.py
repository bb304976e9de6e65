"""What happens in the room: quick shows of hands, which are no votes, and how long who speaks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import Sex
from ...kernel.db import Model, choice
from ...vocabularies.uccn import Sector
from .meeting import Meeting


class ShowOfHands(Model):
    """One question. ``typed``: hands that the facilitator counted, by option; those raised by telephone are ``Hand``
    rows while it is open, then ``by_phone``."""

    __tablename__ = "show_of_hands"
    __table_args__ = (
        UniqueConstraint("meeting_id", "number"),
        {"info": {"housekeeping": "a question in the room; its result is in the log"}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    number: Mapped[int]
    question: Mapped[str] = mapped_column(String(300))
    options: Mapped[list[str]] = mapped_column(JSON)
    typed: Mapped[list[int]] = mapped_column(JSON)
    by_phone: Mapped[list[int]] = mapped_column(JSON)
    asked_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    meeting: Mapped[Meeting] = relationship(lazy="raise")

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    def public_payload(self) -> dict[str, Any]:
        lines = zip(self.options, self.typed, self.by_phone, strict=True)
        options = [{"option": option, "counted": typed, "by_phone": phone} for option, typed, phone in lines]
        return {"question": self.question, "options": options}


class Hand(Model):
    """Which option somebody present raised a hand for; gone as soon as the question is closed."""

    __tablename__ = "hand"
    __table_args__ = ({"info": {"housekeeping": "counted when the question is closed, then gone"}},)

    show_id: Mapped[int] = mapped_column(ForeignKey("show_of_hands.id"), primary_key=True)
    attendance_id: Mapped[int] = mapped_column(ForeignKey("attendance.id"), primary_key=True)
    option: Mapped[int]


class SpeakingTurn(Model):
    """One turn of speaking, by sector and sex as the facilitator sees them: nobody in particular."""

    __tablename__ = "speaking_turn"
    __table_args__ = ({"info": {"housekeeping": "taps in the room; their sums are in the entry that it was held"}},)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    sector: Mapped[Sector | None] = mapped_column(choice(Sector))
    sex: Mapped[Sex | None] = mapped_column(choice(Sex))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
