"""What becomes of an organisation's proposals when two entries of the register are merged: only drafts move."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from ..kernel.identity import Actor
from ..stakeholders.lineage import Holding, MergePart
from ..stakeholders.models import Organisation
from .models import Proposal, ProposalState

_is_draft = Proposal.status == ProposalState.DRAFT


def _holdings(session: Session, merged: Organisation) -> list[Holding]:
    counts = select(func.count().filter(_is_draft), func.count().filter(~_is_draft)).select_from(Proposal)
    drafts, sent = session.execute(counts.where(Proposal.organisation_id == merged.id)).one()
    return [
        Holding(_l("Drafts of proposals"), drafts, _l("Move to the survivor.")),
        Holding(_l("Proposals"), sent, _l("Keep the name under which they were sent; counted for the survivor.")),
    ]


def _move(session: Session, merged: Organisation, survivor: Organisation, *, actor: Actor, now: datetime) -> None:
    values = {"organisation_id": survivor.id, "author_name": survivor.name, "sector": survivor.sector}
    drafts = update(Proposal).where(Proposal.organisation_id == merged.id, _is_draft)
    session.execute(drafts.values(**values, version=Proposal.version + 1))


PART = MergePart(_holdings, move=_move)
