"""What whoever holds the code of an invitation does with it. The log names the organisation, never the code.

A wrong guess must be counted although the unit of work that finds it wrong leaves nothing: a try is noted in a unit of
work of its own before, and taken back after a success (that one alone: a good code does not pay for bad ones).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete
from sqlalchemy.orm import Session

from ...kernel.codes import Digests
from ...kernel.decision import require
from ...kernel.errors import Invalid, UccError
from ...kernel.identity import Actor
from ...processes import invitations
from ...processes.events import StakeholderEvent
from ...processes.models import InvitationState, WayIn
from .. import policies, queries
from ..digests import code_digest
from ..models import CodeAttempt, InvitationCode, NoteKind
from ..notes import write_note

PAUSE = timedelta(minutes=15)
MOST_ATTEMPTS = 10


class TooManyAttempts(UccError):
    """Somebody is guessing, or in despair: the reason says until when to wait and who helps meanwhile."""

    status = 429


def begin_attempt(session: Session, *, key: str, actor: Actor, now: datetime) -> int:
    """Note a try of an address; its number. Raises TooManyAttempts after MOST_ATTEMPTS within PAUSE."""
    if queries.count_attempts(session, key, now - PAUSE) >= MOST_ATTEMPTS:
        raise TooManyAttempts(
            _l("Too many codes were tried from here. Wait a quarter of an hour, or call the city: it can help you.")
        )
    attempt = CodeAttempt(key=key, at=now)
    session.add(attempt)
    session.flush()
    return attempt.id


def finish_attempt(session: Session, attempt: int, *, actor: Actor, now: datetime) -> None:
    """Take a try back that was none."""
    session.execute(delete(CodeAttempt).where(CodeAttempt.id == attempt))


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


def _usable(session: Session, code: str, today: date) -> InvitationCode:
    found = queries.find_code(session, code, to_change=True)
    require(policies.can_use_code(found, found.batch.process if found else None, today=today))
    assert found is not None  # noqa: S101  # the policy refuses None
    return found
