"""Handing a proposal to the city inside an operation: its author's own, or a clerk's for somebody who came on paper."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from ..kernel.identity import Actor, Role, new_public_id
from ..outreach.subscribing import begin_following
from ..processes.models import Process
from . import queries, search
from .content import public_values, require_complete
from .events import ProposalEvent
from .models import SHORTEST_ON_PAPER, TITLE_LENGTH, Content, Proposal, ProposalState
from .recording import record_state, role_of
from .versioning import keep_version, text_of


def hand_in(
    session: Session,
    process: Process,
    proposal: Proposal,
    *,
    actor: Actor,
    now: datetime,
    role: Role | None = None,
    shortest_title: int = TITLE_LENGTH[0],
) -> None:
    """Give a draft its number, put it on the list, note it. ``process`` is locked: its lock keeps numbers gapless.

    No operation: part of those that hand in. Raises Invalid naming the field that is missing.
    """
    require_complete(proposal, shortest_title=shortest_title)
    proposal.number = queries.last_number(session, process) + 1
    proposal.move_to(ProposalState.SUBMITTED, at=now)
    proposal.text_version = 1
    session.flush()
    search.enlist(session, [proposal])
    if proposal.author_id is not None:
        begin_following(session, proposal.author_id, proposal.ref, process.id, now=now)
    record_state(session, ProposalEvent.SUBMITTED, proposal, actor=actor, now=now, role=role or role_of(proposal))


def draft_for(
    process: Process, content: Content, *, author_id: int, author_name: str | None, currency: str, now: datetime
) -> Proposal:
    """A draft that somebody else writes down for its author. Raises Invalid for what is too long or on no list."""
    return Proposal(
        public_id=new_public_id(),
        process_id=process.id,
        process=process,
        author_id=author_id,
        author_name=author_name,
        organisation=None,
        currency=currency,
        status=ProposalState.DRAFT,
        created_at=now,
        updated_at=now,
        **public_values(content, longest_title=TITLE_LENGTH[1]),
    )


def write_draft(proposal: Proposal, content: Content, *, author_name: str | None, now: datetime) -> None:
    """Take over another text that a clerk wrote down, into a draft that is not public yet.

    Raises Invalid for what is missing or too long.
    """
    for name, value in public_values(content, longest_title=TITLE_LENGTH[1]).items():
        setattr(proposal, name, value)
    proposal.author_name, proposal.updated_at = author_name, now
    require_complete(proposal, shortest_title=SHORTEST_ON_PAPER)


def correct_text(
    session: Session,
    proposal: Proposal,
    content: Content,
    *,
    author_name: str | None,
    actor: Actor,
    now: datetime,
    role: Role,
) -> None:
    """Put right what was written down wrongly; the entry holds the whole new state, the older one stays in the log."""
    before, words, old = proposal.tags, search.words_row(proposal), text_of(proposal)
    write_draft(proposal, content, author_name=author_name, now=now)
    if text_of(proposal) != old:
        keep_version(session, proposal, old, role=role, now=now, change=None)
    search.retag(session, proposal, before)
    search.reword(session, proposal, words)
    record_state(session, ProposalEvent.CORRECTED, proposal, actor=actor, now=now, role=role)


def take_back(session: Session, proposal: Proposal, *, actor: Actor, now: datetime, role: Role) -> None:
    """Take a proposal off the list; its number is not given again and the log keeps what it said."""
    before = proposal.tags
    proposal.move_to(ProposalState.WITHDRAWN, at=now)
    proposal.updated_at = now
    search.retag(session, proposal, before)
    record_state(session, ProposalEvent.WITHDRAWN, proposal, actor=actor, now=now, role=role)
