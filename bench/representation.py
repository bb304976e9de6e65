"""Who takes part, at size: `python -m bench.representation [participants …]` (100,000 and 1,000,000 unless given).

One SQLite database for each size. Printed: CPU seconds and queries of the public page, of the desk (which counts anew)
and of the daily publication, medians of five. The public page reads the last publication; goal: under 0.5 s.
"""

from __future__ import annotations

import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import event, text

from tests.accounts.making import CITY, make_account, sign_in
from tests.processes.making import make_process
from tests.representation.making import census, make_population
from ucc_participate.app import create_app
from ucc_participate.kernel.clock import FrozenClock, SystemClock
from ucc_participate.kernel.db import db, perform
from ucc_participate.kernel.identity import Role
from ucc_participate.processes.models import Process, ProcessState
from ucc_participate.representation.publishing import publish
from ucc_participate.settings import Settings

SIZES = (100_000, 1_000_000)
ROUNDS = 5
DISTRICTS = tuple(f"District {number}" for number in range(1, 23))
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :people)"
ROWS = (
    f"""{NUMBERS} INSERT INTO account (id, public_id, email, display_name, locale, session_version, is_active,
        created_at, version) SELECT 1000 + i, 'b' || i, i || '@bench.invalid', '—', 'fa', 1, 1, :now, 1 FROM n""",
    f"""{NUMBERS} INSERT INTO profile (account_id, sex, birth_band, district) SELECT 1000 + i,
        CASE i % 9 WHEN 0 THEN NULL WHEN 1 THEN 'other' ELSE CASE i % 2 WHEN 0 THEN 'female' ELSE 'male' END END,
        CASE i % 11 WHEN 0 THEN NULL ELSE 1940 + i % 15 * 5 END, 'District ' || (1 + i % 22) FROM n""",
    f"""{NUMBERS} INSERT INTO participation (process_id, account_id, joined_at, way_in) SELECT :process, 1000 + i, :now,
        CASE i % 6 WHEN 0 THEN 'paper' WHEN 1 THEN 'workshop' ELSE 'internet' END FROM n""",
)


def make(folder: Path, people: int) -> tuple[Flask, Process]:
    clock = FrozenClock(SystemClock().now())
    settings = Settings.from_environment(
        {
            "UCC_INSTANCE_PATH": str(folder),
            "UCC_DEFAULT_LOCALE": "en",
            "UCC_RATE_LIMITS": "no",
            "UCC_VISITOR_CACHE_SECONDS": "0",
            "UCC_JOBS_IN_SERVER": "no",
        }
    )
    app = create_app(settings, testing=True, at=clock)

    def run(work: Callable[[Any], Any]) -> Any:
        with app.app_context():
            return perform(work)

    with app.app_context():
        upgrade()
    make_population(run, clock.now(), census(DISTRICTS, each=max(100, people // 100)))
    process = make_process(run, clock.now(), ProcessState.OPEN)
    with app.app_context(), db.engine.begin() as connection:
        for rows in ROWS:
            connection.execute(
                text(rows), {"people": people, "process": process.id, "now": "2026-03-21 08:00:00.000000"}
            )
    return app, process


def measure(app: Flask, work: Callable[[], Any], rounds: int = ROUNDS) -> tuple[float, int]:
    """Median CPU seconds and the queries of one round."""
    asked: list[str] = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *facts: asked.append(facts[2]))
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times), len(asked) // rounds


def report(people: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        app, process = make(Path(folder), people)
        clock = app.extensions["ucc.clock"]

        def run(work: Callable[[Any], Any]) -> Any:
            with app.app_context():
                return perform(work)

        def publish_now() -> None:
            with app.app_context():
                publish(process.public_id, actor=CITY, now=clock.now())
            clock.advance(days=1)

        publishing = measure(app, publish_now, 1)
        reader = app.test_client()
        staff = sign_in(app, make_account(run, now=clock.now(), roles=(Role.COORDINATOR,)), now=clock.now())
        pages = {
            "public page": lambda: reader.get(f"/p/{process.public_id}/presence"),
            "home page": lambda: reader.get("/"),
            "desk (counts anew)": lambda: staff.get(f"/staff/processes/{process.public_id}/presence"),
        }
        print(f"\n{people:,} participants, {len(DISTRICTS)} districts")
        print(f"  {'publication':<20} {publishing[0]:7.3f} s CPU {publishing[1]:4d} queries")
        for name, ask in pages.items():
            assert ask().status_code == 200
            seconds, queries = measure(app, ask)
            print(f"  {name:<20} {seconds:7.3f} s CPU {queries:4d} queries")
        print(f"  peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    for size in [int(number) for number in sys.argv[1:]] or SIZES:
        report(size)
