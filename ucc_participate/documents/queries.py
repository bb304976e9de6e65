"""Every select of documents."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..kernel.errors import NotFound
from .models import Document


def get_document(session: Session, public_id: str) -> Document:
    """Raises NotFound."""
    found = session.scalars(select(Document).where(Document.public_id == public_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def documents_of(session: Session, subject: str) -> list[Document]:
    """All documents of a subject, oldest first."""
    return list(session.scalars(select(Document).where(Document.subject == subject).order_by(Document.id)))


def documents_by_subject(session: Session, subjects: Iterable[str]) -> dict[str, list[Document]]:
    """The documents of many subjects in one query; every subject is a key."""
    found: dict[str, list[Document]] = {subject: [] for subject in subjects}
    rows = session.scalars(select(Document).where(Document.subject.in_(found)).order_by(Document.id))
    for document in rows:
        found[document.subject].append(document)
    return found


def is_mentioned(session: Session, sha256: str) -> bool:
    """Whether any document still has this content."""
    return session.scalar(select(Document.id).where(Document.sha256 == sha256).limit(1)) is not None
