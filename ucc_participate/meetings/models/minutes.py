"""Minutes in versions, their decisions, and what those say of them who were there."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...kernel.clock import utc_text
from ...kernel.db import Model, choice
from ...stakeholders.models import Organisation
from .meeting import Meeting


class MinutesState(StrEnum):
    DRAFT = "draft"
    FINAL = "final"


class Minutes(Model):
    """One published version; the newest holds. Never changed.

    ``decisions``: list of ``{"number", "text", "proposals": ["proposal/…"], "organisations": ["organisation/…"]}``.
    """

    __tablename__ = "minutes"
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    number: Mapped[int]
    state: Mapped[MinutesState] = mapped_column(choice(MinutesState))
    text: Mapped[str] = mapped_column(Text)
    decisions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    objections_until: Mapped[datetime]
    published_at: Mapped[datetime]

    meeting: Mapped[Meeting] = relationship(lazy="raise")

    def ref(self, meeting: Meeting) -> str:
        return f"{meeting.ref}/minutes/{self.number}"

    def public_payload(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "state": self.state.value,
            "text": self.text,
            "decisions": self.decisions,
            "objections_until": utc_text(self.objections_until),
            "published_at": utc_text(self.published_at),
        }


class MinutesDesk(Model):
    """What the staff has written of minutes and not published: nobody else's business."""

    __tablename__ = "minutes_desk"
    __table_args__ = ({"info": {"housekeeping": "unpublished text of the staff"}},)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    decisions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    saved_at: Mapped[datetime]


class DecisionLink(Model):
    """That a decision of the minutes that hold speaks of a proposal; follows from them."""

    __tablename__ = "decision_link"
    __table_args__ = ({"info": {"housekeeping": "follows from the minutes, whose entry says it"}},)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True, index=True)

    meeting: Mapped[Meeting] = relationship(lazy="raise")


class VoiceKind(StrEnum):
    OBJECTION = "objection"
    CONFIRMATION = "confirmation"


class MinutesVoice(Model):
    """What somebody who was there, or a delegate of an organisation that was, says of draft minutes. Kept for good.

    ``author``: the name that they chose to show. ``answered_by``: key of the official; never in the log.
    """

    __tablename__ = "minutes_voice"
    __table_args__ = (UniqueConstraint("meeting_id", "number"), UniqueConstraint("minutes_id", "account_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id"))
    number: Mapped[int]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[VoiceKind] = mapped_column(choice(VoiceKind))
    text: Mapped[str] = mapped_column(Text, default="")
    author: Mapped[str | None] = mapped_column(String(80))
    said_at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[str | None] = mapped_column(String(120))
    answered_at: Mapped[datetime | None]

    meeting: Mapped[Meeting] = relationship(lazy="raise")
    minutes: Mapped[Minutes] = relationship(lazy="raise")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")

    def ref(self, meeting: Meeting) -> str:
        return f"{meeting.ref}/voice/{self.number}"

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps; needs ``minutes`` and ``organisation`` loaded."""
        return {
            "kind": self.kind.value,
            "minutes": self.minutes.number,
            "organisation": self.organisation.ref if self.organisation is not None else None,
            "text": self.text,
            "author": self.author,
            "answer": self.answer,
            "answered_at": utc_text(self.answered_at) if self.answered_at else None,
        }
