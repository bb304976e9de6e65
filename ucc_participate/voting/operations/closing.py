"""The end of a vote: ballots committed to, closed, the lot drawn, counted, certified.

Each operation is whole or nothing, and what comes next follows from the state alone: a server that dies at any
statement finds the same work again when it starts. Nothing of a result is stored before it is published.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from ...audit import canonical
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.identity import Actor
from .. import counting, policies, queries
from ..dropping import drop_drafts, publish_statements
from ..events import BallotsEvent, VoteEvent
from ..models import Ballot, BallotLink, Franchise, RollEntry, Vote, VoteState
from ..recording import record_in, record_state
from ..rules import lots
from .agreeing import drop_waiting

BATCH_LEAST = 10
BATCH_MOST = 2_000
LONGEST_VALUE = 500
_randomly = random.SystemRandom()


def batch_ballots(session: Session, vote: Vote, *, actor: Actor, now: datetime, least: int = BATCH_LEAST) -> int:
    """Commit to ballots that wait, sorted (their order says nothing), once enough wait to hide in; how many.

    ``least`` ballots, drawn by lot, wait on: whoever votes last before the closing hides among them. Replaced ballots
    hide nobody and are not counted as waiting.
    """
    standing = queries.pending_commitments(session, vote, is_superseded=False)
    if len(standing) < 2 * least:
        return 0
    held_back = _randomly.sample(standing, least)
    waiting = sorted(set(queries.pending_commitments(session, vote)) - set(held_back))
    _commit_to(session, vote, waiting, actor=actor, now=now)
    return len(waiting)


def batch_at_the_end(session: Session, vote: Vote, *, actor: Actor, now: datetime) -> int:
    """Once its time is over: commit to one more entry's worth of the ballots that wait; how many.

    So that the closing of a large vote is many short units of work. While more wait than one entry holds nobody stands
    alone in it; the last of them, with those held back, wait for the closing itself.
    """
    require(policies.can_close(actor, vote, now=now))
    waiting = queries.pending_commitments(session, vote, limit=2 * BATCH_MOST)
    if len(waiting) < 2 * BATCH_MOST:
        return 0
    _commit_to(session, vote, waiting[:BATCH_MOST], actor=actor, now=now)
    return BATCH_MOST


def _commit_to(session: Session, vote: Vote, waiting: Sequence[str], *, actor: Actor, now: datetime) -> None:
    """Log the commitments, which are sorted, and mark their ballots."""
    for start in range(0, len(waiting), BATCH_MOST):
        part = waiting[start : start + BATCH_MOST]
        record_in(session, BallotsEvent.BATCHED, vote, actor=actor, now=now, payload={"commitments": list(part)})
        marked = update(Ballot).where(Ballot.vote_id == vote.id, Ballot.commitment.in_(part), ~Ballot.is_batched)
        session.execute(marked.values(is_batched=True).execution_options(synchronize_session=False))


def close_vote(session: Session, vote: Vote, *, actor: Actor, now: datetime) -> None:
    """Close, destroy what joins voters and ballots, and count, unless something is awaited first.

    ``vote`` is locked, with options and process.
    """
    require(policies.can_close(actor, vote, now=now))
    drop_drafts(session, vote)
    if vote.franchise is Franchise.INDIVIDUAL:
        _commit_to(session, vote, queries.pending_commitments(session, vote), actor=actor, now=now)
        _list_superseded(session, vote, actor=actor, now=now)
        _unlink(session, vote, actor=actor, now=now)
    else:
        drop_waiting(session, vote, actor=actor, now=now)
        publish_statements(session, vote)
    vote.move_to(VoteState.CLOSED)
    record_state(session, VoteEvent.CLOSED, vote, vote.process, actor=actor, now=now)
    if not vote.must_wait():
        publish_tally(session, vote, actor=actor, now=now)


def _list_superseded(session: Session, vote: Vote, *, actor: Actor, now: datetime) -> None:
    replaced = queries.superseded_commitments(session, vote)
    for start in range(0, len(replaced), BATCH_MOST):
        part = {"commitments": replaced[start : start + BATCH_MOST]}
        record_in(session, BallotsEvent.SUPERSEDED, vote, actor=actor, now=now, payload=part)


def _unlink(session: Session, vote: Vote, *, actor: Actor, now: datetime) -> None:
    """Destroy the links, and write the ballots anew in the order of their keys: nothing tells who was first.

    SQLite keeps the table in that order by itself; elsewhere the database does it alone, without sending us a row.
    """
    mine = select(RollEntry.id).where(RollEntry.vote_id == vote.id)
    links = session.execute(delete(BallotLink).where(BallotLink.roll_entry_id.in_(mine)))
    session.flush()
    if session.get_bind().dialect.name != "sqlite":
        of_vote = {"vote": vote.id}
        again = "CREATE TEMPORARY TABLE ballot_again ON COMMIT DROP AS SELECT * FROM ballot WHERE vote_id = :vote"
        session.execute(text(again), of_vote)
        session.execute(text("DELETE FROM ballot WHERE vote_id = :vote"), of_vote)
        session.execute(text("INSERT INTO ballot SELECT * FROM ballot_again ORDER BY key"))
        session.execute(text("DROP TABLE ballot_again"))
        session.expire_all()
    count = {"count": int(getattr(links, "rowcount", 0))}
    record_in(session, BallotsEvent.UNLINKED, vote, actor=actor, now=now, payload=count)


def draw_lot(session: Session, vote: Vote, *, actor: Actor, now: datetime, public_value: str) -> None:
    """Draw with the public value that the rules named, tell everything that the draw needs, and count.

    Nobody can enter it twice. Raises Invalid for an empty or too long value.
    """
    require(policies.can_draw_lot(actor, vote, now=now))
    value = public_value.strip()
    if not value or len(value) > LONGEST_VALUE:
        raise Invalid(_l("Enter the value as it was made public."), field="public_value")
    _draw(session, vote, value, actor=actor, now=now)
    if not vote.must_wait():
        publish_tally(session, vote, actor=actor, now=now)


def _draw(session: Session, vote: Vote, public_value: str, *, actor: Actor, now: datetime) -> None:
    """Set the order of the lot; from here on the secret is public."""
    secret = queries.lot_secret(session, vote)
    snapshot = _snapshot_of(session, vote)
    seed = lots.seed(secret=secret, public_value=public_value, snapshot=snapshot, vote_ref=vote.ref)
    vote.lot_draw = {
        "secret": secret.hex(),
        "public_value": public_value,
        "snapshot": snapshot,
        "seed": seed,
        "order": list(lots.draw(seed, [option.code for option in vote.options])),
    }
    vote.lot_drawn_at = now
    record_in(session, VoteEvent.LOT_DRAWN, vote, actor=actor, now=now, payload=vote.lot_draw, schema="ucc.lot_draw/1")


def _snapshot_of(session: Session, vote: Vote) -> str:
    """SHA-256 of all ballots that stand, as docs/record-format.md §5 (ties) says: fixed by the closing."""
    digest = sha256()
    if vote.franchise is Franchise.INDIVIDUAL:
        for commitment in queries.standing_commitments(session, vote):
            digest.update(f"{commitment}\n".encode())
        return digest.hexdigest()
    for ballot in queries.ballots_on_record(session, vote):
        digest.update(canonical.dumps(ballot) + b"\n")
    return digest.hexdigest()


def tally_vote(session: Session, vote: Vote, *, actor: Actor, now: datetime) -> None:
    """Count a closed vote once nothing is awaited any more."""
    require(policies.can_tally(actor, vote, now=now))
    publish_tally(session, vote, actor=actor, now=now)


def publish_tally(session: Session, vote: Vote, *, actor: Actor, now: datetime) -> None:
    """Count the closed vote, put the result into the log and on the vote. No operation: part of closing and import."""
    session.flush()
    if vote.needs_lot:
        _draw(session, vote, "", actor=actor, now=now)
    ballots = counting.ballots_of(session, vote)
    roll = queries.last_slot(session, vote) or vote.roll_size or 0
    vote.result = counting.result_of(vote, ballots, roll=roll)
    vote.tallied_at = now
    record_in(
        session, VoteEvent.TALLIED, vote, actor=actor, now=now, payload={"result": vote.result}, schema="ucc.tally/1"
    )


def certify_vote(session: Session, vote: Vote, *, actor: Actor, now: datetime, by: str) -> None:
    """Say that the count was looked over and holds. ``by``: name and function, public. Nothing can follow it."""
    require(policies.can_certify(actor, vote, now=now))
    vote.certified_at, vote.certified_by = now, by
    record_in(
        session,
        VoteEvent.CERTIFIED,
        vote,
        actor=actor,
        now=now,
        payload=vote.certification(),
        schema="ucc.certification/1",
    )
