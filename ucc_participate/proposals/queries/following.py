"""What followers and feeds ask for: a proposal by its name in the log, the newest answers, and who proposed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from ...moderation.models import Standing
from ...processes.models import Process
from ..models import Proposal, ProposalState


def find_by_ref(session: Session, ref: str) -> Proposal | None:
    """The proposal ``proposal/<public id>`` with its process and organisation, whoever may see it; None when gone."""
    query = select(Proposal).where(Proposal.public_id == ref.partition("/")[2])
    whole = joinedload(Proposal.process).selectinload(Process.phases)
    return session.scalar(query.options(whole, joinedload(Proposal.organisation)))


def newest_answers(session: Session, process: Process, *, limit: int) -> list[Proposal]:
    """Proposals that the city answered and everybody reads, the newest answer first."""
    shown = (Proposal.process_id == process.id, Proposal.standing == Standing.SHOWN)
    query = select(Proposal).where(*shown, Proposal.status == ProposalState.ANSWERED)
    return list(session.scalars(query.order_by(Proposal.answered_at.desc(), Proposal.id.desc()).limit(limit)))


def accounts_proposing(process: Process) -> Select[Any]:
    """A select of the ids of accounts that handed in a proposal."""
    handed_in = Proposal.status.in_([ProposalState.SUBMITTED, ProposalState.ANSWERED])
    return select(Proposal.author_id).where(Proposal.process_id == process.id, handed_in)
