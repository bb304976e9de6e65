"""Who took part: written at a person's first act in a process, inside the operation that is this act."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ..audit.log import pseudonym, record
from ..kernel.errors import Forbidden
from ..kernel.identity import Actor
from .events import ParticipantEvent
from .models import Participation, Process, WayIn
from .policies import GUESTS_COMMENT


def join(
    session: Session,
    process: Process,
    account_id: int,
    *,
    actor: Actor,
    now: datetime,
    way_in: WayIn = WayIn.INTERNET,
) -> bool:
    """Note that this account took part; True the first time. No operation: others call it inside theirs.

    ``actor`` is who acts, the person itself or a clerk for it. Two first acts at once make one participant.
    The log names the way in of those who did not come by themselves.
    Raises Forbidden for a guest from another city: guests comment, and are counted nowhere.
    """
    if actor.is_guest:
        raise Forbidden(GUESTS_COMMENT)
    if session.get(Participation, (process.id, account_id)) is not None:
        return False
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = {"process_id": process.id, "account_id": account_id, "joined_at": now, "way_in": way_in}
    inserted = session.execute(
        dialect.insert(Participation).values(row).on_conflict_do_nothing().returning(Participation.account_id)
    )
    if inserted.first() is None:
        return False
    name = pseudonym(session.connection(), Actor(f"account:{account_id}", account_id), process.ref)
    subject = f"{process.ref}/participant/{name}"
    facts: dict[str, Any] = {"payload": {"way_in": way_in.value}} if way_in is not WayIn.INTERNET else {}
    record(session, ParticipantEvent.JOINED, actor=actor, subject=subject, process=process.ref, now=now, **facts)
    return True
