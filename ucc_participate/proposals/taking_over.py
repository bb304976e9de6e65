"""Taking over proposals of a process held elsewhere, inside an operation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from ..kernel.identity import Actor, new_public_id
from ..kernel.text import clean_line
from ..processes.models import Process
from . import queries, search
from .content import public_values
from .events import ProposalEvent
from .models import LONGEST_TITLE, Imported, Proposal, ProposalState
from .recording import record_state


def take_over(
    session: Session, process: Process, rows: Sequence[Imported], *, actor: Actor, now: datetime
) -> list[Proposal]:
    """Proposals numbered in the order of ``rows``, on the list, with an entry for each."""
    session.flush()
    first = queries.last_number(session, process) + 1
    proposals = [_imported(process, row, number, now) for number, row in enumerate(rows, first)]
    session.add_all(proposals)
    session.flush()
    search.enlist(session, proposals)
    for proposal in proposals:
        record_state(session, ProposalEvent.IMPORTED, proposal, actor=actor, now=now)
    return proposals


def _imported(process: Process, row: Imported, number: int, now: datetime) -> Proposal:
    return Proposal(
        public_id=new_public_id(),
        process_id=process.id,
        process=process,
        organisation=None,
        author_name=clean_line(row.author_name) or None,
        currency=row.currency,
        number=number,
        status=ProposalState.SUBMITTED,
        created_at=now,
        updated_at=now,
        submitted_at=now,
        fields=row.particulars.fields or None,
        latitude=row.particulars.latitude,
        longitude=row.particulars.longitude,
        district=row.particulars.district,
        given=row.given,
        **public_values(row, longest_title=LONGEST_TITLE),
    )
