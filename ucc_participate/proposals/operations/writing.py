"""What authors do: keep drafts, send them, take proposals back.

The process must have been loaded by ``processes.queries.process_to_change``: its lock keeps numbers gapless and counts
right, and makes a second press of a button wait for the first.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from ...accounts.leftovers import leave_uploads
from ...documents.attaching import detach_all, with_small_copies
from ...kernel.decision import require
from ...kernel.identity import Actor, new_public_id
from ...processes.models import Process
from ...processes.participation import join
from .. import policies, queries
from ..company import drop_invitations
from ..content import write
from ..events import ProposalEvent
from ..handing_in import hand_in, take_back
from ..models import Content, Proposal, ProposalState
from ..moderating import screened
from ..particulars import require_answers
from ..recording import record_draft, role_of
from ..versioning import require_newest
from .writing_along import name_co_authors


def draft_proposal(
    session: Session,
    process: Process,
    content: Content,
    *,
    actor: Actor,
    now: datetime,
    currency: str,
    key: str | None = None,
    based_on: int | None = None,
) -> Proposal:
    """Keep a draft. A second call with the same ``key`` changes the first one's, unless it has been sent meanwhile.

    ``based_on``: the stamp of the text that the form began with, here and below. Raises Overtaken when it is older.
    """
    require(policies.can_draft(actor, process, now=now))
    known = queries.by_key(session, key, actor.account_id)
    if known is not None and not known.is_draft:
        return known
    if known is not None:
        require_newest(session, known, content, based_on)
    proposal = known or _begin(process, actor=actor, now=now, currency=currency, key=key)
    if write(session, proposal, content, actor=actor, now=now):
        event = ProposalEvent.DRAFTED if known is None else ProposalEvent.REVISED
        record_draft(session, event, proposal, actor=actor, now=now)
    return proposal


def revise_draft(
    session: Session,
    proposal: Proposal,
    content: Content,
    *,
    actor: Actor,
    now: datetime,
    based_on: int | None = None,
) -> None:
    require(policies.can_edit(actor, proposal, now=now))
    require_newest(session, proposal, content, based_on)
    if write(session, proposal, content, actor=actor, now=now):
        record_draft(session, ProposalEvent.REVISED, proposal, actor=actor, now=now)


def discard_draft(session: Session, proposal: Proposal, *, actor: Actor, now: datetime) -> None:
    """Nothing of the text stays; the log says only that there was a draft."""
    require(policies.can_discard(actor, proposal, now=now))
    record_draft(session, ProposalEvent.REVISED, proposal, actor=actor, now=now)
    drop_invitations(session, proposal)
    leave_uploads(session, with_small_copies(detach_all(session, proposal.ref), proposal.attachments), now=now)
    session.delete(proposal)


def submit_proposal(
    session: Session,
    process: Process,
    content: Content,
    *,
    actor: Actor,
    now: datetime,
    currency: str,
    key: str | None = None,
    draft: Proposal | None = None,
    network: str | None = None,
    based_on: int | None = None,
) -> Proposal:
    """Hand an idea to the city: a new one, or the ``draft`` that it comes from. It gets the next number of its process.

    Everybody who was asked to write along must have answered; who accepted is named in the log from now on.
    Once sent it is only returned: the second press of a button, with the same draft or ``key``, changes nothing.
    Moderation may hold it back; ``network``: sketch of the sender's (moderating.screened).
    """
    known = draft or queries.by_key(session, key, actor.account_id)
    if known is not None and not known.is_draft:
        return known
    require(policies.can_submit(actor, process, now=now, organisation=content.organisation))
    proposal = known or _begin(process, actor=actor, now=now, currency=currency, key=key)
    waiting = queries.count_open_invitations(session, proposal) if known is not None else 0
    require(policies.can_send(actor, proposal, now=now, waiting=waiting))
    if known is not None:
        require_newest(session, known, content, based_on)
    write(session, proposal, content, actor=actor, now=now)
    require_answers(session, proposal)
    _join_author(session, process, actor=actor, now=now)
    screened(session, process, proposal, actor=actor, network=network, now=now)
    hand_in(session, process, proposal, actor=actor, now=now)
    name_co_authors(session, proposal, actor=actor, now=now)
    return proposal


def withdraw_proposal(session: Session, proposal: Proposal, *, actor: Actor, now: datetime) -> None:
    """Take a proposal off the list; its number is not given again and the log keeps what it said."""
    require(policies.can_withdraw(actor, proposal, now=now))
    take_back(session, proposal, actor=actor, now=now, role=role_of(proposal))


def _begin(process: Process, *, actor: Actor, now: datetime, currency: str, key: str | None) -> Proposal:
    return Proposal(
        public_id=new_public_id(),
        process_id=process.id,
        process=process,
        author_id=actor.account_id,
        organisation=None,
        currency=currency,
        idempotency_key=key,
        status=ProposalState.DRAFT,
        created_at=now,
        updated_at=now,
    )


def _join_author(session: Session, process: Process, *, actor: Actor, now: datetime) -> None:
    if actor.account_id is not None:
        join(session, process, actor.account_id, actor=actor, now=now)
