"""What the clock does to opinion maps: counts answers, finds what is shown while a map is open, closes it in time."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from ..kernel import clock
from ..kernel.db import WriteSession, db, perform
from ..kernel.errors import Conflict
from ..kernel.identity import system_actor
from . import operations, queries
from .finding import Found, find
from .floors import FLOOR
from .models import OpinionMap

ACTOR = system_actor("opinions")


def tick() -> None:
    """Everything that is due; nothing happens twice."""
    close_due()
    recount()
    analyse_open()


def close_due() -> None:
    """Close the maps whose time is over. Where somebody was erased meanwhile the next run does it."""
    for map_id in queries.due_to_close(db.session(), clock.now()):
        close_one(map_id, clock.now())


def close_one(map_id: int, now: datetime) -> None:
    found = find(db.session(), _loaded(map_id))
    try:
        perform(partial(_close, map_id, found, now))
    except Conflict:
        return


def _loaded(map_id: int) -> OpinionMap:
    found: OpinionMap = db.session.get_one(OpinionMap, map_id)
    return found


def _close(map_id: int, found: Found, now: datetime, session: WriteSession) -> None:
    opinion_map = queries.map_by_id(session, map_id)
    operations.close_map(session, opinion_map, found.result, actor=ACTOR, now=now, mark=found.mark)


def recount() -> None:
    """Count anew how often each statement was answered, where that has changed."""
    for map_id in queries.running(db.session()):
        if queries.counts_are_old(db.session(), _loaded(map_id)):
            perform(partial(_recount, map_id, clock.now()))


def _recount(map_id: int, now: datetime, session: WriteSession) -> None:
    operations.recount_answers(session, queries.map_by_id(session, map_id), actor=ACTOR, now=now)


def analyse_open() -> None:
    """Find anew what is shown of open maps, once at least FLOOR people have answered since the last time."""
    for opinion_map in queries.shown_while_open(db.session(), clock.now()):
        kept, taken_at = queries.analysis_of(db.session(), opinion_map), clock.now()
        changed = queries.count_changed(db.session(), opinion_map, kept.waiting_at if kept else None)
        if changed >= FLOOR:
            found = find(db.session(), opinion_map)
            perform(partial(_keep, opinion_map.id, found, clock.now(), taken_at))


def _keep(map_id: int, found: Found, now: datetime, taken_at: datetime, session: WriteSession) -> None:
    opinion_map = queries.map_by_id(session, map_id)
    operations.analyse_map(session, opinion_map, found.result, actor=ACTOR, now=now, taken_at=taken_at)
