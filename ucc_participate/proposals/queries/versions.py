"""The texts that a proposal has had."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...accounts.models import Account
from ..models import Proposal, ProposalVersion

MOST_VERSIONS = 200


def list_versions(session: Session, proposal: Proposal) -> list[ProposalVersion]:
    """Every version, the newest first; empty while there is only the text that was sent."""
    query = select(ProposalVersion).where(ProposalVersion.proposal_id == proposal.id)
    return list(session.scalars(query.order_by(ProposalVersion.number.desc()).limit(MOST_VERSIONS)))


def credits_of(session: Session, account: Account) -> list[ProposalVersion]:
    """Versions that name the account as who proposed the change."""
    query = select(ProposalVersion).where(ProposalVersion.credit_id == account.id)
    return list(session.scalars(query.order_by(ProposalVersion.id)))
