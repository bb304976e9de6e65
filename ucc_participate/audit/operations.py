"""What happens to openings: withholding them, with an entry that says so."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..kernel.identity import Actor
from . import commitments
from .events import LogEvent
from .log import record
from .models import LogOpening


def withhold_fields(
    session: Session,
    fields: list[tuple[int, str]],
    *,
    actor: Actor,
    now: datetime,
    event: LogEvent,
    subject: str,
    process: str | None,
    reason: str,
) -> None:
    """Remove values and salts of fields of logged payloads for ever; leaves, root and every proof survive.

    ``fields``: (index of the entry, field name). The digest of each stays, and the entry written here lists them, so
    that a verifier can tell erasure from hiding (docs/record-format.md §2).
    """
    by_position: dict[int, set[str]] = {}
    for position, name in fields:
        by_position.setdefault(position, set()).add(name)
    rows = session.scalars(select(LogOpening).where(LogOpening.position.in_(by_position)).with_for_update())
    withheld: list[list[Any]] = []
    for row in rows:
        withheld += [[row.position, name] for name in _strip(row, by_position[row.position])]
    payload = {"reason": reason, "withheld": withheld}
    record(session, event, actor=actor, subject=subject, process=process, now=now, payload=payload)


def _strip(row: LogOpening, names: set[str]) -> list[str]:
    """Remove the named fields of one opening; the names that were there."""
    kept, withheld = _opened(row)
    gone = sorted(names & kept.keys())
    for name in gone:
        salt, value = kept.pop(name)
        withheld[name] = commitments.field_digest(bytes.fromhex(salt), name, value).hex()
    row.salt, row.fields = None, None
    row.kept, row.withheld = json.dumps(kept, ensure_ascii=False), json.dumps(withheld)
    return gone


def _opened(row: LogOpening) -> tuple[dict[str, Any], dict[str, str]]:
    if row.salt is not None and row.fields is not None:
        return dict(commitments.open_fields(bytes(row.salt), json.loads(row.fields))), {}
    return json.loads(row.kept or "{}"), json.loads(row.withheld or "{}")
