"""Reading meetings: one, those to come, past ones by key, what calendars, news and the drift check need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session, aliased, joinedload

from ...kernel.errors import NotFound
from ...processes.models import Process
from ...proposals.models import Proposal
from ..models import DecisionLink, Meeting, MeetingRules, MeetingState, Minutes

PAGE = 20
MOST_TO_COME = 50
FEED_PAST = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """Past meetings, newest first. ``after`` continues it: the public id of its last one, or None at the end."""

    meetings: list[Meeting]
    after: str | None


def get_meeting(session: Session, process: Process, public_id: str) -> Meeting:
    """With its process. Raises NotFound."""
    return _one(session, _of(process).where(Meeting.public_id == public_id))


def meeting_to_change(session: Session, process: Process, public_id: str) -> Meeting:
    """As get_meeting, locked until the unit of work ends: places are given out one after the other."""
    return _one(session, _of(process).where(Meeting.public_id == public_id).with_for_update(of=Meeting))


def _one(session: Session, query: Select[Meeting]) -> Meeting:
    found = session.scalar(query)
    if found is None:
        raise NotFound
    return found


def _of(process: Process) -> Select[Meeting]:
    return select(Meeting).options(joinedload(Meeting.process)).where(Meeting.process_id == process.id)


def rules_of(session: Session, process: Process) -> MeetingRules:
    """The rules of a process; the usual ones, not kept anywhere, while nobody has set others."""
    found = session.get(MeetingRules, process.id)
    if found is not None:
        return found
    usual = MeetingRules(process_id=process.id)
    usual.notice_days, usual.objection_days = 7, 7
    return usual


def list_to_come(session: Session, process: Process, *, now: datetime) -> list[Meeting]:
    """What has not ended, cancelled meetings too, the next first."""
    query = _of(process).where(Meeting.ends_at > now).order_by(Meeting.starts_at, Meeting.id)
    return list(session.scalars(query.limit(MOST_TO_COME)))


def list_past(
    session: Session, process: Process, *, now: datetime, after: str | None = None, limit: int = PAGE
) -> MeetingPage:
    query = _of(process).where(Meeting.ends_at <= now)
    if after is not None:
        seen = aliased(Meeting)
        last = select(seen.starts_at, seen.id).where(seen.public_id == after).scalar_subquery()
        query = query.where(tuple_(Meeting.starts_at, Meeting.id) < last)
    query = query.order_by(Meeting.starts_at.desc(), Meeting.id.desc()).limit(limit + 1)
    found = list(session.scalars(query))
    return MeetingPage(found[:limit], found[limit - 1].public_id if len(found) > limit else None)


def list_waiting(session: Session, process: Process, *, now: datetime) -> list[Meeting]:
    """What the staff has still to do something with: ended and not closed, without minutes, with open drafts."""
    states = (MeetingState.ANNOUNCED, MeetingState.HELD, MeetingState.MINUTES_DRAFT)
    query = _of(process).where(Meeting.ends_at <= now, Meeting.status.in_(states), Meeting.source.is_(None))
    return list(session.scalars(query.order_by(Meeting.starts_at, Meeting.id).limit(MOST_TO_COME)))


def list_for_sittings(session: Session, process: Process, *, now: datetime) -> list[Meeting]:
    """Meetings at which a clerk may have written down ideas: begun, not cancelled, newest first."""
    query = _of(process).where(Meeting.starts_at <= now, Meeting.status != MeetingState.CANCELLED)
    return list(session.scalars(query.order_by(Meeting.starts_at.desc(), Meeting.id.desc()).limit(MOST_TO_COME)))


def list_for_calendar(session: Session, process: Process, *, now: datetime) -> list[Meeting]:
    """The last year and all that is to come."""
    query = _of(process).where(Meeting.starts_at > now - FEED_PAST, Meeting.has_hours)
    return list(session.scalars(query.order_by(Meeting.starts_at, Meeting.id).limit(1000)))


def known_sources(session: Session, process: Process) -> set[str]:
    rows = select(Meeting.source).where(Meeting.process_id == process.id, Meeting.source.is_not(None))
    return {source for source in session.scalars(rows) if source is not None}


def decisions_on(session: Session, proposal: Proposal) -> list[tuple[Meeting, Minutes, list[dict[str, Any]]]]:
    """Meetings whose standing minutes decide on a proposal, newest first, with those decisions."""
    about = DecisionLink.proposal_id == proposal.id
    if session.scalar(select(DecisionLink.number).where(about).limit(1)) is None:
        return []
    links = select(DecisionLink).where(about).options(joinedload(DecisionLink.meeting).joinedload(Meeting.process))
    numbers: dict[Meeting, set[int]] = {}
    for link in session.scalars(links):
        numbers.setdefault(link.meeting, set()).add(link.number)
    if not numbers:
        return []
    standing = {each.meeting_id: each for each in session.scalars(_newest([meeting.id for meeting in numbers]))}
    found = []
    for meeting in sorted(numbers, key=lambda each: (each.starts_at, each.id), reverse=True):
        minutes = standing[meeting.id]
        found.append((meeting, minutes, [each for each in minutes.decisions if each["number"] in numbers[meeting]]))
    return found


def _newest(meeting_ids: Sequence[int]) -> Select[Minutes]:
    newer = aliased(Minutes)
    later = select(newer.id).where(newer.meeting_id == Minutes.meeting_id, newer.number > Minutes.number).exists()
    return select(Minutes).where(Minutes.meeting_id.in_(meeting_ids), ~later)


def live_meetings(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    for meeting in session.scalars(select(Meeting).execution_options(yield_per=500)):
        yield meeting.ref, meeting.public_payload()


def live_rules(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    for rules in session.scalars(select(MeetingRules).options(joinedload(MeetingRules.process))):
        yield f"{rules.process.ref}/meetings", rules.public_payload()
