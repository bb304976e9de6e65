"""Amendments: a change to a proposal's text that somebody else proposes, and what its authors say to it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import Account
from ...kernel.clock import utc_text
from ...kernel.db import Model, choice
from ...kernel.errors import Conflict
from ...moderation.models import Standing
from .proposal import BODY_LENGTH, SUMMARY_LENGTH, Proposal

AMENDMENT_REASON = (10, 1_000)
DECLINE_REASON = (20, 1_000)
AMENDMENT_TEXTS = ("old_text", "new_text", "reason", "answer", "author")
"""What the log does not hold of one that moderation withholds."""


class AmendedField(StrEnum):
    SUMMARY = "summary"
    BODY = "body"


LONGEST_AMENDED = {AmendedField.SUMMARY: SUMMARY_LENGTH, AmendedField.BODY: BODY_LENGTH}


class AmendmentState(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Amendment(Model):
    """A field's text as it was read (``old_text``) and as somebody would have it (``new_text``), with the reason.

    ``author_name``: what readers see, None for somebody who would rather not be named. It is outdated once the field
    says something else than ``old_text``. ``standing``: whether everybody reads it.
    """

    __tablename__ = "amendment"
    __table_args__ = (UniqueConstraint("proposal_id", "number"), UniqueConstraint("author_id", "idempotency_key"))

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    number: Mapped[int]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    author_name: Mapped[str | None] = mapped_column(String(160))
    idempotency_key: Mapped[str | None] = mapped_column(String(40))
    field: Mapped[AmendedField] = mapped_column(choice(AmendedField))
    old_text: Mapped[str] = mapped_column(Text)
    new_text: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    base_version: Mapped[int]
    state: Mapped[AmendmentState] = mapped_column(choice(AmendmentState), default=AmendmentState.PROPOSED)
    answer: Mapped[str | None] = mapped_column(Text)
    proposed_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    standing: Mapped[Standing] = mapped_column(choice(Standing), default=Standing.SHOWN)

    proposal: Mapped[Proposal] = relationship(lazy="raise")
    author: Mapped[Account | None] = relationship(lazy="raise")

    def ref_in(self, proposal: Proposal) -> str:
        return f"{proposal.ref}/amendment/{self.number}"

    @property
    def moderation_ref(self) -> str:
        """Its name in moderation, where the first part of a name is its kind; needs ``proposal``."""
        return f"amendment/{self.proposal.public_id}-{self.number}"

    @property
    def is_concealed(self) -> bool:
        """Whether moderation holds it back or has hidden it."""
        return self.standing in (Standing.HELD, Standing.HIDDEN)

    @property
    def is_open(self) -> bool:
        return self.state is AmendmentState.PROPOSED

    @property
    def has_lapsed(self) -> bool:
        """Whether it ended with its proposal, which was merged or split; needs ``proposal``."""
        is_withdrawn = self.state is AmendmentState.WITHDRAWN and self.proposal.is_carried_on
        return is_withdrawn and self.answered_at == self.proposal.answered_at

    def is_outdated(self, proposal: Proposal) -> bool:
        """Whether the text that it changes says something else meanwhile."""
        return self.is_open and getattr(proposal, self.field.value) != self.old_text

    def settle(self, state: AmendmentState, *, at: datetime) -> None:
        """Raises Conflict when it has been settled already."""
        if not self.is_open:
            raise Conflict()
        self.state, self.answered_at = state, at

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps; needs ``proposal``, with which it is withheld: it quotes its text."""
        state = {
            "field": self.field.value,
            "old_text": self.old_text,
            "new_text": self.new_text,
            "reason": self.reason,
            "author": self.author_name,
            "base_version": self.base_version,
            "status": self.state.value,
            "answer": self.answer,
            "proposed_at": utc_text(self.proposed_at),
        }
        if self.is_concealed:
            return state | dict.fromkeys(AMENDMENT_TEXTS) | {"standing": self.standing.value}
        if self.proposal.is_concealed:
            return state | dict.fromkeys(AMENDMENT_TEXTS) | {"standing": self.proposal.standing.value}
        return state
