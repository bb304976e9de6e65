"""Who may open a document: a public one everybody, any other the city's staff, and the log says that they did."""

from __future__ import annotations

from datetime import datetime

from ..kernel.decision import ALLOWED, Decision, Denied
from ..kernel.errors import NotFound
from ..kernel.identity import Actor
from .models import SEALED, Document


def can_view(actor: Actor, document: Document, *, now: datetime) -> Decision:
    """Nobody else learns that a document which is not public is there. What is sealed opens for nobody before."""
    may_look = actor.is_staff and document.kind != SEALED
    return ALLOWED if document.is_public or may_look else Denied(None, NotFound)
