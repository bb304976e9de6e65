"""Reaching out: personal codes of invitations, what was done to reach people, and who wants to be reminded of what.

Codes and addresses that are compared with what people bring are kept as HMAC-SHA-256 under the server's secret.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..kernel.clock import utc_text
from ..kernel.db import Model, choice
from ..kernel.errors import Conflict
from ..processes.models import Channel, Invitation, Process


class InvitationBatch(Model):
    """Invitations that were sent at one time in one way, with a personal code each.

    ``remind_after_days``: silence after which those who have an e-mail address are reminded, None: never by itself.
    """

    __tablename__ = "invitation_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    channel: Mapped[Channel] = mapped_column(choice(Channel))
    size: Mapped[int]
    expires_on: Mapped[date] = mapped_column(Date)
    remind_after_days: Mapped[int | None]
    issued_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    process: Mapped[Process] = relationship(lazy="raise")

    def is_valid(self, today: date) -> bool:
        return self.withdrawn_at is None and today <= self.expires_on


class InvitationCode(Model):
    """The digest of one code. An invitation may have several: each reminder brings a new one."""

    __tablename__ = "invitation_code"

    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("invitation_batch.id"), index=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitation.id"), index=True)
    locale: Mapped[str] = mapped_column(String(2))
    withdrawn_at: Mapped[datetime | None]

    batch: Mapped[InvitationBatch] = relationship(lazy="raise")
    invitation: Mapped[Invitation] = relationship(lazy="raise")

    def is_valid(self, today: date) -> bool:
        """Needs ``batch`` loaded."""
        return self.withdrawn_at is None and self.batch.is_valid(today)


class NoteKind(StrEnum):
    REASON = "reason"
    ATTENDANCE = "attendance"
    CALL = "call"
    DELEGATE = "delegate"


class InvitationNote(Model):
    """What an organisation said or a clerk wrote beside an invitation; for the city's staff only, never in the log.

    ``written_by``: key of the actor. Notes go some time after the process is closed (UCC_PROFILE_MONTHS).
    """

    __tablename__ = "invitation_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitation.id"), index=True)
    kind: Mapped[NoteKind] = mapped_column(choice(NoteKind))
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[str] = mapped_column(String(120))
    written_at: Mapped[datetime]

    invitation: Mapped[Invitation] = relationship(lazy="raise")


class ContactStop(Model):
    """An address of an organisation that wants no more reminders, as an HMAC."""

    __tablename__ = "contact_stop"
    __table_args__ = ({"info": {"housekeeping": "that somebody wants no mails is nobody else’s business"}},)

    address: Mapped[str] = mapped_column(String(64), primary_key=True)
    stopped_at: Mapped[datetime]


class ActivityKind(StrEnum):
    VISIT = "visit"
    WORKSHOP = "workshop"
    MEETING = "meeting"
    POSTER = "poster"
    RADIO = "radio"
    PRESS = "press"
    CALL = "call"
    SOCIAL_MEDIA = "social_media"


class Counted(StrEnum):
    """How the number of people reached is known."""

    COUNTED = "counted"
    ESTIMATED = "estimated"


class Activity(Model):
    """One thing that the city did to reach people, as it was noted once. A correction is a row of its own.

    ``public_id`` stays through corrections, ``number`` counts them from 1, the newest alone ``is_current``.
    ``group``: ``all``, ``sector:…``, ``women``, ``youth`` or ``other``, then ``group_words`` says which.
    ``is_void``: it did not take place after all. ``evidence``: the public payload of documents that were attached.
    ``recorded_by``: key of the actor.
    """

    __tablename__ = "activity"
    __table_args__ = (
        UniqueConstraint("public_id", "number"),
        CheckConstraint("(reached IS NULL) = (counted IS NULL)", name="known"),
        Index("ix_activity_list", "process_id", "is_current", "held_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12))
    number: Mapped[int]
    is_current: Mapped[bool] = mapped_column(default=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    kind: Mapped[ActivityKind] = mapped_column(choice(ActivityKind))
    held_on: Mapped[date] = mapped_column(Date)
    place: Mapped[str] = mapped_column(String(300))
    district: Mapped[str | None] = mapped_column(String(80))
    group: Mapped[str] = mapped_column(String(40))
    group_words: Mapped[str | None] = mapped_column(String(120))
    reached: Mapped[int | None]
    counted: Mapped[Counted | None] = mapped_column(choice(Counted))
    done: Mapped[str] = mapped_column(Text)
    gap: Mapped[str | None] = mapped_column(Text)
    is_void: Mapped[bool] = mapped_column(default=False)
    corrected_because: Mapped[str | None] = mapped_column(Text)
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    recorded_by: Mapped[str] = mapped_column(String(120))
    recorded_at: Mapped[datetime]

    process: Mapped[Process] = relationship(lazy="raise")

    def ref(self, process: Process) -> str:
        return f"{process.ref}/outreach/{self.public_id}"

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps."""
        return {
            "kind": self.kind.value,
            "held_on": self.held_on.isoformat(),
            "place": self.place,
            "district": self.district,
            "group": self.group,
            "group_words": self.group_words,
            "reached": self.reached,
            "counted": self.counted.value if self.counted else None,
            "done": self.done,
            "gap": self.gap,
            "is_void": self.is_void,
            "corrected_because": self.corrected_because,
            "evidence": self.evidence,
        }


class NewsKind(StrEnum):
    """Of what people can be told."""

    PHASE = "phase"
    ANSWER = "answer"
    VOTE = "vote"
    VERSION = "version"
    COMMENT = "comment"
    MERGED = "merged"
    MEETING = "meeting"
    MINUTES = "minutes"
    OPINIONS = "opinions"
    NEWSLETTER = "newsletter"


NARROW_KINDS = frozenset({NewsKind.VERSION, NewsKind.COMMENT, NewsKind.MERGED})
"""Told to those who follow the very thing, and not to all who follow its process."""


class Following(Model):
    """That an account wants to be told what happens to something: ``process/…``, ``proposal/…``, ``meeting/…``, ….

    ``process_id``: of which process it is a part, None for what is part of none (an organisation).
    """

    __tablename__ = "following"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(120), primary_key=True, index=True)
    process_id: Mapped[int | None] = mapped_column(ForeignKey("process.id"), index=True)
    since: Mapped[datetime]

    process: Mapped[Process | None] = relationship(lazy="raise")


class ReminderWish(Model):
    """Of what an account wants to be told in what it follows; without a row of everything.

    ``at_once``: kinds of which it is told as soon as they are known, not once a day.
    ``quiet_from`` and ``quiet_until``: hours of the day in the city, None: those of the city.
    ``stopped_at``: they want to be told nothing until they say so again.
    """

    __tablename__ = "reminder_wish"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    kinds: Mapped[list[str]] = mapped_column(JSON)
    at_once: Mapped[list[str]] = mapped_column(JSON, default=list)
    quiet_from: Mapped[int | None]
    quiet_until: Mapped[int | None]
    stopped_at: Mapped[datetime | None]

    def wants(self, kind: NewsKind) -> bool:
        return self.stopped_at is None and kind.value in self.kinds

    def wants_at_once(self, kind: NewsKind) -> bool:
        return kind.value in self.at_once

    def public_payload(self) -> dict[str, Any]:
        """As data for that person."""
        return {
            "kinds": self.kinds,
            "at_once": self.at_once,
            "quiet_from": self.quiet_from,
            "quiet_until": self.quiet_until,
            "stopped_at": utc_text(self.stopped_at) if self.stopped_at else None,
        }


class Told(Model):
    """That an account was told a piece of news, so that it is told once. ``is_digest``: in the mail of the day."""

    __tablename__ = "told"
    __table_args__ = (
        Index("ix_told_account_at", "account_id", "told_at"),
        {"info": {"housekeeping": "sending is not an act of anybody"}},
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    told_at: Mapped[datetime]
    is_digest: Mapped[bool] = mapped_column(default=True)


class NewsletterState(StrEnum):
    DRAFT = "draft"
    SENDING = "sending"
    STOPPED = "stopped"
    SENT = "sent"


TRANSITIONS = {
    NewsletterState.DRAFT: {NewsletterState.SENDING},
    NewsletterState.SENDING: {NewsletterState.STOPPED, NewsletterState.SENT},
    NewsletterState.STOPPED: {NewsletterState.SENDING},
    NewsletterState.SENT: set(),
}


class Newsletter(Model):
    """A letter of the city to a part of those whom a process concerns. What was sent is public and stays as it is.

    ``title``, ``text`` (Markdown): in one to three languages, both in the same ones. ``segment``: whom it is for
    (``segments.Segment``). ``addressed``: how many that were when it was sent; ``written_by``: key of the actor.
    """

    __tablename__ = "newsletter"
    __table_args__ = (
        Index("ix_newsletter_process_id", "process_id", "id"),
        CheckConstraint("(status = 'draft') = (sent_at IS NULL)", name="sent"),
        CheckConstraint("(sent_at IS NULL) = (addressed IS NULL)", name="counted"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    title: Mapped[dict[str, str]] = mapped_column(JSON)
    text: Mapped[dict[str, str]] = mapped_column(JSON)
    segment: Mapped[dict[str, str]] = mapped_column(JSON)
    status: Mapped[NewsletterState] = mapped_column(choice(NewsletterState), default=NewsletterState.DRAFT)
    written_by: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    addressed: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    process: Mapped[Process] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}

    def move_to(self, state: NewsletterState) -> None:
        """Change the state along TRANSITIONS. Raises Conflict for any other step."""
        if state not in TRANSITIONS[self.status]:
            raise Conflict()
        self.status = state

    def ref(self, process: Process) -> str:
        return f"{process.ref}/newsletter/{self.public_id}"

    def number_for_others(self, smallest_group: int) -> int | None:
        """How many it was written to, None where that is fewer than may be published."""
        return self.addressed if self.addressed is not None and self.addressed >= smallest_group else None


class RecipientState(StrEnum):
    WAITING = "waiting"
    QUEUED = "queued"
    LEFT_OUT = "left_out"


class NewsletterRecipient(Model):
    """Somebody to whom a newsletter goes: an account, or the contact of an organisation.

    ``address``: once its turn has come, the HMAC of the address; one newsletter goes to no address twice, whoever
    shares it. ``left_out``: stopped, gone, without an address or written to already when its turn came.
    """

    __tablename__ = "newsletter_recipient"
    __table_args__ = (
        UniqueConstraint("newsletter_id", "account_id"),
        UniqueConstraint("newsletter_id", "organisation_id"),
        UniqueConstraint("newsletter_id", "address"),
        CheckConstraint("(account_id IS NULL) <> (organisation_id IS NULL)", name="one"),
        Index("ix_newsletter_recipient_turn", "newsletter_id", "state", "id"),
        {"info": {"housekeeping": "sending is not an act of anybody; that it was decided is in the log"}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    newsletter_id: Mapped[int] = mapped_column(ForeignKey("newsletter.id", ondelete="CASCADE"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[RecipientState] = mapped_column(choice(RecipientState), default=RecipientState.WAITING)
    address: Mapped[str | None] = mapped_column(String(64))
