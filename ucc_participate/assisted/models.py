"""What came in on paper, by telephone, at the counter or in a workshop: who wrote it down, where, when, and the proof.

Whoever comes this way has an account without an address: it counts like every other, and its owner can take it over
with the confirmation code that stands on their slip.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..accounts.models import Account
from ..kernel.clock import utc_text
from ..kernel.db import Model, choice
from ..kernel.errors import Conflict
from ..meetings.models import Meeting
from ..processes.models import Process, WayIn
from ..proposals.models import Proposal

ASSISTED_WAYS = tuple(way for way in WayIn if way is not WayIn.INTERNET)


class ItemState(StrEnum):
    """``WAITING``: a second clerk must compare it with its paper before it counts."""

    WAITING = "waiting"
    ENTERED = "entered"
    WITHDRAWN = "withdrawn"


TRANSITIONS = {
    ItemState.WAITING: {ItemState.ENTERED, ItemState.WITHDRAWN},
    ItemState.ENTERED: {ItemState.WITHDRAWN},
    ItemState.WITHDRAWN: set(),
}


class Intake(Model):
    """A clerk's session: one way in, one place, one day on which people gave what is written down.

    ``needs_second``: whether a second clerk compares each item with its paper before it counts. ``meeting_id``: where
    people gave it, if that was a meeting.
    """

    __tablename__ = "intake"
    __table_args__ = (Index("ix_intake_process", "process_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    way_in: Mapped[WayIn] = mapped_column(choice(WayIn))
    place: Mapped[str] = mapped_column(String(160))
    held_on: Mapped[date] = mapped_column(Date)
    needs_second: Mapped[bool] = mapped_column(default=False)
    clerk_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    opened_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    items: Mapped[int] = mapped_column(default=0)

    process: Mapped[Process] = relationship(lazy="raise")
    meeting: Mapped[Meeting | None] = relationship(lazy="raise")
    clerk: Mapped[Account] = relationship(lazy="raise")

    @property
    def ref(self) -> str:
        return f"intake/{self.public_id}"

    def is_open(self, now: datetime) -> bool:
        return self.closed_at is None and now < self.ends_at

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps; needs ``meeting`` loaded."""
        held_at = {"meeting": self.meeting.ref} if self.meeting is not None else {}
        return {
            **held_at,
            "way_in": self.way_in.value,
            "place": self.place,
            "held_on": self.held_on.isoformat(),
            "needs_second": self.needs_second,
            "opened_at": utc_text(self.opened_at),
            "closed_at": utc_text(self.closed_at) if self.closed_at else None,
            "items": self.items if self.closed_at else None,
        }


class AssistedItem(Model):
    """One form of a pile: a proposal, or (without one) that somebody was there.

    ``code``: digest of the confirmation code. ``entered_by`` and ``checked_by``: keys of the clerks.
    """

    __tablename__ = "assisted_item"
    __table_args__ = (UniqueConstraint("intake_id", "number"), UniqueConstraint("intake_id", "idempotency_key"))

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"))
    number: Mapped[int]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"), unique=True)
    state: Mapped[ItemState] = mapped_column(choice(ItemState))
    code: Mapped[str] = mapped_column(String(64), unique=True)
    idempotency_key: Mapped[str | None] = mapped_column(String(40))
    entered_by: Mapped[str] = mapped_column(String(120))
    entered_at: Mapped[datetime]
    checked_by: Mapped[str | None] = mapped_column(String(120))
    checked_at: Mapped[datetime | None]
    last_reason: Mapped[str | None] = mapped_column(Text)

    intake: Mapped[Intake] = relationship(lazy="raise")
    proposal: Mapped[Proposal | None] = relationship(lazy="raise")
    account: Mapped[Account] = relationship(lazy="raise")

    @property
    def ref(self) -> str:
        return f"intake/{self.intake.public_id}/item/{self.number}"

    def move_to(self, state: ItemState) -> None:
        """Change the state along TRANSITIONS. Raises Conflict for any other step."""
        if state not in TRANSITIONS[self.state]:
            raise Conflict()
        self.state = state

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps; needs ``intake`` and ``proposal`` loaded."""
        return {
            "proposal": self.proposal.ref if self.proposal is not None else None,
            "way_in": self.intake.way_in.value,
            "state": self.state.value,
            "is_checked": self.checked_at is not None,
        }
