"""Pictures and documents that show a need or an asset (rule F1), each with words for those who cannot see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...accounts.leftovers import leave_uploads
from ...documents.attaching import attach, detach, with_small_copies
from ...documents.queries import documents_of
from ...documents.uploads import StoredUpload
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid, NotFound
from ...kernel.i18n import lazy_number
from ...kernel.identity import Actor
from ...kernel.text import clean_line
from .. import policies
from ..events import InventoryEvent
from ..models import ALT_LENGTH, InventoryItem
from .items import note

KIND = "evidence"


@dataclass(frozen=True, slots=True)
class NewFile:
    """A checked file whose content lies in the store. ``alt``: what it shows; ``thumb``: hash of its small copy."""

    stored: StoredUpload
    alt: str
    thumb: str | None = None


def attach_file(
    session: Session, item: InventoryItem, file: NewFile, *, most: int, actor: Actor, now: datetime
) -> None:
    """Add a file to an item that has fewer than ``most``; the same content twice is one. Raises Invalid, Conflict."""
    require(policies.can_edit(actor, item, now=now))
    known = list(item.files or ())
    if any(one["sha256"] == file.stored.sha256 for one in known):
        return
    if len(known) >= most:
        raise Conflict(_l("There are at most %(most)s files. Take one away first.", most=lazy_number(most)))
    facts: dict[str, Any] = {"kind": KIND, "title": file.stored.name[:160], "is_public": item.was_public}
    document = attach(session, item.ref, file.stored, actor=actor, now=now, **facts)
    described = {
        "document": document.public_id,
        "name": file.stored.name,
        "alt": _checked_alt(file.alt),
        "kind": file.stored.media_type,
        "sha256": file.stored.sha256,
        "size": file.stored.size,
        "thumb": file.thumb,
    }
    item.files = [*known, described]
    _told(session, item, actor=actor, now=now)


def remove_file(session: Session, item: InventoryItem, document_id: str, *, actor: Actor, now: datetime) -> None:
    """Take a file away. Raises NotFound when the item has none of that name."""
    require(policies.can_edit(actor, item, now=now))
    kept = [file for file in item.files or () if file["document"] != document_id]
    if len(kept) == len(item.files or ()):
        raise NotFound()
    documents = [one for one in documents_of(session, item.ref) if one.public_id == document_id]
    leave_uploads(session, with_small_copies(detach(session, documents), item.files), now=now)
    item.files = kept or None
    _told(session, item, actor=actor, now=now)


def _told(session: Session, item: InventoryItem, *, actor: Actor, now: datetime) -> None:
    event = InventoryEvent.REVISED if item.was_public else InventoryEvent.SUGGESTED
    note(session, event, item, actor=actor, now=now)


def _checked_alt(alt: str) -> str:
    least, most = ALT_LENGTH
    cleaned = clean_line(alt, max_length=most)
    if len(cleaned) < least:
        raise Invalid(_l("Say in a few words what this file shows."), field="alt")
    return cleaned
