"""What followers and feeds ask for: a proposal by its name in the log, the newest answers, and who proposed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from ...accounts.models import Account
from ...moderation.models import Standing
from ...outreach.models import NewsKind
from ...outreach.news import WINDOW, News
from ...processes.models import Process
from ..models import (
    CoAuthor,
    CoAuthorState,
    Endorsement,
    LineageKind,
    Proposal,
    ProposalLineage,
    ProposalState,
    ProposalVersion,
)

MOST_NEWS = 500


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
    """A select of the ids of accounts that handed in a proposal that everybody reads."""
    on_list = Proposal.status.in_([ProposalState.SUBMITTED, ProposalState.ANSWERED])
    return select(Proposal.author_id).where(
        Proposal.process_id == process.id, on_list, Proposal.standing == Standing.SHOWN
    )


def version_news(session: Session, now: datetime) -> Iterator[News]:
    """The newest text of each proposal that was changed lately. Its authors know; who endorses it has a mail."""
    newer = (
        select(func.max(ProposalVersion.id))
        .where(ProposalVersion.number > 1, ProposalVersion.published_at > now - WINDOW)
        .group_by(ProposalVersion.proposal_id)
    )
    shown = (Proposal.status == ProposalState.SUBMITTED, Proposal.standing == Standing.SHOWN)
    query = select(ProposalVersion.number, Proposal).join(Proposal, Proposal.id == ProposalVersion.proposal_id)
    found = query.where(ProposalVersion.id.in_(newer), *shown).order_by(ProposalVersion.id.desc()).limit(MOST_NEWS)
    for number, proposal in session.execute(found):
        supporters = select(Endorsement.account_id).where(Endorsement.proposal_id == proposal.id)
        others = _but_authors(proposal).where(Account.id.not_in(supporters))
        key = f"version/{proposal.public_id}/{number}"
        yield News(proposal.process_id, NewsKind.VERSION, key, proposal.title, accounts=others, subject=proposal.ref)


def merged_news(session: Session, now: datetime) -> Iterator[News]:
    """Proposals that were merged or split lately, told to who follows them; their authors have a mail."""
    edges = select(ProposalLineage.source_id, ProposalLineage.kind).where(ProposalLineage.at > now - WINDOW)
    gone = edges.distinct().order_by(ProposalLineage.source_id.desc()).limit(MOST_NEWS).subquery()
    query = select(Proposal, gone.c.kind).join(gone, gone.c.source_id == Proposal.id)
    for proposal, kind in session.execute(query.where(Proposal.standing == Standing.SHOWN).order_by(Proposal.id)):
        yield News(
            proposal.process_id,
            NewsKind.MERGED,
            f"merged/{proposal.public_id}",
            proposal.title,
            accounts=_but_authors(proposal),
            subject=proposal.ref,
            told_as="split" if kind is LineageKind.SPLIT else None,
        )


def _but_authors(proposal: Proposal) -> Select[Any]:
    """Whom news of a proposal concerns: everybody but those who write it."""
    along = select(CoAuthor.account_id).where(
        CoAuthor.proposal_id == proposal.id,
        CoAuthor.state == CoAuthorState.ACCEPTED,
        CoAuthor.account_id.is_not(None),
    )
    others = select(Account.id).where(Account.id.not_in(along))
    return others if proposal.author_id is None else others.where(Account.id != proposal.author_id)
