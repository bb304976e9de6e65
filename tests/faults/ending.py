"""``python -m tests.faults.ending VOTE TIMES``: a vote from opening to certification, killed at every statement.

``TIMES``: JSON of the moments of opening, closing and certifying. Each try is a process of its own. Prints one JSON
object a try: the step, the statement before which it died (null when it lived), and what was there before and after.
A step that has committed is not tried again: dying after that, while others are told of it, it must be there whole.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from tests.accounts.making import CITY, acting
from tests.applications import make_app
from tests.faults.breaking import at_every_step
from ucc_participate.accounts.models import Account
from ucc_participate.audit import drift, log, queries, reading
from ucc_participate.kernel.db import db, perform
from ucc_participate.voting import operations
from ucc_participate.voting import queries as voting_queries
from ucc_participate.voting.models import Ballot, BallotLink, RollEntry, Vote

MOST_STEPS = 400
Step = Callable[[Any, Vote], Any]


def steps(times: dict[str, datetime]) -> list[tuple[str, Step]]:
    opens, closes, certifies = times["opens"], times["closes"], times["certifies"]
    facts: dict[str, Any] = {"actor": CITY}
    return [
        ("opening", lambda s, vote: operations.open_vote(s, vote, now=opens, **facts)),
        ("batching", lambda s, vote: operations.batch_ballots(s, vote, now=opens, least=3, **facts)),
        ("closing", lambda s, vote: operations.close_vote(s, vote, now=closes, **facts)),
        ("drawing", lambda s, vote: operations.draw_lot(s, vote, now=closes, public_value="7 14 21", **facts)),
        ("certifying", lambda s, vote: operations.certify_vote(s, vote, now=certifies, by="Mina Rahimi", **facts)),
    ]


def one_try(app: Flask, vote_id: str, step: Step, fatal: int) -> str | None:
    """The statement before which a child died, or None when it did its work."""
    heard, said = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            _do_and_die(app, vote_id, step, fatal, said)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(said)
    with os.fdopen(heard, "rb") as told:
        statement = told.read().decode()
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return statement
    if status != 0:
        raise SystemExit("the child failed by itself")
    return None


def _do_and_die(app: Flask, vote_id: str, step: Step, fatal: int, said: int) -> None:
    def die(number: int, statement: str) -> None:
        if number == fatal:
            os.write(said, statement.encode())
            os.kill(os.getpid(), signal.SIGKILL)

    with app.app_context(), at_every_step(app.extensions["ucc.door"].engine, die):
        perform(lambda session: step(session, voting_queries.vote_to_change(session, vote_id)))


def state(app: Flask, vote_id: str, *, is_checked: bool) -> dict[str, Any]:
    """What log and tables hold; with ``is_checked`` also what is wrong between them."""
    with app.app_context():
        log.sequence(db.engine)
        vote = voting_queries.get_vote(db.session(), vote_id)
        size, faults = reading.head(db.session.connection()).size, []
        if is_checked:
            faults += queries.verify_log(db.session.connection())[1] + drift.check(db.session())
        counts = {
            model.__name__: db.session.scalar(select(func.count()).select_from(model))
            for model in (RollEntry, Ballot, BallotLink)
        }
        batched = db.session.scalar(select(func.count()).where(Ballot.is_batched))
        found = {
            "entries": size,
            "faults": faults,
            "status": vote.status.value,
            "batched": batched,
            **counts,
            "result": vote.result,
            "lot": vote.lot_draw,
            "certified": vote.certified_at is not None,
        }
        db.session.remove()
        db.engine.dispose()
    return found


def in_a_child(work: Callable[[], None]) -> None:
    """A writer's thread that began here would not live in those who die after it."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    if os.waitpid(child, 0)[1] != 0:
        raise SystemExit("nobody could vote")


def cast_all(app: Flask, vote_id: str, now: datetime) -> None:
    """Everybody on the roll votes, the first one twice."""
    with app.app_context():
        vote = voting_queries.get_vote(db.session(), vote_id)
        voters = list(db.session.scalars(select(RollEntry.account_id).where(RollEntry.vote_id == vote.id)))
        db.session.rollback()
        for number, account_id in enumerate([*voters, voters[0]]):
            actor = acting(db.session.get_one(Account, account_id))
            db.session.rollback()
            facts = {"actor": actor, "now": now, "choices": ["abc"[number % 3]], "idempotency_key": f"{number:022d}"}

            def work(session: Any, facts: dict[str, Any] = facts) -> Any:
                return operations.cast_ballot(session, voting_queries.vote_to_cast_in(session, vote_id), **facts)

            perform(work)
        db.session.remove()
        db.engine.dispose()


def main(vote_id: str, times: dict[str, datetime]) -> None:
    app = make_app(os.environ)
    for name, step in steps(times):
        before = state(app, vote_id, is_checked=True)
        for fatal in range(1, MOST_STEPS):
            statement = one_try(app, vote_id, step, fatal)
            after = state(app, vote_id, is_checked=False)
            is_done = after != before
            if is_done:
                after = state(app, vote_id, is_checked=True)
            sys.stdout.write(json.dumps({"step": name, "died_at": statement, "before": before, "after": after}) + "\n")
            sys.stdout.flush()  # a child must not say it again
            if is_done or statement is None:
                break
        if name == "opening":
            in_a_child(lambda: cast_all(app, vote_id, times["opens"]))


if __name__ == "__main__":
    main(sys.argv[1], {name: datetime.fromisoformat(moment) for name, moment in json.loads(sys.argv[2]).items()})
