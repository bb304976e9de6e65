"""Whose a proposal is."""

from __future__ import annotations

from sqlalchemy.orm import Session

from ..models import Proposal


def author_ids(session: Session, proposal: Proposal) -> list[int]:
    """The accounts of its author and of everybody who wrote it with them."""
    return [] if proposal.author_id is None else [proposal.author_id]
