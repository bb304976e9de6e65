"""What is done to a document by itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from ..audit.log import record
from ..kernel.decision import require
from ..kernel.identity import Actor
from . import policies
from .events import DocumentEvent
from .models import Document


def read_document(session: Session, document: Document, *, actor: Actor, now: datetime) -> None:
    """Note that somebody of the staff opened a document that is not public: whom it concerns can see that."""
    require(policies.can_view(actor, document, now=now))
    record(session, DocumentEvent.READ, actor=actor, subject=document.ref, now=now)
