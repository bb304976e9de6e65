"""Many requests that read and then write at the same moment: each gets the connections that it needs."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text

from ucc_participate.audit.events import LogEvent
from ucc_participate.audit.log import record
from ucc_participate.kernel.db import db, perform
from ucc_participate.kernel.identity import system_actor

MANY = 24


def test_writers_who_all_read_first_do_not_wait_for_each_other_for_ever(app, clock):
    together = threading.Barrier(MANY, timeout=20)

    def work(session):
        record(session, LogEvent.KEY_ROTATED, actor=system_actor("test"), subject="log/key", now=clock.now())

    def ask() -> int:
        with app.app_context():
            db.session.execute(text("SELECT 1"))
            together.wait()
            perform(work)
            return 1

    with ThreadPoolExecutor(MANY) as pool:
        asked = [pool.submit(ask) for _ in range(MANY)]
        assert sum(each.result(timeout=25) for each in asked) == MANY
