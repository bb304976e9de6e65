"""Seats of evaluators, who read one process by a link until a day, and what they ask."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..kernel.clock import utc_text
from ..kernel.db import Model
from ..kernel.identity import Actor, Role
from ..processes.models import Process

NAME_LENGTH = 120
OFFICE_LENGTH = 160
QUESTION_LENGTH = (10, 4_000)
ANSWER_LENGTH = (2, 8_000)


class Evaluator(Model):
    """Somebody who evaluates the dossier of one process until ``until``: no account, a link.

    ``office``: for whom, as everybody reads it beside a question. ``name``: of the person, seen by the staff alone; ""
    once the seat has ended. The link is mailed and opens the seat as often as needed; its token is kept as a digest,
    the address not at all.
    """

    __tablename__ = "evaluator"
    __table_args__ = (Index("ix_evaluator_process", "process_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    office: Mapped[str] = mapped_column(String(OFFICE_LENGTH))
    locale: Mapped[str] = mapped_column(String(2))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    until: Mapped[datetime]
    invited_by: Mapped[str] = mapped_column(String(120))
    invited_at: Mapped[datetime]
    came_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    process: Mapped[Process] = relationship(lazy="raise")

    @property
    def ref(self) -> str:
        return f"evaluator/{self.public_id}"

    @property
    def key(self) -> str:
        """How operations and the log's pseudonyms know who sits here."""
        return f"evaluator:{self.public_id}"

    @property
    def seated(self) -> Actor:
        """Who acts from this seat: an evaluator and nothing else."""
        return Actor(self.key, roles=frozenset({Role.EVALUATOR}), name=self.office)

    def may_read(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.until

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps: for whom, not who."""
        return {
            "office": self.office,
            "until": utc_text(self.until),
            "came_at": utc_text(self.came_at) if self.came_at is not None else None,
            "revoked_at": utc_text(self.revoked_at) if self.revoked_at is not None else None,
        }


class Question(Model):
    """What an evaluator asks, and what the city answers. ``section``: of the form, "" for the dossier as a whole.

    ``answered_by``: name and function, as with every answer of the city.
    """

    __tablename__ = "evaluator_question"
    __table_args__ = (
        Index("ix_evaluator_question_process", "process_id", "id"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    evaluator_id: Mapped[int] = mapped_column(ForeignKey("evaluator.id"), index=True)
    section: Mapped[str] = mapped_column(String(20), default="")
    text: Mapped[str] = mapped_column(Text)
    put_at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[str | None] = mapped_column(String(220))
    answered_at: Mapped[datetime | None]

    process: Mapped[Process] = relationship(lazy="raise")
    evaluator: Mapped[Evaluator] = relationship(lazy="raise")

    @property
    def ref(self) -> str:
        return f"evaluator_question/{self.public_id}"

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps; needs ``evaluator`` loaded."""
        return {
            "evaluator": self.evaluator.ref,
            "office": self.evaluator.office,
            "section": self.section,
            "text": self.text,
            "put_at": utc_text(self.put_at),
            "answer": self.answer,
            "answered_by": self.answered_by,
            "answered_at": utc_text(self.answered_at) if self.answered_at is not None else None,
        }
