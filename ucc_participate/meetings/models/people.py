"""Who is invited, who registers, who comes."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import Account
from ...kernel.db import Model, choice
from ...stakeholders.models import Organisation
from .meeting import Meeting


class MeetingInvitation(Model):
    """That an organisation was invited to a meeting. ``by_mail``: a mail went to its contact address."""

    __tablename__ = "meeting_invitation"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    by_mail: Mapped[bool] = mapped_column(default=False)
    invited_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship(lazy="raise")


class RegistrationState(StrEnum):
    COMING = "coming"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"


class Registration(Model):
    """That somebody with an account wants to come. ``needs``: what the person asks for, for the city's staff alone."""

    __tablename__ = "meeting_registration"
    __table_args__ = (
        UniqueConstraint("meeting_id", "account_id"),
        Index("ix_meeting_registration_state", "meeting_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    state: Mapped[RegistrationState] = mapped_column(choice(RegistrationState))
    needs: Mapped[str] = mapped_column(Text, default="")
    wants_childcare: Mapped[bool] = mapped_column(default=False)
    registered_at: Mapped[datetime]

    meeting: Mapped[Meeting] = relationship(lazy="raise")
    account: Mapped[Account] = relationship(lazy="raise")


class MeetingTold(Model):
    """That somebody was reminded of a meeting at this time of beginning, so that it happens once."""

    __tablename__ = "meeting_told"
    __table_args__ = ({"info": {"housekeeping": "reminding is not an act of anybody"}},)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)


class AttendanceWay(StrEnum):
    """``CODE``: signed in and scanned the code on the wall; ``FORM``: scanned it and filled in the short form."""

    CODE = "code"
    FORM = "form"
    CLERK = "clerk"


class Attendance(Model):
    """That somebody came. Who has no account gets one without an address, so that they count like all others.

    ``name``: only of those without an account who gave one; for the city's staff, and gone after some months.
    ``organisation_id``: for which organisation they came. ``key``: of the form, so that a second press is harmless.
    ``took_part_before``: they say so; then they are no new participant of the process.
    ``noted_by``: key of the clerk.
    """

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("meeting_id", "account_id"),
        UniqueConstraint("meeting_id", "number"),
        UniqueConstraint("meeting_id", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    number: Mapped[int]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str | None] = mapped_column(String(80))
    way: Mapped[AttendanceWay] = mapped_column(choice(AttendanceWay))
    has_account: Mapped[bool]
    took_part_before: Mapped[bool] = mapped_column(default=False)
    key: Mapped[str | None] = mapped_column(String(40))
    noted_by: Mapped[str | None] = mapped_column(String(120))
    at: Mapped[datetime]

    meeting: Mapped[Meeting] = relationship(lazy="raise")
    account: Mapped[Account] = relationship(lazy="raise")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")
