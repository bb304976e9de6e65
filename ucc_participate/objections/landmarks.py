"""Where things first stand in the log of a process, found without reading a long log again and again.

The log only grows, and nothing is ever put before what is there: what was found up to some position stays true. So each
process's log is read once, and after that only what came since. Kept in memory, one for each database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from sqlalchemy import func, select
from sqlalchemy.engine import Connection
from sqlalchemy.pool import Pool

from ..audit.models import LogEntry, LogOpening
from ..kernel.db import table_of
from ..processes.events import GateEvent, ParticipantEvent, StakeholderEvent
from ..voting.events import RollEvent, VoteEvent

ALL_OF = frozenset(
    event.value
    for event in (
        GateEvent.OVERRIDDEN,
        VoteEvent.ANNOUNCED,
        VoteEvent.TALLIED,
        RollEvent.FROZEN,
        RollEvent.EXTENDED,
        RollEvent.REDUCED,
        *StakeholderEvent,
    )
)
"""Types of which every entry is remembered, not the first alone: there are few of them."""
ASSISTED = f"{ParticipantEvent.JOINED.value}:assisted"
"""The first who joined with something to open: the way in of somebody who did not come by the internet."""
_entries = table_of(LogEntry)
_openings = table_of(LogOpening)


@dataclass(frozen=True, slots=True)
class Landmarks:
    """``found``: by type the first position, or all of ALL_OF; ASSISTED. ``until``: the last position seen."""

    found: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    until: int = -1


_known: WeakKeyDictionary[Pool, dict[str, Landmarks]] = WeakKeyDictionary()


def landmarks(connection: Connection, process: str) -> Mapping[str, tuple[int, ...]]:
    """Of the process with this ref, as the log stands."""
    kept = _known.setdefault(connection.engine.pool, {})
    before = kept.get(process, Landmarks())
    kept[process] = _go_on(connection, process, before)
    return kept[process].found


def _go_on(connection: Connection, process: str, before: Landmarks) -> Landmarks:
    new = (_entries.c.process == process, _entries.c.position > before.until)
    ends = func.min(_entries.c.position), func.max(_entries.c.position)
    rows = connection.execute(select(_entries.c.type, *ends).where(*new).group_by(_entries.c.type)).all()
    if not rows:
        return before
    until = max(row[2] for row in rows)
    firsts: dict[str, tuple[int, ...]] = {row[0]: (row[1],) for row in rows if row[0] not in ALL_OF}
    several: dict[str, tuple[int, ...]] = {}
    wanted = ALL_OF.intersection(row[0] for row in rows)
    if wanted:
        upto = (*new, _entries.c.position <= until, _entries.c.type.in_(sorted(wanted)))
        each = select(_entries.c.type, _entries.c.position).where(*upto).order_by(_entries.c.position)
        for kind, position in connection.execute(each):
            several[kind] = (*several.get(kind, before.found.get(kind, ())), position)
    if ASSISTED not in before.found and any(row[0] == ParticipantEvent.JOINED for row in rows):
        joined = (*new, _entries.c.position <= until, _entries.c.type == ParticipantEvent.JOINED.value)
        opened = select(func.min(_entries.c.position)).join(_openings, _openings.c.position == _entries.c.position)
        first = connection.scalar(opened.where(*joined))
        firsts |= {ASSISTED: (first,)} if first is not None else {}
    return Landmarks({**firsts, **before.found, **several}, until)
