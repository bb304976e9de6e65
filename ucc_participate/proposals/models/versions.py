"""Earlier texts of what was sent. The proposal itself holds its newest text; rows exist once there are two."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ...kernel.db import Model, choice
from ...kernel.identity import Role

CHANGE_LENGTH = (10, 300)


class ProposalVersion(Model):
    """One text of a proposal as everybody could read it, the newest too.

    ``content``: by field, as Proposal holds it. ``change``: what is different, in the authors' words. ``credit``: the
    shown name of who proposed the change, ``credit_id`` their account; both go when that account is erased.
    """

    __tablename__ = "proposal_version"
    __table_args__ = (UniqueConstraint("proposal_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    by_role: Mapped[Role] = mapped_column(choice(Role))
    change: Mapped[str | None] = mapped_column(String(CHANGE_LENGTH[1]))
    amendment: Mapped[int | None]
    credit: Mapped[str | None] = mapped_column(String(160))
    credit_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    published_at: Mapped[datetime]
