"""Files of a draft: added one by one, each with words for those who cannot see it; they go public with the proposal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

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
from ..events import ProposalEvent
from ..models import ALT_LENGTH, Proposal
from ..recording import record_draft

KIND = "attachment"


@dataclass(frozen=True, slots=True)
class NewFile:
    """A checked file whose content lies in the store. ``alt``: what a picture shows, or what a document is."""

    stored: StoredUpload
    alt: str
    thumb: str | None = None


def attach_file(session: Session, proposal: Proposal, file: NewFile, *, most: int, actor: Actor, now: datetime) -> None:
    """Add a file to a draft that has fewer than ``most``. The same content twice is one. Raises Invalid, Conflict."""
    require(policies.can_attach(actor, proposal, now=now))
    attached = list(proposal.attachments or ())
    if any(known["sha256"] == file.stored.sha256 for known in attached):
        return
    if len(attached) >= most:
        raise Conflict(_l("A proposal has at most %(most)s files. Take one away first.", most=lazy_number(most)))
    document = attach(session, proposal.ref, file.stored, kind=KIND, title=file.stored.name[:160], actor=actor, now=now)
    described = {
        "document": document.public_id,
        "name": file.stored.name,
        "alt": _checked_alt(file.alt),
        "kind": file.stored.media_type,
        "sha256": file.stored.sha256,
        "size": file.stored.size,
        "thumb": file.thumb,
    }
    proposal.attachments = [*attached, described]
    proposal.updated_at = now
    record_draft(session, ProposalEvent.REVISED, proposal, actor=actor, now=now)


def remove_file(session: Session, proposal: Proposal, document_id: str, *, actor: Actor, now: datetime) -> None:
    """Take a file away from a draft. Raises NotFound when it has none of that name."""
    require(policies.can_attach(actor, proposal, now=now))
    kept = [file for file in proposal.attachments or () if file["document"] != document_id]
    gone = [file for file in proposal.attachments or () if file["document"] == document_id]
    if not gone:
        raise NotFound()
    documents = [one for one in documents_of(session, proposal.ref) if one.public_id == document_id]
    leave_uploads(session, with_small_copies(detach(session, documents), gone), now=now)
    proposal.attachments = kept or None
    proposal.updated_at = now
    record_draft(session, ProposalEvent.REVISED, proposal, actor=actor, now=now)


def _checked_alt(alt: str) -> str:
    least, most = ALT_LENGTH
    cleaned = clean_line(alt, max_length=most)
    if len(cleaned) < least:
        raise Invalid(_l("Say in a few words what this file shows."), field="alt")
    return cleaned
