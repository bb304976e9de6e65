"""Those around a proposal, inside an operation: telling who endorses it, forgetting whom a draft was shared with."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from ..notifications.operations import queue_mail
from . import queries
from .models import Proposal


def tell_supporters(
    session: Session, proposal: Proposal, *, change: str, now: datetime, address: str | None = None
) -> None:
    """Mail everybody who endorses the text that was: they may withdraw. ``address``: the proposal's page, if known.

    Nobody is told of a text that a moderator reads first; they are once it is shown.
    """
    if not proposal.endorsements or proposal.is_concealed:
        return
    path = f"/p/{proposal.process.public_id}/proposals/{proposal.public_id}"
    where = {"path": path} if address is None else {"address": address}
    data = {"title": proposal.title, "change": change, **where}
    for account in queries.supporters_to_tell(session, proposal):
        facts: dict[str, Any] = {"to": account.email, "owner": account.key, "locale": account.locale}
        queue_mail(session, **facts, template="proposal_new_version", data=data, now=now)


def drop_invitations(session: Session, draft: Proposal) -> None:
    """Before the draft goes itself."""
    for invitation in queries.list_co_authors(session, draft):
        session.delete(invitation)
    session.flush()
