"""Reading the facts: a fixed number of queries, whatever the size of the process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..audit import reading
from ..audit.models import LogEntry, LogOpening
from ..audit.queries import visible_fields
from ..deliberation.events import CommentEvent
from ..deliberation.models import Comment, CommentState
from ..kernel.db import table_of
from ..meetings.models import Meeting, MeetingState, Mode
from ..moderation import queries as moderation
from ..moderation.models import WITHHOLDING, Decision, Standing
from ..processes import queries as processes
from ..processes.events import StakeholderEvent
from ..processes.models import InvitationState, Participation, Process, WayIn
from ..proposals import queries as proposals
from ..proposals.models import Dissent, Proposal
from ..representation.queries import KINDS, presence
from ..stakeholders.queries import count_nominations
from ..vocabularies.uccn import AREAS, OBJECTIVES, Sector
from ..voting.queries import list_votes
from .facts import Facts, Gatherings, Moderated
from .landmarks import ASSISTED, landmarks

USUAL_ANSWER = timedelta(days=14)
HELD = frozenset({MeetingState.HELD, MeetingState.MINUTES_DRAFT, MeetingState.MINUTES_FINAL})
_entries = table_of(LogEntry)
_openings = table_of(LogOpening)


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
        gatherings=_gatherings(session, process, now),
        moderated=_moderated(session, process, now),
        heard=_heard(session, process),
        late=_late(session, process),
        dissents=_dissents(session, process, Standing.SHOWN),
        hidden_dissents=_dissents(session, process, Standing.HIDDEN),
        entries=proofs(session, process),
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


def _gatherings(session: Session, process: Process, now: datetime) -> Gatherings:
    query = select(Meeting.mode, Meeting.status, Meeting.starts_at)
    rows = session.execute(query.where(Meeting.process_id == process.id, Meeting.source.is_(None))).all()
    held = [row for row in rows if row.status in HELD]
    return Gatherings(
        in_person=sum(row.mode is not Mode.ONLINE for row in held),
        online=sum(row.mode is not Mode.IN_PERSON for row in held),
        without_minutes=sum(row.status is not MeetingState.MINUTES_FINAL for row in held),
        to_come=sum(row.status is MeetingState.ANNOUNCED and row.starts_at > now for row in rows),
    )


def _moderated(session: Session, process: Process, now: datetime) -> Moderated:
    mine = (Decision.process_id == process.id, Decision.act.in_(WITHHOLDING))
    withheld, bare = session.execute(
        select(func.count(), func.count().filter(Decision.reason.is_(None))).where(*mine)
    ).one()
    hours = moderation.rules_of(session, process).notice_hours
    waiting = moderation.overdue(session, process, hours=hours, told=None, now=now)
    appeals = moderation.count_appeals(session, process)
    overdue, open_ = waiting.number if waiting else 0, appeals.pop(None, 0)
    return Moderated(withheld, bare, overdue, appeals_open=open_, appeals_decided=sum(appeals.values()))


def _heard(session: Session, process: Process) -> dict[Sector, int]:
    spoken = select(Comment.sector, func.count(Comment.organisation_id.distinct())).where(*_in_public(process))
    return {row[0]: row[1] for row in session.execute(spoken.group_by(Comment.sector)) if row[0] is not None}


def _in_public(process: Process) -> tuple[Any, ...]:
    """What organisations said that everybody can read."""
    shown = (Comment.status == CommentState.POSTED, Comment.standing == Standing.SHOWN)
    return (Comment.process_id == process.id, Comment.organisation_id.is_not(None), Comment.sector.is_not(None), *shown)


def _late(session: Session, process: Process) -> int:
    if process.answers_due_at is None:
        return 0
    late = (Proposal.process_id == process.id, Proposal.answered_at > process.answers_due_at)
    return session.scalar(select(func.count()).where(*late)) or 0


def _dissents(session: Session, process: Process, standing: Standing) -> int:
    mine = (Dissent.process_id == process.id, Dissent.standing == standing)
    return session.scalar(select(func.count()).where(*mine)) or 0


def proofs(session: Session, process: Process) -> dict[str, tuple[int, ...]]:
    """What entries of this process prove → their indexes.

    ``<type>``: of milestones all, otherwise the first; ``process:now``: the newest state of the process;
    ``participant.joined:assisted``: the first who did not come by the internet; ``stakeholder.invited:<group>`` and
    ``stakeholder.answered:<group>``: the first organisation of this sector or kind that was invited, or said yes and
    has not changed its mind.
    """
    parts = (_of_types, _of_people, _of_organisations, _of_voices)
    return {name: lines for part in parts for name, lines in part(session, process).items()}


def _of_types(session: Session, process: Process) -> dict[str, tuple[int, ...]]:
    found = dict(landmarks(session.connection(), process.ref))
    for event in StakeholderEvent:
        if event.value in found:
            found[event.value] = found[event.value][:1]
    state = select(func.max(_openings.c.position)).where(
        _openings.c.subject == process.ref, _openings.c.schema == "ucc.process/1"
    )
    newest = session.scalar(state)
    return found if newest is None else {**found, "process:now": (newest,)}


def _of_people(session: Session, process: Process) -> dict[str, tuple[int, ...]]:
    """The log names the way in only of those who did not come by themselves."""
    lines = landmarks(session.connection(), process.ref).get(ASSISTED, ())
    opened = session.execute(select(_openings).where(_openings.c.position.in_(lines))).all()
    others = [row for row in opened if visible_fields(row).get("way_in", WayIn.INTERNET) != WayIn.INTERNET]
    return {ASSISTED: lines} if others else {}


def _of_organisations(session: Session, process: Process) -> dict[str, tuple[int, ...]]:
    known = landmarks(session.connection(), process.ref)
    kinds = {position: event.value for event in StakeholderEvent for position in known.get(event.value, ())}
    opened = select(_openings).where(_openings.c.position.in_(sorted(kinds))).order_by(_openings.c.position)
    rows = [(row, kinds[row.position], visible_fields(row)) for row in session.execute(opened)]
    newest = {row.subject: fields for row, _kind, fields in rows}
    found: dict[str, tuple[int, ...]] = {}
    for row, kind, fields in rows:
        if kind == StakeholderEvent.INVITED or (kind == StakeholderEvent.ANSWERED and _says_yes(newest[row.subject])):
            for group in _groups(fields):
                found.setdefault(f"{kind}:{group}", (row.position,))
    return found


def _of_voices(session: Session, process: Process) -> dict[str, tuple[int, ...]]:
    """``comment.posted:sector:<sector>``: the first that an organisation of it said."""
    first = select(func.min(Comment.id)).where(*_in_public(process)).group_by(Comment.sector)
    said = session.execute(select(Comment.public_id, Comment.sector).where(Comment.id.in_(first))).all()
    sectors = {f"comment/{row.public_id}": row.sector for row in said}
    lines = select(_entries.c.subject, func.min(_entries.c.position)).where(_entries.c.subject.in_(sectors))
    rows = session.execute(lines.where(_entries.c.type == CommentEvent.POSTED.value).group_by(_entries.c.subject))
    return {f"comment.posted:sector:{sectors[row[0]].value}": (row[1],) for row in rows}


def _says_yes(fields: Mapping[str, Any]) -> bool:
    return bool(fields.get("status") == InvitationState.ANSWERED)


def _groups(fields: Mapping[str, Any]) -> list[str]:
    kinds = [kind for kind in KINDS if fields.get(f"is_{kind}")]
    return [f"sector:{fields['sector']}", *kinds] if "sector" in fields else kinds
