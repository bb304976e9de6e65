"""Codes of invitations, tries to open one, addresses that want no reminders."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from ...kernel.errors import NotFound
from ...processes.models import Invitation, Process
from ...stakeholders.models import Organisation
from ..models import ContactStop, InvitationBatch, InvitationCode


def find_code(session: Session, code: str, *, to_change: bool = False) -> InvitationCode | None:
    """The code with this digest, with its batch, process and phases, invitation and organisation."""
    query = select(InvitationCode).where(InvitationCode.code == code)
    query = query.options(
        joinedload(InvitationCode.batch).joinedload(InvitationBatch.process).selectinload(Process.phases),
        joinedload(InvitationCode.invitation).joinedload(Invitation.organisation),
    )
    return session.scalar(query.with_for_update(of=InvitationCode) if to_change else query)


def batches_of(session: Session, process: Process) -> list[InvitationBatch]:
    """Newest first."""
    query = select(InvitationBatch).where(InvitationBatch.process_id == process.id)
    return list(session.scalars(query.order_by(InvitationBatch.id.desc()).limit(50)))


def get_batch(session: Session, process: Process, public_id: str) -> InvitationBatch:
    """A batch of this process. Raises NotFound."""
    query = select(InvitationBatch).where(InvitationBatch.process_id == process.id)
    found = session.scalar(query.where(InvitationBatch.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def slips_of(
    session: Session, batch: InvitationBatch, codes: Iterable[str]
) -> dict[str, tuple[InvitationCode, Organisation]]:
    """Those of the digests that are valid codes of the batch, with their organisations."""
    query = select(InvitationCode, Organisation).join(Invitation, Invitation.id == InvitationCode.invitation_id)
    query = query.join(Organisation, Organisation.id == Invitation.organisation_id)
    query = query.where(InvitationCode.batch_id == batch.id, InvitationCode.withdrawn_at.is_(None))
    wanted = set(codes)
    return {row[0].code: (row[0], row[1]) for row in session.execute(query) if row[0].code in wanted}


def stopped_among(session: Session, addresses: Iterable[str]) -> set[str]:
    """Those of the digests of addresses that want no reminders."""
    return set(session.scalars(select(ContactStop.address).where(ContactStop.address.in_(set(addresses)))))
