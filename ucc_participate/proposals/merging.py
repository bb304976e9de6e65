"""What becomes of an organisation's proposals when two entries of the register are merged.

Only drafts move; what both endorse counts once.
"""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from ..kernel.identity import Actor
from ..stakeholders.lineage import Holding, MergePart
from ..stakeholders.models import Organisation
from .models import CoAuthor, CoAuthorState, Endorsement, Proposal, ProposalState
from .supporting import count_once

_is_draft = Proposal.status == ProposalState.DRAFT
_is_alive = CoAuthor.state.in_([CoAuthorState.INVITED, CoAuthorState.ACCEPTED])


def _holdings(session: Session, merged: Organisation) -> list[Holding]:
    along = select(func.count()).where(CoAuthor.organisation_id == merged.id, _is_alive)
    endorsed = select(func.count()).where(Endorsement.organisation_id == merged.id, Endorsement.withdrawn_at.is_(None))
    counts = select(func.count().filter(_is_draft), func.count().filter(~_is_draft)).select_from(Proposal)
    drafts, sent = session.execute(counts.where(Proposal.organisation_id == merged.id)).one()
    return [
        Holding(_l("Drafts of proposals"), drafts, _l("Move to the survivor.")),
        Holding(_l("Proposals"), sent, _l("Keep the name under which they were sent; counted for the survivor.")),
        Holding(_l("Co-authors"), session.scalar(along) or 0, _l("The survivor’s delegates go on writing.")),
        Holding(
            _l("Endorsements"),
            session.scalar(endorsed) or 0,
            _l("Keep the name under which they were given; counted once for the survivor."),
        ),
    ]


def _move(session: Session, merged: Organisation, survivor: Organisation, *, actor: Actor, now: datetime) -> None:
    values = {"organisation_id": survivor.id, "author_name": survivor.name, "sector": survivor.sector}
    drafts = update(Proposal).where(Proposal.organisation_id == merged.id, _is_draft)
    session.execute(drafts.values(**values, version=Proposal.version + 1))
    _move_co_authorship(session, merged, survivor, now)
    count_once(session, merged, survivor, now=now)


def _move_co_authorship(session: Session, merged: Organisation, survivor: Organisation, now: datetime) -> None:
    """Open invitations wait for the survivor's delegates, who also go on writing where the merged one did."""
    old, new = (f"o:{each.public_id}" for each in (merged, survivor))
    for one in session.scalars(select(CoAuthor).where(CoAuthor.organisation_id == merged.id, _is_alive)):
        if one.is_open:
            one.organisation_id = survivor.id
            continue
        proposal = session.get_one(Proposal, one.proposal_id, with_for_update=True)
        if proposal.is_draft:
            one.organisation_id, one.name = survivor.id, survivor.name
            proposal.co_authors = tuple(new if mark == old else mark for mark in proposal.co_authors)
        else:
            proposal.co_authors = (*proposal.co_authors, new)
        proposal.updated_at = now


PART = MergePart(_holdings, move=_move)
