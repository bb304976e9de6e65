"""Reading the facts: a fixed number of queries, whatever the size of the process."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..audit import reading
from ..audit.models import LogEntry
from ..kernel.db import table_of
from ..processes import queries as processes
from ..processes.models import Participation, Process, WayIn
from ..proposals import queries as proposals
from ..representation.queries import presence
from ..stakeholders.queries import count_nominations
from ..vocabularies.uccn import AREAS, OBJECTIVES
from ..voting.queries import list_votes
from .facts import Facts

USUAL_ANSWER = timedelta(days=14)
_entries = table_of(LogEntry)


def gather(session: Session, process: Process, *, now: datetime) -> Facts:
    """Everything that the checks look at. ``process`` has its phases and documents loaded."""
    connection = session.connection()
    sealed = reading.latest_checkpoint(connection)
    return Facts(
        process=process,
        now=now,
        groups={each.group: each for each in processes.presence_of_stakeholders(session, process)},
        presence=presence(session, process, now=now),
        overrides=len(processes.list_overrides(session, process)),
        proposals=proposals.counts(session, process, now=now),
        objectives=_tagged(session, process, "objective", OBJECTIVES),
        areas=_tagged(session, process, "area", AREAS),
        votes=list_votes(session, process),
        participants=processes.count_participants(session, process),
        assisted=_assisted(session, process),
        entries=_first_entries(session, process),
        nominations=count_nominations(session, overdue_before=now - USUAL_ANSWER),
        log_size=reading.head(connection).size,
        sealed_size=sealed.size if sealed is not None else 0,
    )


def _tagged(session: Session, process: Process, name: str, ids: Iterable[str]) -> dict[str, int]:
    """How many proposals on the list carry each of these tags."""
    counted = proposals.counts_by_tag(session, process, [f"{name}:{each}" for each in ids])
    return {tag.partition(":")[2]: number for tag, number in counted.items()}


def _assisted(session: Session, process: Process) -> int:
    others = (Participation.process_id == process.id, Participation.way_in != WayIn.INTERNET)
    return session.scalar(select(func.count()).where(*others)) or 0


def _first_entries(session: Session, process: Process) -> dict[str, int]:
    rows = select(_entries.c.type, func.min(_entries.c.position)).where(_entries.c.process == process.ref)
    return {row[0]: row[1] for row in session.execute(rows.group_by(_entries.c.type))}
