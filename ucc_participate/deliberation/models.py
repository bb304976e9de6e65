"""Discussions: threads about anything that has a ref, comments with replies one level deep, guests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..kernel.clock import utc_text
from ..kernel.db import Model, choice
from ..moderation.models import Standing
from ..processes.models import Process
from ..stakeholders.models import Organisation
from ..vocabularies.uccn import Sector

TEXT_LENGTH = (2, 3_000)
REASON_LENGTH = 15
"""Least length of a text that takes a side: it has to say why."""
QUOTE_LENGTH = 600
NAME_LENGTH = 80
PLACE_LENGTH = 80
LOTS = 2**31


class Stance(StrEnum):
    """What a comment is in a discussion; replies are none of these."""

    FOR = "for"
    AGAINST = "against"
    QUESTION = "question"
    REMARK = "remark"


SIDES = frozenset({Stance.FOR, Stance.AGAINST})


class Voice(StrEnum):
    """In whose name somebody speaks."""

    RESIDENT = "resident"
    ORGANISATION = "organisation"
    CITY = "city"
    GUEST = "guest"


class CommentState(StrEnum):
    POSTED = "posted"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody writes. ``organisation``: public id; ``stance``: None in replies, where ``quote`` may be given.

    ``quoted_edition``: the edition of the answered comment that the quote was copied from.
    """

    text: str
    stance: Stance | None = None
    language: str = "fa"
    voice: Voice = Voice.RESIDENT
    organisation: str | None = None
    shows_name: bool = True
    quote: str = ""
    quoted_edition: int | None = None


class Thread(Model):
    """The discussion of one subject. Counts are of what everybody sees; ``version`` rises with each change of it.

    ``told_at``: when the authors of the subject were last told of comments.
    """

    __tablename__ = "thread"
    __table_args__ = ({"info": {"housekeeping": "follows from the comments, each of which is in the log"}},)

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    subject: Mapped[str] = mapped_column(String(80), unique=True)
    for_count: Mapped[int] = mapped_column(default=0)
    against_count: Mapped[int] = mapped_column(default=0)
    question_count: Mapped[int] = mapped_column(default=0)
    remark_count: Mapped[int] = mapped_column(default=0)
    reply_count: Mapped[int] = mapped_column(default=0)
    told_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    process: Mapped[Process] = relationship(lazy="raise")

    def count_of(self, stance: Stance) -> int:
        return int(getattr(self, f"{stance.value}_count"))

    @property
    def comment_count(self) -> int:
        """Comments and replies that everybody sees."""
        return sum(self.count_of(stance) for stance in Stance) + self.reply_count

    def add_to(self, stance: Stance | None, number: int) -> None:
        """Count ``number`` more comments of a stance, or replies; whoever shows the discussion sees that it changed."""
        name = f"{stance.value}_count" if stance is not None else "reply_count"
        setattr(self, name, getattr(self, name) + number)
        self.version += 1


class Comment(Model):
    """Something that somebody said in a discussion, or in reply to a comment (``parent``).

    ``turn``: the how-many-eth of its author in this discussion; ``lot``: random, its place in the daily round.
    ``author_name`` is what the public reads: None for a resident without name. ``city`` and ``country``: of guests.
    ``edition`` counts its texts from 1; earlier ones are CommentEditions. ``quoted``: ref of the comment that ``quote``
    was copied from, in its edition ``quoted_edition``.
    """

    __tablename__ = "comment"
    __table_args__ = (
        UniqueConstraint("author_id", "idempotency_key"),
        Index("ix_comment_side", "thread_id", "stance", "turn", "lot"),
        Index("ix_comment_replies", "parent_id", "id"),
        Index("ix_comment_author", "author_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"))
    stance: Mapped[Stance | None] = mapped_column(choice(Stance))
    voice: Mapped[Voice] = mapped_column(choice(Voice))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    author_name: Mapped[str | None] = mapped_column(String(220))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    sector: Mapped[Sector | None] = mapped_column(choice(Sector))
    city: Mapped[str | None] = mapped_column(String(PLACE_LENGTH))
    country: Mapped[str | None] = mapped_column(String(PLACE_LENGTH))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2))
    quote: Mapped[str | None] = mapped_column(Text)
    quoted: Mapped[str | None] = mapped_column(String(40))
    quoted_edition: Mapped[int | None]
    edition: Mapped[int] = mapped_column(default=1)
    status: Mapped[CommentState] = mapped_column(choice(CommentState), default=CommentState.POSTED)
    standing: Mapped[Standing] = mapped_column(choice(Standing))
    turn: Mapped[int]
    lot: Mapped[int]
    idempotency_key: Mapped[str | None] = mapped_column(String(40))
    written_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    process: Mapped[Process] = relationship(lazy="raise")
    thread: Mapped[Thread] = relationship(lazy="raise")
    parent: Mapped[Comment | None] = relationship(lazy="raise", remote_side="Comment.id")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}

    @property
    def ref(self) -> str:
        return f"comment/{self.public_id}"

    @property
    def is_public(self) -> bool:
        """Whether everybody reads its text."""
        return self.status is CommentState.POSTED and self.standing is Standing.SHOWN

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps; needs ``thread``, ``parent`` and ``organisation`` loaded."""
        shown, is_held = self.is_public, self.standing is Standing.HELD
        return {
            "about": self.thread.subject,
            "in_reply_to": self.parent.ref if self.parent is not None else None,
            "stance": self.stance.value if self.stance is not None else None,
            "voice": self.voice.value,
            "author": None if is_held or self.status is CommentState.WITHDRAWN else self.author_name,
            "organisation": self.organisation.ref if self.organisation is not None else None,
            "sector": self.sector.value if self.sector is not None else None,
            "city": self.city,
            "country": self.country,
            "language": self.language,
            "text": self.text if shown else None,
            "quote": self.quote if shown else None,
            "quoted": self.quoted,
            "quoted_edition": self.quoted_edition,
            "edition": self.edition,
            "status": self.status.value,
            "standing": self.standing.value,
            "written_at": utc_text(self.written_at),
            "changed_at": utc_text(self.changed_at) if self.changed_at is not None else None,
        }


class CommentEdition(Model):
    """An earlier text of a comment. ``was_answered``: somebody had replied or marked it before it was changed."""

    __tablename__ = "comment_edition"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    was_answered: Mapped[bool]
    written_at: Mapped[datetime]


class CommentTally(Model):
    """How many public replies a comment has and how many people found it helpful.

    ``told_at``: when its author was last told of a reply.
    """

    __tablename__ = "comment_tally"
    __table_args__ = (
        Index("ix_comment_tally_helpful", "thread_id", "stance", "helpful", "comment_id"),
        {"info": {"housekeeping": "follows from replies and marks"}},
    )

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"))
    stance: Mapped[Stance | None] = mapped_column(choice(Stance))
    helpful: Mapped[int] = mapped_column(default=0)
    replies: Mapped[int] = mapped_column(default=0)
    told_at: Mapped[datetime | None]


class HelpfulMark(Model):
    """That a person found a comment helpful. Nobody else learns of whom; the log keeps no opinions of persons."""

    __tablename__ = "helpful_mark"
    __table_args__ = ({"info": {"housekeeping": "a reader’s opinion, tied to no name anywhere else"}},)

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)


class CommentDraft(Model):
    """A text that could not be taken, kept for its author. ``place``: ref of the thread's subject or of a comment."""

    __tablename__ = "comment_draft"
    __table_args__ = ({"info": {"housekeeping": "a draft is nobody’s business"}},)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    place: Mapped[str] = mapped_column(String(80), primary_key=True)
    stance: Mapped[Stance | None] = mapped_column(choice(Stance))
    text: Mapped[str] = mapped_column(Text)
    kept_at: Mapped[datetime]


class CommentTranslation(Model):
    """A comment in another language, by a person. ``edition``: which text of the comment was translated."""

    __tablename__ = "comment_translation"
    __table_args__ = (UniqueConstraint("comment_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    language: Mapped[str] = mapped_column(String(2))
    text: Mapped[str] = mapped_column(Text)
    edition: Mapped[int]
    translator_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    translator_name: Mapped[str | None] = mapped_column(String(220))
    standing: Mapped[Standing] = mapped_column(choice(Standing))
    written_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    comment: Mapped[Comment] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}

    @property
    def ref(self) -> str:
        return f"translation/{self.public_id}"

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps; needs ``comment`` loaded."""
        shown = self.standing is Standing.SHOWN
        return {
            "of": self.comment.ref,
            "edition": self.edition,
            "from_language": self.comment.language,
            "language": self.language,
            "text": self.text if shown else None,
            "author": self.translator_name if shown else None,
            "standing": self.standing.value,
            "written_at": utc_text(self.written_at),
        }


class Guest(Model):
    """Somebody from another city who may comment on one process until ``until``; never counted among its people.

    The link is mailed; its token is stored as a digest. ``email`` is forgotten when the account is there.
    """

    __tablename__ = "guest"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), unique=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    city: Mapped[str] = mapped_column(String(PLACE_LENGTH))
    country: Mapped[str] = mapped_column(String(PLACE_LENGTH))
    email: Mapped[str | None] = mapped_column(String(254))
    locale: Mapped[str] = mapped_column(String(2))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    until: Mapped[datetime]
    invited_by: Mapped[str] = mapped_column(String(120))
    invited_at: Mapped[datetime]
    came_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    process: Mapped[Process] = relationship(lazy="raise")

    def ref(self, process: Process) -> str:
        return f"{process.ref}/guest/{self.public_id}"

    def may_comment(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.until

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps: whence, not who."""
        return {
            "city": self.city,
            "country": self.country,
            "until": utc_text(self.until),
            "came_at": utc_text(self.came_at) if self.came_at is not None else None,
            "revoked_at": utc_text(self.revoked_at) if self.revoked_at is not None else None,
        }
