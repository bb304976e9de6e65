"""What minority statements can be about. A room whose decisions people may disagree with registers how to find them.

``app.extensions["ucc.disputed"][noun]`` is a callable (session, ref) → Disputed or None, ``noun`` the first part of the
refs. Proposals (answers, merges, splits) and processes register here; votes and minutes belong to higher rooms, which
show what was filed with ``{{ minority_statements(ref) }}``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from ..kernel.errors import NotFound
from ..processes.models import Process, ProcessState
from .models import DissentAbout, Proposal, ProposalState

EXTENSION = "ucc.disputed"
NOT_SHOWN = _l("A proposal that is not shown")


@dataclass(frozen=True, slots=True)
class Disputed:
    """Something decided. ``path``: the address of its page, from the root of the site.

    ``decided_at``: since when people may disagree, None before. ``counts_from``: when the days begin to run out, None
    while they do not.
    """

    ref: str
    process: Process
    about: DissentAbout
    title: Any
    path: str
    decided_at: datetime | None
    counts_from: datetime | None

    def ends_at(self, days: int) -> datetime | None:
        return None if self.counts_from is None else self.counts_from + timedelta(days=days)


Finders = Mapping[str, Callable[[Session, str], Disputed | None]]


def find(finders: Finders, session: Session, process: Process, ref: str) -> Disputed:
    """Raises NotFound for what is not there, and for what belongs to another process."""
    finder = finders.get(ref.partition("/")[0])
    found = finder(session, ref) if finder is not None else None
    if found is None or found.process.id != process.id:
        raise NotFound()
    return found


def of_proposal(session: Session, ref: str) -> Disputed | None:
    """The answer of a proposal, or that it was merged or split, or that it was formed so."""
    noun, _slash, public_id = ref.partition("/")
    rows = select(Proposal).where(Proposal.public_id == public_id, Proposal.status != ProposalState.DRAFT)
    proposal = session.scalar(rows.options(joinedload(Proposal.process)))
    return None if proposal is None or noun != "proposal" else on_proposal(proposal)


def on_proposal(proposal: Proposal) -> Disputed:
    """As of_proposal, for one that is loaded with its process."""
    is_regrouped = proposal.is_carried_on or (proposal.outcome is None and proposal.origin is not None)
    formed_at = proposal.submitted_at if proposal.origin is not None else None
    decided_at = proposal.answered_at if proposal.outcome is not None else formed_at
    path = f"/p/{proposal.process.public_id}/proposals/{proposal.public_id}"
    about = DissentAbout.MERGE if is_regrouped else DissentAbout.ANSWER
    title = NOT_SHOWN if proposal.is_concealed else proposal.title
    return Disputed(proposal.ref, proposal.process, about, title, path, decided_at, decided_at)


def of_process(session: Session, ref: str) -> Disputed | None:
    noun, _slash, public_id = ref.partition("/")
    process = session.scalar(select(Process).where(Process.public_id == public_id))
    return None if process is None or noun != "process" else on_process(process)


def on_process(process: Process) -> Disputed:
    """How a process is held, from its opening on; the days run from its closing."""
    is_held = process.status in (ProcessState.OPEN, ProcessState.CLOSED) and not process.is_imported
    decided_at = process.opened_at if is_held else None
    path = f"/p/{process.public_id}"
    return Disputed(process.ref, process, DissentAbout.PROCESS, process.title, path, decided_at, process.closed_at)
