"""What passes away or comes to light with a ballot and with its vote; each is part of the operation that does that."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from ..documents.attaching import detach_all
from ..documents.models import SEALED, Document
from ..stakeholders.models import Organisation
from . import queries
from .models import BallotDraft, RollEntry, Vote


def drop_draft(session: Session, entry: RollEntry, account_id: int) -> None:
    """No operation: part of casting."""
    mine = (BallotDraft.roll_entry_id == entry.id, BallotDraft.account_id == account_id)
    session.execute(delete(BallotDraft).where(*mine))


def drop_drafts(session: Session, vote: Vote) -> None:
    """Destroy all drafts of a vote. Part of closing it."""
    entries = select(RollEntry.id).where(RollEntry.vote_id == vote.id)
    session.execute(delete(BallotDraft).where(BallotDraft.roll_entry_id.in_(entries)))


def drop_statement(session: Session, vote: Vote, organisation: Organisation) -> None:
    """Another ballot counts now: what was signed was about the one before. Part of casting."""
    detach_all(session, queries.statement_subject(vote, organisation))


def publish_statements(session: Session, vote: Vote) -> None:
    """Once the vote is closed everybody may read them. Part of closing."""
    mine = select(Document.id).where(Document.subject.startswith(f"{vote.ref}/", autoescape=True))
    sealed = update(Document).where(Document.id.in_(mine), Document.kind == SEALED)
    session.execute(sealed.values(is_public=True).execution_options(synchronize_session=False))
