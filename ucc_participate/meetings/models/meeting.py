"""A meeting as it is announced, held and counted, and the rules of its process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...kernel.clock import utc_text
from ...kernel.db import Model, choice
from ...kernel.errors import Conflict
from ...processes.models import Process, Texts

MILLION = 1_000_000
USUAL_NOTICE_DAYS = 7
USUAL_OBJECTION_DAYS = 7
DOORS_OPEN = timedelta(hours=1)
"""Before the beginning and after the end: how long people can be noted as present by the code on the wall."""


class Mode(StrEnum):
    IN_PERSON = "in_person"
    ONLINE = "online"
    BOTH = "both"


class MeetingState(StrEnum):
    ANNOUNCED = "announced"
    HELD = "held"
    MINUTES_DRAFT = "minutes_draft"
    MINUTES_FINAL = "minutes_final"
    CANCELLED = "cancelled"


TRANSITIONS = {
    MeetingState.ANNOUNCED: {MeetingState.HELD, MeetingState.CANCELLED},
    MeetingState.HELD: {MeetingState.MINUTES_DRAFT},
    MeetingState.MINUTES_DRAFT: {MeetingState.MINUTES_DRAFT, MeetingState.MINUTES_FINAL},
    MeetingState.MINUTES_FINAL: set(),
    MeetingState.CANCELLED: set(),
}


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """``who``: opens the item; on the page, never in the log."""

    title: str
    minutes: int
    who: str = ""

    def public_payload(self) -> dict[str, Any]:
        return {"title": self.title, "minutes": self.minutes}


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What is said of a meeting when it is announced. ``latitude``, ``longitude``: millionths of a degree."""

    title: Texts
    text: Texts
    mode: Mode
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    district: str | None = None
    latitude: int | None = None
    longitude: int | None = None
    link: str | None = None
    places: int | None = None
    is_for_women: bool = False
    is_for_youth: bool = False
    accessibility: str = ""
    childcare: str = ""
    agenda: tuple[AgendaItem, ...] = ()


class MeetingRules(Model):
    """Of one process: how early meetings are announced, how long draft minutes are open; without a row the usual."""

    __tablename__ = "meeting_rules"

    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), primary_key=True)
    notice_days: Mapped[int] = mapped_column(default=USUAL_NOTICE_DAYS)
    objection_days: Mapped[int] = mapped_column(default=USUAL_OBJECTION_DAYS)

    process: Mapped[Process] = relationship(lazy="raise")

    def public_payload(self) -> dict[str, Any]:
        return {"notice_days": self.notice_days, "objection_days": self.objection_days}


class Meeting(Model):
    """One meeting.

    ``link``: where it is held online; shown to those who registered, never in the log. ``revision``: rises with every
    change of the notice, as calendars want it. ``counts``: attendance as it was counted once, when the list was closed,
    small groups hidden. ``changed_at``: when it was last moved, or called off. ``source`` and ``reported``: where an
    imported meeting comes from and the numbers that stand there; they are nobody's attendance here. ``has_hours``: of
    imported ones often only the day is known.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("process_id", "source"),
        Index("ix_meeting_list", "process_id", "starts_at", "id"),
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="on_map"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    title: Mapped[Texts] = mapped_column(JSON)
    text: Mapped[Texts] = mapped_column(JSON, default=dict)
    mode: Mapped[Mode] = mapped_column(choice(Mode))
    place: Mapped[str] = mapped_column(String(300), default="")
    district: Mapped[str | None] = mapped_column(String(80))
    latitude: Mapped[int | None]
    longitude: Mapped[int | None]
    link: Mapped[str | None] = mapped_column(String(2000))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    has_hours: Mapped[bool] = mapped_column(default=True)
    places: Mapped[int | None]
    is_for_women: Mapped[bool] = mapped_column(default=False)
    is_for_youth: Mapped[bool] = mapped_column(default=False)
    accessibility: Mapped[str] = mapped_column(Text, default="")
    childcare: Mapped[str] = mapped_column(Text, default="")
    agenda: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    status: Mapped[MeetingState] = mapped_column(choice(MeetingState), default=MeetingState.ANNOUNCED)
    announced_at: Mapped[datetime | None]
    short_notice_because: Mapped[str | None] = mapped_column(Text)
    moved_because: Mapped[str | None] = mapped_column(Text)
    changed_at: Mapped[datetime | None]
    cancelled_because: Mapped[str | None] = mapped_column(Text)
    held_at: Mapped[datetime | None]
    counts: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    speaking: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    source: Mapped[str | None] = mapped_column(String(200))
    source_url: Mapped[str | None] = mapped_column(String(2000))
    reported: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    last_attendance: Mapped[int] = mapped_column(default=0)
    last_voice: Mapped[int] = mapped_column(default=0)
    last_hands: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=0)

    process: Mapped[Process] = relationship(lazy="raise")

    @property
    def ref(self) -> str:
        return f"meeting/{self.public_id}"

    @property
    def items(self) -> list[AgendaItem]:
        return [AgendaItem(each["title"], each["minutes"], each.get("who", "")) for each in self.agenda]

    def move_to(self, state: MeetingState) -> None:
        """Change the state along TRANSITIONS. Raises Conflict for any other step."""
        if state not in TRANSITIONS[self.status]:
            raise Conflict()
        self.status = state

    def say(self, notice: Notice) -> None:
        """Take over what a notice says."""
        plain = (
            "title text mode place district latitude longitude link starts_at ends_at places is_for_women is_for_youth"
            " accessibility childcare"
        )
        for name in plain.split():
            setattr(self, name, getattr(notice, name))
        self.agenda = [{**item.public_payload(), "who": item.who} for item in notice.agenda]

    def doors_are_open(self, now: datetime) -> bool:
        return self.starts_at - DOORS_OPEN <= now < self.ends_at + DOORS_OPEN

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps: without the link and without names."""
        return {
            "title": self.title,
            "text": self.text,
            "mode": self.mode.value,
            "place": self.place,
            "district": self.district,
            "latitude": self.latitude,
            "longitude": self.longitude,
            "starts_at": utc_text(self.starts_at),
            "ends_at": utc_text(self.ends_at),
            "places": self.places,
            "is_for_women": self.is_for_women,
            "is_for_youth": self.is_for_youth,
            "accessibility": self.accessibility,
            "childcare": self.childcare,
            "agenda": [item.public_payload() for item in self.items],
            "status": self.status.value,
            "announced_at": utc_text(self.announced_at) if self.announced_at else None,
            "short_notice_because": self.short_notice_because,
            "moved_because": self.moved_because,
            "cancelled_because": self.cancelled_because,
            "counts": self.counts,
            "speaking": self.speaking,
            "source": self.source,
            "source_url": self.source_url,
            "reported": self.reported,
        }


def agenda_times(starts_at: datetime, items: Sequence[AgendaItem]) -> list[tuple[AgendaItem, datetime, datetime]]:
    """Each item with its first and last moment, one after the other from the beginning of the meeting."""
    timed, begins = [], starts_at
    for item in items:
        ends = begins + timedelta(minutes=item.minutes)
        timed.append((item, begins, ends))
        begins = ends
    return timed
