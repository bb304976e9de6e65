"""What was done to reach people: lists, one with its corrections, totals as they were stated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from ...kernel.errors import NotFound
from ...processes.models import Process
from ..entry import NewActivity
from ..models import Activity, ActivityKind, Counted

PAGE = 30


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    kind: ActivityKind | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class ActivityPage:
    """Newest day first. ``after`` continues it: the public id of its last activity, or None at the end."""

    activities: list[Activity]
    after: str | None


@dataclass(frozen=True, slots=True)
class Reached:
    """How many people activities of a kind for a group reached, as the city stated it; nobody checked it.

    One person may be among several numbers. ``unknown``: activities for which no number was given.
    """

    kind: ActivityKind
    group: str
    activities: int
    counted: int
    estimated: int
    unknown: int

    @property
    def people(self) -> int:
        return self.counted + self.estimated


def _standing(process: Process) -> Any:
    return and_(Activity.process_id == process.id, Activity.is_current)


def list_activities(
    session: Session, process: Process, wanted: ActivityFilter, *, after: str | None = None, limit: int = PAGE
) -> ActivityPage:
    """What took place, with corrections put in, and what was taken back."""
    query = select(Activity).where(_standing(process))
    if wanted.kind is not None:
        query = query.where(Activity.kind == wanted.kind)
    if wanted.group is not None:
        query = query.where(Activity.group == wanted.group)
    if after is not None:
        seen = aliased(Activity)
        of_it = and_(seen.public_id == after, seen.is_current)
        day = select(seen.held_on).where(of_it).scalar_subquery()
        place = select(seen.id).where(of_it).scalar_subquery()
        query = query.where(or_(Activity.held_on < day, and_(Activity.held_on == day, Activity.id < place)))
    found = list(session.scalars(query.order_by(Activity.held_on.desc(), Activity.id.desc()).limit(limit + 1)))
    more = len(found) > limit
    return ActivityPage(found[:limit], found[limit - 1].public_id if more else None)


def get_activity(session: Session, process: Process, public_id: str) -> Activity:
    """As it stands now. Raises NotFound."""
    found = session.scalar(select(Activity).where(_standing(process), Activity.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def activity_to_change(session: Session, process: Process, public_id: str) -> Activity:
    """As get_activity, locked until the unit of work ends."""
    query = select(Activity).where(_standing(process), Activity.public_id == public_id).with_for_update()
    found = session.scalar(query)
    if found is None:
        raise NotFound
    return found


def history_of(session: Session, activity: Activity) -> list[Activity]:
    """As it was noted and corrected, newest first."""
    query = select(Activity).where(Activity.public_id == activity.public_id)
    return list(session.scalars(query.order_by(Activity.number.desc())))


def known_activities(session: Session, process: Process) -> set[tuple[ActivityKind, date, str, str]]:
    """Kind, day, place and what was done of everything that is noted, to find doubles in a table that is brought."""
    columns = (Activity.kind, Activity.held_on, Activity.place, Activity.done)
    return {(row[0], row[1], row[2], row[3]) for row in session.execute(select(*columns).where(_standing(process)))}


def new_among(session: Session, process: Process, many: Sequence[NewActivity]) -> list[bool]:
    """For each whether it stands nowhere yet: neither in the log nor further up among them."""
    known, found = known_activities(session, process), []
    for new in many:
        key = (new.kind, new.held_on, new.place, new.done)
        found.append(key not in known)
        known.add(key)
    return found


def reached(session: Session, process: Process) -> list[Reached]:
    """People reached by kind of activity and group (``all``, ``sector:…``, ``women``, ``youth``, ``other``), as stated.

    What did not take place is left out. One query.
    """
    numbers = [func.coalesce(func.sum(Activity.reached).filter(Activity.counted == how), 0) for how in Counted]
    without = func.count().filter(Activity.reached.is_(None))
    query = select(Activity.kind, Activity.group, func.count(), *numbers, without)
    query = query.where(_standing(process), ~Activity.is_void).group_by(Activity.kind, Activity.group)
    rows = session.execute(query.order_by(Activity.kind, Activity.group)).all()
    return [Reached(row[0], row[1], row[2], int(row[3] or 0), int(row[4] or 0), row[5] or 0) for row in rows]


def live_activities(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every activity with its public state, for the drift check."""
    query = select(Activity).where(Activity.is_current).options(joinedload(Activity.process))
    for activity in session.scalars(query):
        yield activity.ref(activity.process), activity.public_payload()
