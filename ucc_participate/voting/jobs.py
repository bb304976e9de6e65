"""What the clock does to votes. Each job does nothing when nothing is due."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from ..kernel import clock
from ..kernel.db import WriteSession, db, perform
from ..kernel.identity import system_actor
from . import operations, policies, queries
from .analysing import EDITION
from .finding import find
from .models import VoteState

ACTOR = system_actor("voting")


def open_and_close() -> None:
    """Open the votes whose time has come, close those whose time is over, count what was closed and not counted.

    Every step is a unit of work of its own and begins where the last one ended, whatever happened to the server.
    """
    now = clock.now()
    opening, closing = queries.due_to_open(db.session(), now), queries.due_to_close(db.session(), now)
    for public_id in opening:
        perform(partial(_open, public_id, now))
    for public_id in closing:
        while perform(partial(_batch_at_the_end, public_id, now)):
            pass
        perform(partial(_close, public_id, now))
    for public_id in queries.due_to_tally(db.session()):
        perform(partial(_tally, public_id, now))


def _open(public_id: str, now: datetime, session: WriteSession) -> None:
    vote = queries.vote_to_change(session, public_id)
    if policies.can_open(ACTOR, vote, now=now) and queries.has_voters(session, vote, now=now):
        operations.open_vote(session, vote, actor=ACTOR, now=now)


def _close(public_id: str, now: datetime, session: WriteSession) -> None:
    vote = queries.vote_to_change(session, public_id)
    if policies.can_close(ACTOR, vote, now=now):
        operations.close_vote(session, vote, actor=ACTOR, now=now)


def _batch_at_the_end(public_id: str, now: datetime, session: WriteSession) -> int:
    vote = queries.vote_to_change(session, public_id)
    if not policies.can_close(ACTOR, vote, now=now):
        return 0
    return operations.batch_at_the_end(session, vote, actor=ACTOR, now=now)


def _tally(public_id: str, now: datetime, session: WriteSession) -> None:
    vote = queries.vote_to_change(session, public_id)
    if policies.can_tally(ACTOR, vote, now=now):
        operations.tally_vote(session, vote, actor=ACTOR, now=now)


def batch_waiting() -> None:
    """Commit to ballots of open votes once enough of them wait to hide in."""
    now = clock.now()
    for public_id in queries.with_pending_ballots(db.session(), 2 * operations.BATCH_LEAST):
        perform(partial(_batch, public_id, now))


def _batch(public_id: str, now: datetime, session: WriteSession) -> None:
    vote = queries.vote_to_change(session, public_id)
    if vote.status is VoteState.OPEN:
        operations.batch_ballots(session, vote, actor=ACTOR, now=now)


def analyse_counted() -> None:
    """Explain the results of counted votes that have no analysis yet, outside of any transaction that writes."""
    for public_id in queries.to_analyse(db.session(), EDITION):
        found = find(db.session(), queries.get_vote(db.session(), public_id))
        perform(partial(_keep, public_id, found, clock.now()))


def _keep(public_id: str, found: dict[str, Any], now: datetime, session: WriteSession) -> None:
    operations.keep_analysis(session, queries.get_vote(session, public_id), found, actor=ACTOR, now=now)
