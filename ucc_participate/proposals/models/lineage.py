"""Merging and splitting: what was asked of the authors, and the edges that say what came from what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ...kernel.clock import utc_text
from ...kernel.db import Model, choice
from ...kernel.errors import Conflict

MOST_SOURCES = 60
MOST_PARTS = 4


class LineageKind(StrEnum):
    MERGE = "merge"
    SPLIT = "split"


class Consent(StrEnum):
    """Why it could be done: every author agreed, or the city published a reason for doing it all the same."""

    AGREED = "agreed"
    REASONED = "reasoned"


class RegroupingState(StrEnum):
    ASKED = "asked"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Part:
    """The text of a proposal that shall come of merging or splitting."""

    title: str
    summary: str
    body: str = ""


class Regrouping(Model):
    """That several proposals shall become one, or one several, and what its authors say to that.

    ``parts``: the texts that shall stand in the end, one for a merge; each a dict of title, summary and body.
    ``reason`` is public once it is done, as is ``override_reason``: why it was done without every consent.
    """

    __tablename__ = "regrouping"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    kind: Mapped[LineageKind] = mapped_column(choice(LineageKind))
    status: Mapped[RegroupingState] = mapped_column(choice(RegroupingState), default=RegroupingState.ASKED)
    parts: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    override_reason: Mapped[str | None] = mapped_column(Text)
    asked_by: Mapped[str] = mapped_column(String(40))
    asked_at: Mapped[datetime]
    done_by: Mapped[str | None] = mapped_column(String(220))
    done_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    @property
    def ref(self) -> str:
        return f"regrouping/{self.public_id}"

    @property
    def is_open(self) -> bool:
        return self.status is RegroupingState.ASKED

    def end(self, state: RegroupingState, *, at: datetime) -> None:
        """Raises Conflict when it has ended already."""
        if not self.is_open:
            raise Conflict()
        self.status, self.done_at = state, at

    def public_payload(self) -> dict[str, Any]:
        """What the log keeps: not who agreed and who did not, and the texts only once they are public."""
        return {
            "kind": self.kind.value,
            "status": self.status.value,
            "parts": len(self.parts),
            "reason": self.reason if self.status is RegroupingState.DONE else None,
            "override_reason": self.override_reason,
            "done_by": self.done_by,
            "asked_at": utc_text(self.asked_at),
            "done_at": utc_text(self.done_at) if self.done_at else None,
        }


class RegroupingSource(Model):
    """That a proposal shall go into a regrouping."""

    __tablename__ = "regrouping_source"

    regrouping_id: Mapped[int] = mapped_column(ForeignKey("regrouping.id"), primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True, index=True)


class RegroupingConsent(Model):
    """What one author says: yes, no, or nothing yet (None). Asked once, however many of the proposals are theirs."""

    __tablename__ = "regrouping_consent"

    regrouping_id: Mapped[int] = mapped_column(ForeignKey("regrouping.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)
    is_given: Mapped[bool | None]
    decided_at: Mapped[datetime | None]


class ProposalLineage(Model):
    """That one proposal came from another. Never changed, never removed; ``by``: name and function of an official."""

    __tablename__ = "proposal_lineage"
    __table_args__ = (CheckConstraint("source_id <> result_id", name="not_itself"),)

    source_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    result_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True, index=True)
    kind: Mapped[LineageKind] = mapped_column(choice(LineageKind))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(220))
    reason: Mapped[str] = mapped_column(Text)
    consent: Mapped[Consent] = mapped_column(choice(Consent))

    def public_payload(self, source: str, result: str) -> dict[str, Any]:
        """``source`` and ``result``: the refs of the two proposals."""
        return {
            "from": source,
            "to": result,
            "kind": self.kind.value,
            "at": utc_text(self.at),
            "by": self.by,
            "reason": self.reason,
            "consent": self.consent.value,
        }
