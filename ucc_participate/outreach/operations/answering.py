"""What whoever holds the code of an invitation does with it. The log names the organisation, never the code."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...kernel.codes import Digests
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.identity import Actor
from ...processes import invitations
from ...processes.events import StakeholderEvent
from ...processes.models import InvitationState, WayIn
from .. import policies, queries
from ..digests import code_digest
from ..models import InvitationCode, NoteKind
from ..notes import drop_notes, write_note


def open_invitation(
    session: Session, typed: str, *, digests: Digests, today: date, actor: Actor, now: datetime
) -> InvitationCode:
    """What a code opens. Notes once that the organisation reads its invitation. Raises NotFound, Conflict."""
    found = _usable(session, code_digest(digests, typed), today)
    invitation = found.invitation
    if invitation.opened_at is None:
        invitation.opened_at = now
        process, organisation = found.batch.process, invitation.organisation
        event = StakeholderEvent.OPENED
        invitations.note(session, event, invitation, process, organisation, actor=actor, now=now)
    return found


def answer_invitation(
    session: Session, code: str, *, answer: InvitationState, because: str, today: date, actor: Actor, now: datetime
) -> InvitationCode:
    """The organisation says on the internet that it takes part, or declines. ``code``: its digest.

    ``because`` is for the city's staff, and never in the log. Raises Invalid (``answer``), NotFound, Conflict.
    """
    if answer is InvitationState.INVITED:
        raise Invalid(_l("Choose whether you take part."), field="answer")
    found = _usable(session, code, today)
    invitation = found.invitation
    how: dict[str, Any] = {"answer": answer, "through": WayIn.INTERNET, "actor": actor, "now": now}
    invitations.take_answer(session, invitation, found.batch.process, invitation.organisation, **how)
    write_note(session, invitation, NoteKind.REASON, because, actor=actor, now=now)
    return found


def name_delegate(
    session: Session, code: str, *, name: str, reach: str, text: str, today: date, actor: Actor, now: datetime
) -> InvitationCode:
    """Whom the city asks for the mandate and gives the seat. ``reach``: their e-mail address or telephone.

    A newer name takes the place of an older one. For the staff; the log says that somebody was named, and not who.
    Raises NotFound, Conflict.
    """
    found = _usable(session, code, today)
    invitation, process = found.invitation, found.batch.process
    require(policies.can_name_delegate(invitation))
    drop_notes(session, invitation, NoteKind.DELEGATE)
    said = "\n".join(filter(None, [f"{name} · {reach}", text]))
    write_note(session, invitation, NoteKind.DELEGATE, said, actor=actor, now=now)
    event = StakeholderEvent.NAMED
    invitations.note(session, event, invitation, process, invitation.organisation, actor=actor, now=now)
    return found


def _usable(session: Session, code: str, today: date) -> InvitationCode:
    found = queries.find_code(session, code, to_change=True)
    require(policies.can_use_code(found, found.batch.process if found else None, today=today))
    assert found is not None  # noqa: S101  # the policy refuses None
    return found
