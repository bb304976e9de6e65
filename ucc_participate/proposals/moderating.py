"""Proposals as something that moderators read: screened when they are sent, concealed when they are hidden.

A concealed proposal keeps its number and leaves lists, search, counts and ballots. The log says that it was handed in
and how it stands, with the fields of TEXTS empty until a moderator publishes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from ..kernel.errors import Conflict, NotFound
from ..kernel.identity import Actor
from ..moderation.kinds import Contribution, ModeratedKind
from ..moderation.models import Standing
from ..moderation.screening import screen
from ..processes.models import Process
from . import amendments, queries, search
from .company import tell_supporters
from .events import ProposalEvent
from .models import Proposal, ProposalState
from .recording import record_state

KIND = "proposal"
TEXTS = (
    *("title", "summary", "body", "place", "author", "change"),
    *("fields", "latitude", "longitude", "district", "attachments"),
)
ON_BALLOT = _l("This proposal is on the ballot of a vote. What is on a ballot stays.")


def screened(
    session: Session,
    process: Process,
    proposal: Proposal,
    *,
    actor: Actor,
    network: str | None,
    now: datetime,
    change: str | None = None,
) -> None:
    """Let a proposal that is about to be sent or to say something else appear, or hold it.

    ``network``: sketch of the sender's; without one nobody typed it into a form of ours. ``change``: what authors say
    is different. What waits for a moderator goes on waiting. Raises Blocked and TooMany.
    """
    answers = [answer for answer in (proposal.fields or {}).values() if isinstance(answer, str)]
    said = [proposal.title, proposal.summary, proposal.body, proposal.place, change, *answers]
    text = "\n".join(filter(None, said))
    proposal.standing = screen(
        session,
        process,
        actor=actor,
        text=text,
        kind=KIND,
        ref=proposal.ref,
        network=network,
        is_typed=network is not None,
        now=now,
    )


def load(session: Session, ref: str) -> Contribution | None:
    return load_many(session, [ref]).get(ref)


def load_many(session: Session, refs: Sequence[str]) -> Mapping[str, Contribution]:
    ids = [ref.partition("/")[2] for ref in refs]
    query = select(Proposal).where(Proposal.public_id.in_(ids), Proposal.status != ProposalState.DRAFT)
    found = session.scalars(query.options(joinedload(Proposal.process), joinedload(Proposal.organisation)))
    return {proposal.ref: _contribution(session, proposal) for proposal in found}


def _contribution(session: Session, proposal: Proposal) -> Contribution:
    process = proposal.process
    return Contribution(
        ref=proposal.ref,
        process=process,
        author_ids=tuple(queries.author_ids(session, proposal)),
        title=proposal.title,
        text="\n\n".join(part for part in (proposal.summary, proposal.body) if part),
        address=f"/p/{process.public_id}/proposals/{proposal.public_id}",
        written_at=proposal.submitted_at or proposal.created_at,
        standing=proposal.standing,
        organisation=proposal.organisation.public_id if proposal.organisation else None,
    )


def conceal(session: Session, ref: str, standing: Standing, *, actor: Actor, now: datetime) -> None:
    """Hide it or show it. Raises Conflict for what is on a ballot: voters must know what they choose from."""
    proposal = _locked(session, ref)
    if proposal.on_ballot_at is not None and standing is not Standing.SHOWN:
        raise Conflict(ON_BALLOT)
    before, was = proposal.tags, proposal.standing
    proposal.standing = standing
    proposal.updated_at = now
    session.flush()
    search.retag(session, proposal, before)
    event = ProposalEvent.SHOWN if standing is Standing.SHOWN else ProposalEvent.CONCEALED
    record_state(session, event, proposal, actor=actor, now=now)
    if was is not standing:
        amendments.follow(session, proposal, actor=actor, now=now)
    if was is Standing.HELD and standing is Standing.SHOWN:
        _tell_supporters(session, proposal, now)


def _tell_supporters(session: Session, proposal: Proposal, now: datetime) -> None:
    """Of a version that had to wait."""
    newest = next(iter(queries.list_versions(session, proposal)), None)
    if newest is not None:
        tell_supporters(session, proposal, change=newest.change or "", now=now)


def _locked(session: Session, ref: str) -> Proposal:
    query = select(Proposal).where(Proposal.public_id == ref.partition("/")[2])
    whole = query.options(joinedload(Proposal.process), joinedload(Proposal.organisation))
    proposal = session.scalar(whole.with_for_update(of=Proposal).execution_options(populate_existing=True))
    if proposal is None:
        raise NotFound()
    return proposal


MODERATED = ModeratedKind(KIND, _l("Proposal"), load, conceal, TEXTS, load_many)
