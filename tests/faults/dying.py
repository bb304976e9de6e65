"""``python -m tests.faults.dying VOTE ACCOUNT TIME``: one ballot, killed at every statement in turn.

Each try is a process of its own, so that nothing but the database survives it. Prints one JSON object for each: the
step before which it died (null when it lived), and how many entries and ballots there were before and after. The
settings come from the environment.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from tests.accounts.making import acting
from tests.applications import make_app
from tests.faults.breaking import at_every_step
from ucc_participate.accounts.models import Account
from ucc_participate.audit import drift, log, queries
from ucc_participate.kernel.db import db, perform
from ucc_participate.voting import operations
from ucc_participate.voting import queries as voting_queries
from ucc_participate.voting.models import Ballot

MOST_STEPS = 200
KEY = "k" * 22


def cast_and_die(app: Flask, vote_id: str, account_id: int, now: datetime, fatal: int, said: int) -> None:
    """In the child: tell the step, then die before it."""

    def die(number: int, statement: str) -> None:
        if number == fatal:
            os.write(said, statement.encode())
            os.kill(os.getpid(), signal.SIGKILL)

    with app.app_context():
        actor = acting(db.session.get_one(Account, account_id))
        db.session.rollback()

        def work(session: Any) -> None:
            vote = voting_queries.vote_to_cast_in(session, vote_id)
            operations.cast_ballot(session, vote, actor=actor, now=now, choices=["a"], idempotency_key=KEY)

        with at_every_step(app.extensions["ucc.door"].engine, die):
            perform(work)
    os.write(said, b"")


def one_try(app: Flask, vote_id: str, account_id: int, now: datetime, fatal: int) -> str | None:
    """The statement before which a child died, or None when it cast its ballot."""
    heard, said = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            cast_and_die(app, vote_id, account_id, now, fatal, said)
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


def state(app: Flask) -> dict[str, Any]:
    """What the database holds. Every connection is given back: nothing open crosses a fork."""
    with app.app_context():
        log.sequence(db.engine)
        size, faults = queries.verify_log(db.session.connection())
        ballots = db.session.scalar(select(func.count()).select_from(Ballot))
        faults += drift.check(db.session())
        db.session.remove()
        db.engine.dispose()
    return {"entries": size, "ballots": ballots, "faults": faults}


def main(vote_id: str, account_id: int, now: datetime) -> None:
    app = make_app(os.environ)
    before = state(app)
    for fatal in range(1, MOST_STEPS):
        statement = one_try(app, vote_id, account_id, now, fatal)
        after = state(app)
        sys.stdout.write(json.dumps({"died_at": statement, "before": before, "after": after}) + "\n")
        sys.stdout.flush()  # a child must not say it again
        if statement is None:
            return
        before = after
    raise SystemExit("this never ends")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), datetime.fromisoformat(sys.argv[3]))
