"""One proposal: as a page shows it, as an operation changes it, and what the log tells of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from ...accounts.models import Account
from ...audit.models import LogOpening
from ...audit.queries import LoggedEntry, latest_entries
from ...audit.reading import latest_checkpoint
from ...kernel.decision import require
from ...kernel.errors import NotFound
from ...kernel.identity import Actor
from ...processes.models import Process
from .. import policies
from ..events import ProposalEvent
from ..models import Proposal

HISTORY = 100
_SENT = frozenset({ProposalEvent.SUBMITTED.value, ProposalEvent.IMPORTED.value})


@dataclass(frozen=True, slots=True)
class Receipt:
    """The entry with which a proposal was sent. ``is_sealed``: a signed checkpoint covers it, so there is a proof."""

    logged: LoggedEntry
    salt: bytes | None
    is_sealed: bool

    @property
    def position(self) -> int:
        return self.logged.position

    @property
    def commit(self) -> str:
        return str(self.logged.values["commit"])


def get_proposal(session: Session, process: Process, public_id: str, *, actor: Actor, now: datetime) -> Proposal:
    """One proposal of this process, with its organisation. Raises NotFound when the actor may not know of it."""
    return _one(session, process, public_id, actor, now, select(Proposal))


def proposal_to_change(session: Session, process: Process, public_id: str, *, actor: Actor, now: datetime) -> Proposal:
    """As get_proposal, locked until the unit of work ends, with its author's account."""
    query = select(Proposal).options(joinedload(Proposal.author)).with_for_update(of=Proposal)
    return _one(session, process, public_id, actor, now, query)


def _one(
    session: Session, process: Process, public_id: str, actor: Actor, now: datetime, query: Select[Proposal]
) -> Proposal:
    here = query.where(Proposal.public_id == public_id, Proposal.process_id == process.id)
    found = session.scalar(here.options(joinedload(Proposal.process), joinedload(Proposal.organisation)))
    if found is None:
        raise NotFound()
    require(policies.can_view(actor, found, now=now))
    return found


def proposal_to_discuss(session: Session, public_id: str) -> Proposal | None:
    """A proposal with its process and phases, for its discussion."""
    query = select(Proposal).where(Proposal.public_id == public_id)
    return session.scalar(query.options(joinedload(Proposal.process).selectinload(Process.phases)))


def by_key(session: Session, key: str | None, author_id: int | None) -> Proposal | None:
    """What this person made with this form before, with process, organisation and author; None for a new form."""
    if key is None or author_id is None:
        return None
    query = select(Proposal).where(Proposal.idempotency_key == key, Proposal.author_id == author_id)
    whole = query.options(joinedload(Proposal.process), joinedload(Proposal.organisation), joinedload(Proposal.author))
    return session.scalar(whole.with_for_update(of=Proposal))


def own_with_key(session: Session, key: str | None, author_id: int | None) -> Proposal | None:
    """As by_key, for reading."""
    query = select(Proposal).where(Proposal.idempotency_key == key, Proposal.author_id == author_id)
    return session.scalar(query.options(joinedload(Proposal.process), joinedload(Proposal.organisation)))


def last_number(session: Session, process: Process) -> int:
    """The highest number given in this process, 0 at first. Gapless only while the process row is locked."""
    return session.scalar(select(func.max(Proposal.number)).where(Proposal.process_id == process.id)) or 0


def get_account(session: Session, actor: Actor) -> Account | None:
    """The account behind an actor; None for the system."""
    return None if actor.account_id is None else session.get_one(Account, actor.account_id)


def history(session: Session, proposal: Proposal) -> list[LoggedEntry]:
    """What the log tells of a proposal since it was sent, newest first."""
    drafting = {ProposalEvent.DRAFTED.value, ProposalEvent.REVISED.value}
    entries = latest_entries(session.connection(), subject=proposal.ref, limit=HISTORY)
    return [entry for entry in entries if entry.values["type"] not in drafting]


def receipt_of(session: Session, entries: Sequence[LoggedEntry]) -> Receipt | None:
    """The receipt of a proposal with this history; None while its entry waits for its index."""
    entry = next((entry for entry in entries if entry.values["type"] in _SENT), None)
    if entry is None:
        return None
    salt = session.scalar(select(LogOpening.salt).where(LogOpening.position == entry.position))
    sealed = latest_checkpoint(session.connection(), covering=entry.position + 1) is not None
    return Receipt(entry, salt, sealed)


def logged_authors(session: Session, proposals: Sequence[Proposal]) -> dict[str, list[int]]:
    """By process: indexes of the entries whose payloads name the authors of these proposals."""
    return logged_subjects(session, [proposal.ref for proposal in proposals])


def logged_subjects(session: Session, refs: Sequence[str]) -> dict[str, list[int]]:
    """By process: indexes of the entries about these subjects."""
    query = select(LogOpening.process, LogOpening.position).where(
        LogOpening.subject.in_(refs), LogOpening.process.is_not(None)
    )
    found: dict[str, list[int]] = {}
    for process, position in session.execute(query.order_by(LogOpening.position)):
        found.setdefault(str(process), []).append(position)
    return found
