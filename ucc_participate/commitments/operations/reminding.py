"""Reminding the staff of what is due, by mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from ...audit.log import record
from ...kernel.identity import Actor
from ...notifications.operations import queue_mail
from ...processes.models import Process
from .. import queries
from ..events import DesignationEvent

RHYTHM = timedelta(days=7)
SCHEMA = "ucc.designation_reminder/1"


def remind(
    session: Session,
    process: Process,
    lines: Mapping[str, Sequence[str]],
    *,
    address: str,
    actor: Actor,
    now: datetime,
) -> int:
    """Write to every coordinator what is due and what is late, once a week at most. The number written to.

    ``lines``: by language, one for each thing. Nothing when somebody else has reminded meanwhile.
    """
    designation = queries.designation_to_change(session, process)
    if designation is None or (designation.reminded_at and now - designation.reminded_at < RHYTHM):
        return 0
    designation.reminded_at = now
    people = queries.coordinators(session, now)
    for account in people:
        told = list(lines.get(account.locale or "") or lines["en"])
        data: dict[str, Any] = {"number": len(told), "lines": told, "address": address}
        reached: dict[str, Any] = {"to": account.email, "owner": account.key, "locale": account.locale}
        queue_mail(session, **reached, template="promises_due", data=data, now=now)
    session.flush()
    record(
        session,
        DesignationEvent.REMINDED,
        actor=actor,
        subject=designation.ref,
        process=process.ref,
        payload={"things": len(next(iter(lines.values()))), "people": len(people)},
        schema=SCHEMA,
        now=now,
    )
    return len(people)
