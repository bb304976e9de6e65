"""Attaching and removing documents inside the operations of other domains; their entries say what was attached."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from ..kernel.identity import Actor, new_public_id
from . import queries
from .models import Document
from .uploads import StoredUpload


def attach(
    session: Session,
    subject: str,
    stored: StoredUpload,
    *,
    kind: str,
    title: str,
    actor: Actor,
    now: datetime,
    is_public: bool = False,
    replaces: Document | None = None,
) -> Document:
    """A new document of ``subject``. No operation: the caller puts ``public_payload()`` into its own entry."""
    document = Document(
        public_id=new_public_id(),
        subject=subject,
        kind=kind,
        title=title,
        stored_name=stored.stored_name,
        media_type=stored.media_type,
        sha256=stored.sha256,
        size=stored.size,
        is_public=is_public,
        replaces_id=replaces.id if replaces is not None else None,
        added_by=actor.key,
        added_at=now,
    )
    session.add(document)
    session.flush()
    return document


def detach_all(session: Session, subject: str) -> list[str]:
    """Remove all documents of ``subject``; the hashes whose content nobody needs any more, for ``Store.erase`` after
    the commit. No operation: part of the erasing one."""
    return detach(session, queries.documents_of(session, subject))


def detach(session: Session, removed: Sequence[Document]) -> list[str]:
    """As detach_all, for some documents."""
    for document in removed:
        session.delete(document)
    session.flush()
    return sorted({document.sha256 for document in removed if not queries.is_mentioned(session, document.sha256)})


def with_small_copies(gone: Collection[str], files: Iterable[Mapping[str, Any]] | None) -> list[str]:
    """These hashes and those of the small copies made of them. ``files``: as rows describe theirs, with ``thumb``."""
    small = {file["thumb"] for file in files or () if file["sha256"] in gone and file.get("thumb")}
    return sorted({*gone, *small})
