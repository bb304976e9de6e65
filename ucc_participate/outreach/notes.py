"""Notes beside an invitation: part of the operation that takes an answer, a call or an attendance."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from ..kernel.identity import Actor
from ..processes.models import Invitation
from .models import InvitationNote, NoteKind


def write_note(
    session: Session, invitation: Invitation, kind: NoteKind, text: str, *, actor: Actor, now: datetime
) -> None:
    """Keep what was said, if anything was."""
    if text:
        known = {"invitation_id": invitation.id, "kind": kind, "text": text}
        session.add(InvitationNote(**known, written_by=actor.key, written_at=now))


def drop_notes(session: Session, invitation: Invitation, kind: NoteKind) -> None:
    """Forget the notes of a kind: a newer one takes their place."""
    of_it = (InvitationNote.invitation_id == invitation.id, InvitationNote.kind == kind)
    session.execute(delete(InvitationNote).where(*of_it))
