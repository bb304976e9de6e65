"""Reading attachments and the days of steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from ...documents.models import Document
from ...dossier.models import Dossier
from ...kernel.errors import NotFound
from ..models import Attachment, StepDay


def attachments_of(session: Session, dossier: Dossier) -> Sequence[Attachment]:
    """In the order of their sections' numbers, the void ones too, with files."""
    query = _whole().where(Attachment.dossier_id == dossier.id)
    return list(session.scalars(query.order_by(Attachment.number, Attachment.id)))


def files_of(session: Session, dossier: Dossier) -> Iterator[tuple[str, int, Document]]:
    """What is handed in beside the texts, as section, number and file (``ucc.dossier_files``): neither what is void nor
    a sheet of rights for a photo that is."""
    for attachment in attachments_of(session, dossier):
        if attachment.state.has_file and attachment.document is not None and not attachment.is_idle:
            yield attachment.section, attachment.number, attachment.document


def attachment_to_change(session: Session, dossier: Dossier, public_id: str) -> Attachment:
    """Locked until the unit of work ends. Raises NotFound."""
    query = _whole().where(Attachment.dossier_id == dossier.id, Attachment.public_id == public_id)
    found = session.scalar(query.with_for_update(of=Attachment))
    if found is None:
        raise NotFound()
    return found


def last_number(session: Session, dossier: Dossier, section: str) -> int:
    query = select(func.max(Attachment.number))
    return session.scalar(query.where(Attachment.dossier_id == dossier.id, Attachment.section == section)) or 0


def step_days_of(session: Session, dossier: Dossier) -> Sequence[StepDay]:
    query = select(StepDay).where(StepDay.dossier_id == dossier.id).order_by(StepDay.id)
    return list(session.scalars(query.options(joinedload(StepDay.dossier))))


def live_attachments(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """For the drift check."""
    for attachment in session.scalars(_whole()):
        yield attachment.ref, attachment.public_payload()


def live_deadlines(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """For the drift check."""
    for day in session.scalars(select(StepDay).options(joinedload(StepDay.dossier))):
        yield day.ref, day.public_payload()


def _whole() -> Select[Attachment]:
    return select(Attachment).options(
        joinedload(Attachment.dossier).joinedload(Dossier.process),
        joinedload(Attachment.photo),
        joinedload(Attachment.document),
    )
