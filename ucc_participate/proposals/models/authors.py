"""Co-authors: who was asked to write along, what they said, and when."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import Account
from ...kernel.clock import utc_text
from ...kernel.db import Model, choice
from ...kernel.errors import Conflict
from ...stakeholders.models import Organisation
from .proposal import Proposal

MOST_CO_AUTHORS = 12


class CoAuthorState(StrEnum):
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LEFT = "left"


CO_AUTHOR_STEPS = {
    CoAuthorState.INVITED: {CoAuthorState.ACCEPTED, CoAuthorState.DECLINED, CoAuthorState.WITHDRAWN},
    CoAuthorState.ACCEPTED: {CoAuthorState.LEFT},
    CoAuthorState.DECLINED: set(),
    CoAuthorState.WITHDRAWN: set(),
    CoAuthorState.LEFT: set(),
}


class CoAuthor(Model):
    """An invitation to write along, and what became of it; asked again, somebody gets a new row.

    ``code`` is in the address that the mail carries. ``account_id``: whom it was meant for, if known, then who
    accepted, for an organisation the delegate. ``email``: until it is answered. ``name``: what readers see, or
    None.
    """

    __tablename__ = "co_author"
    __table_args__ = (UniqueConstraint("proposal_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    number: Mapped[int]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    email: Mapped[str | None] = mapped_column(String(254))
    name: Mapped[str | None] = mapped_column(String(160))
    state: Mapped[CoAuthorState] = mapped_column(choice(CoAuthorState), default=CoAuthorState.INVITED)
    invited_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    proposal: Mapped[Proposal] = relationship(lazy="raise")
    account: Mapped[Account | None] = relationship(lazy="raise")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")

    def ref_in(self, proposal: Proposal) -> str:
        return f"{proposal.ref}/coauthor/{self.number}"

    @property
    def is_open(self) -> bool:
        return self.state is CoAuthorState.INVITED

    @property
    def writes(self) -> bool:
        return self.state is CoAuthorState.ACCEPTED

    def mark_of(self, organisation: Organisation | None) -> str:
        """The word by which the proposal knows this author, in ``Proposal.co_authors``."""
        return f"o:{organisation.public_id}" if organisation is not None else f"a:{self.account_id}"

    def move_to(self, state: CoAuthorState, *, at: datetime) -> None:
        """Raises Conflict for a step that there is not."""
        if state not in CO_AUTHOR_STEPS[self.state]:
            raise Conflict()
        if self.state is CoAuthorState.INVITED:
            self.answered_at = at
        if state is not CoAuthorState.ACCEPTED:
            self.ended_at = at
        self.state, self.email = state, None

    def public_payload(self, organisation: Organisation | None) -> dict[str, Any]:
        """What the log keeps of who wrote along on a proposal that was sent."""
        return {
            "author": self.name,
            "organisation": organisation.ref if organisation is not None else None,
            "status": self.state.value,
            "accepted_at": utc_text(self.answered_at) if self.answered_at else None,
        }
