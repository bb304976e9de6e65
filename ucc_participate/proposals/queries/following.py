"""A proposal by the name under which the log and its followers know it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from ...processes.models import Process
from ..models import Proposal


def find_by_ref(session: Session, ref: str) -> Proposal | None:
    """The proposal ``proposal/<public id>`` with its process and organisation, whoever may see it; None when gone."""
    query = select(Proposal).where(Proposal.public_id == ref.partition("/")[2])
    whole = joinedload(Proposal.process).selectinload(Process.phases)
    return session.scalar(query.options(whole, joinedload(Proposal.organisation)))
