"""Reading the log for pages, receipts and checks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from ..kernel.clock import from_utc_text
from ..kernel.db import table_of
from . import commitments, proofs, reading, tree
from .models import Checkpoint, LogEntry, LogOpening

_entries = table_of(LogEntry)
_openings = table_of(LogOpening)


@dataclass(frozen=True, slots=True)
class LoggedEntry:
    """An entry as a page shows it: ``values`` are the parsed bytes. What it commits to is shown by its own domain."""

    position: int
    entry: bytes
    values: dict[str, Any]

    @property
    def time(self) -> datetime:
        return from_utc_text(self.values["time"])


def find_entry(connection: Connection, *, subject: str, commit: str, kind: str) -> LoggedEntry | None:
    """The newest entry of this subject with this commitment and type; None while it waits for its index."""
    rows = select(_entries.c.position, _entries.c.entry).where(_entries.c.subject == subject, _entries.c.type == kind)
    for row in connection.execute(rows.order_by(_entries.c.position.desc()).limit(50)):
        values = json.loads(row.entry)
        if values["commit"] == commit:
            return LoggedEntry(row.position, bytes(row.entry), values)
    return None


def latest_entries(
    connection: Connection,
    *,
    process: str | None = None,
    subject: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[LoggedEntry]:
    """Newest first, by key: entries below index ``before``."""
    query = select(_entries.c.position, _entries.c.entry).order_by(_entries.c.position.desc()).limit(limit)
    if process is not None:
        query = query.where(_entries.c.process == process)
    if subject is not None:
        query = query.where(_entries.c.subject == subject)
    if before is not None:
        query = query.where(_entries.c.position < before)
    rows = connection.execute(query)
    return [LoggedEntry(row.position, bytes(row.entry), json.loads(row.entry)) for row in rows]


def visible_fields(row: Any) -> dict[str, Any]:
    """The payload of an opening row, without what was withheld."""
    if row.fields is not None:
        fields: dict[str, Any] = json.loads(row.fields)
        return fields
    return {name: value for name, (_salt, value) in json.loads(row.kept or "{}").items()}


def opening_object(row: Any) -> dict[str, Any]:
    """The line of ``openings.jsonl`` for an opening row (docs/record-format.md §2)."""
    if row.salt is not None:
        return commitments.opening(row.position, commitments.open_fields(bytes(row.salt), json.loads(row.fields)))
    kept = {name: [salt, value] for name, (salt, value) in json.loads(row.kept or "{}").items()}
    return commitments.opening(row.position, kept, json.loads(row.withheld or "{}"))


def last_states(
    connection: Connection, schema: str, *, process: str | None = None
) -> dict[str, tuple[int, dict[str, Any]]]:
    """``{subject: (index, payload)}`` of the newest opened entry of each subject with this schema."""
    newest = select(func.max(_openings.c.position)).where(_openings.c.schema == schema).group_by(_openings.c.subject)
    if process is not None:
        newest = newest.where(_openings.c.process == process)
    rows = connection.execute(select(_openings).where(_openings.c.position.in_(newest)))
    return {row.subject: (row.position, visible_fields(row)) for row in rows}


def proof(connection: Connection, position: int, checkpoint: Checkpoint) -> str:
    """The C2SP tlog-proof of the entry at ``position`` under a checkpoint that covers it."""
    hashes = tree.inclusion_proof(position, checkpoint.size, reading.Nodes(connection, checkpoint.size))
    [entry] = reading.entry_bytes(connection, position, position + 1)
    return proofs.build(position, entry, hashes, checkpoint.note)


def verify_log(connection: Connection) -> tuple[int, list[str]]:
    """Recompute the whole tree from the stored bytes; (entries read, faults in words)."""
    checkpoints = {row.size: bytes(row.root) for row in connection.execute(select(table_of(Checkpoint)))}
    frontier, faults = tree.Frontier(), []
    rows = select(_entries.c.position, _entries.c.entry, _entries.c.leaf).order_by(_entries.c.position)
    with connection.execute(rows.execution_options(yield_per=1000)) as stored:
        for row in stored:
            if row.position != frontier.size:
                faults.append(f"entry {frontier.size}: missing")
                break
            faults += _entry_faults(row, frontier, checkpoints)
    head = reading.head(connection)
    if (frontier.size, frontier.root()) != (head.size, head.root):
        faults.append(f"the log's head says {head.size} entries, {frontier.size} were read, or their root differs")
    beyond = [size for size in checkpoints if size > frontier.size]
    faults += [f"checkpoint {size}: the log has only {frontier.size} entries" for size in beyond]
    return frontier.size, faults


def _entry_faults(row: Any, frontier: tree.Frontier, checkpoints: dict[int, bytes]) -> list[str]:
    """Add the entry to the tree; what is wrong with it."""
    leaf = tree.leaf_hash(bytes(row.entry))
    frontier.append(leaf)
    faults = []
    if leaf != bytes(row.leaf):
        faults.append(f"entry {row.position}: its bytes do not match its stored leaf hash")
    signed = checkpoints.get(frontier.size)
    if signed is not None and signed != frontier.root():
        faults.append(f"entry {row.position}: the root over {frontier.size} entries is not the one that was signed")
    return faults


def count_by_type(connection: Connection, process: str, *, before: int) -> list[tuple[str, int]]:
    """How many entries of each type a process has below an index, most frequent first."""
    rows = (
        select(_entries.c.type, func.count())
        .where(_entries.c.process == process, _entries.c.position < before)
        .group_by(_entries.c.type)
    )
    return sorted(((kind, number) for kind, number in connection.execute(rows)), key=lambda pair: (-pair[1], pair[0]))


def opened_fields(connection: Connection, positions: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What the log still opens of these entries, by index."""
    found: dict[int, dict[str, Any]] = {}
    for start in range(0, len(positions), 500):
        part = positions[start : start + 500]
        for row in connection.execute(select(_openings).where(_openings.c.position.in_(part))):
            found[row.position] = visible_fields(row)
    return found
