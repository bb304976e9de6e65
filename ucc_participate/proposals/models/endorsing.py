"""Endorsements: who stands behind a proposal, and how many a process asks for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...kernel.clock import utc_text
from ...kernel.db import Model
from ...stakeholders.models import Organisation
from .proposal import Proposal

MOST_NEEDED = 100_000


class Endorsement(Model):
    """That a resident or an organisation stands behind a proposal, once each.

    A resident's row is deleted when it is taken back, and loses its account when that is erased: the count stays. An
    organisation's says in public what it said before: it keeps its row with ``withdrawn_at``; ``account_id`` is the
    delegate who spoke.
    """

    __tablename__ = "endorsement"
    __table_args__ = (
        UniqueConstraint("proposal_id", "organisation_id", name="uq_endorsement_organisation"),
        Index(
            "uq_endorsement_resident",
            "proposal_id",
            "account_id",
            unique=True,
            sqlite_where=text("organisation_id IS NULL"),
            postgresql_where=text("organisation_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    proposal: Mapped[Proposal] = relationship(lazy="raise")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")

    def ref_in(self, proposal: Proposal, organisation: Organisation) -> str:
        return f"{proposal.ref}/endorsement/{organisation.public_id}"

    def public_payload(self, organisation: Organisation) -> dict[str, Any]:
        """What the log keeps of an organisation's endorsement."""
        return {
            "organisation": organisation.ref,
            "sector": organisation.sector.value,
            "status": "given" if self.withdrawn_at is None else "withdrawn",
            "given_at": utc_text(self.given_at),
        }


class ProposalRule(Model):
    """How many endorsements a process asks for. ``needed`` 0: none.

    ``is_needed_for_ballot``: whether what has not reached it may not be put to a vote.
    """

    __tablename__ = "proposal_rule"
    __table_args__ = (CheckConstraint("needed >= 0", name="needed"),)

    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), primary_key=True)
    needed: Mapped[int] = mapped_column(default=0)
    is_needed_for_ballot: Mapped[bool] = mapped_column(default=False)
    set_at: Mapped[datetime]

    def public_payload(self) -> dict[str, Any]:
        return {"needed": self.needed, "is_needed_for_ballot": self.is_needed_for_ballot}


class EndorsementCount(Model):
    """How many stood behind a proposal when the log was last told: once a night, so that no entry tells who it was."""

    __tablename__ = "endorsement_count"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    residents: Mapped[int]
    organisations: Mapped[int]
    is_reached: Mapped[bool]
    told_at: Mapped[datetime]

    def public_payload(self) -> dict[str, Any]:
        return {"residents": self.residents, "organisations": self.organisations, "is_reached": self.is_reached}
