"""How an entry about a dossier or one of its texts is noted, and in whose name a text is written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ..accounts.models import Account
from ..audit.log import record
from ..kernel.errors import Conflict
from ..kernel.events import AuditEvent
from ..kernel.identity import Actor, Role
from ..kernel.reasons import required_reason
from .models import Answer, Dossier

REASON_LENGTH = (10, 1_000)
SYSTEM = "system"


def note(
    session: Session,
    event: AuditEvent,
    subject: Dossier | Answer,
    *,
    actor: Actor,
    now: datetime,
    payload: dict[str, Any] | None = None,
) -> None:
    """``payload``: None while it is nobody's business."""
    session.flush()
    dossier = subject if isinstance(subject, Dossier) else subject.dossier
    role = Role.COORDINATOR if actor.has(Role.COORDINATOR) and not actor.is_system else None
    facts: dict[str, Any] = {"subject": subject.ref, "process": dossier.process.ref, "payload": payload}
    record(session, event, actor=actor, now=now, role=role, **facts)


def named(session: Session, actor: Actor) -> str:
    """Name and function of who writes: an official, never a private person. Raises Conflict without a function."""
    if actor.is_system:
        return SYSTEM
    account = session.get(Account, actor.account_id) if actor.account_id is not None else None
    if account is None or not account.function:
        raise Conflict(
            _l("What is written here carries the name and function of an official. Add your function to your account.")
        )
    return account.official_name


def checked_reason(reason: str, *, field: str = "reason") -> str:
    return required_reason(reason, REASON_LENGTH, field=field)
