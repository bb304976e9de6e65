"""How ready a city is, and the desks beside it, at size: `python -m bench.readiness [demo|S|M|tiny] [FOLDER]`.

The pages on which plan and application are made, for a coordinator who is signed in: queries and CPU of a request once
the application is warm, medians of nine; beside it the first request of all. The city is that of bench/_city.py, or the
demonstration city. FOLDER: one that is there already (bench/dossier.py leaves one), or where it is to stay. With
``--slow`` the statements of each page that took longest are printed, and those sent more than twice.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import event, select

from bench._measuring import run
from bench.list_page import asking
from tests.accounts.making import make_account, sign_in
from ucc_participate.app import create_app
from ucc_participate.dossier.models import Dossier
from ucc_participate.kernel.clock import SystemClock
from ucc_participate.kernel.db import db, perform
from ucc_participate.kernel.identity import Role
from ucc_participate.processes.models import Process
from ucc_participate.settings import Settings

ROUNDS = 9
PAGES = {
    "empty page": "/bench/empty",
    "readiness.show": "/staff/processes/{process}/readiness",
    "readiness.checklist": "/staff/processes/{process}/attachments",
    "plan.desk": "/staff/processes/{process}/plan",
    "plan.adopted": "/staff/processes/{process}/plan/adopted",
    "plan.show": "/p/{process}/plan",
    "plan.tables": "/p/{process}/plan/matrices",
    "citing.desk": "/staff/processes/{process}/citations",
    "citing.facts": "/staff/processes/{process}/citations/facts",
    "dossier.desk": "/staff/processes/{process}/application",
    "submission.desk": "/staff/processes/{process}/submission",
    "commitments.desk": "/staff/processes/{process}/promises",
    "commitments.show": "/p/{process}/promises",
}


class Watch:
    """The statements that this thread sends to the database, with their seconds: others do the server's chores."""

    def __init__(self) -> None:
        self._thread = threading.get_ident()
        self.sent: list[tuple[str, float]] = []
        self._began = 0.0

    def begin(self, *_facts: Any) -> None:
        if threading.get_ident() == self._thread:
            self._began = time.perf_counter()

    def end(self, *facts: Any) -> None:
        if threading.get_ident() == self._thread:
            self.sent.append((str(facts[2]), time.perf_counter() - self._began))


def measure(app: Flask, process: str, *, tells_slow: bool) -> None:
    now = SystemClock().now()
    with app.app_context():
        leila = make_account(perform, f"bench{now.timestamp()}@city.example", now=now, roles=(Role.COORDINATOR,))
        engine = db.engine
    session = sign_in(app, leila, now=now).get_cookie("session")
    assert session is not None
    watch = Watch()
    event.listen(engine, "before_cursor_execute", watch.begin)
    event.listen(engine, "after_cursor_execute", watch.end)
    print(f"  {'':<22} {'queries':>8} {'ms CPU':>8} {'at first':>8}")
    for name, address in PAGES.items():
        ask = asking(app, address.format(process=process), f"session={session.value}")
        first = time.process_time()
        try:
            ask()
        except SystemExit as refusal:
            print(f"  {name:<22} {refusal}")
            continue
        first = time.process_time() - first
        times = []
        for _round in range(ROUNDS):
            watch.sent.clear()
            started = time.process_time()
            ask()
            times.append(time.process_time() - started)
        print(f"  {name:<22} {len(watch.sent):>8} {statistics.median(times) * 1000:>8.1f} {first * 1000:>8.1f}")
        if tells_slow:
            tell_slow(watch.sent)


def tell_slow(sent: list[tuple[str, float]]) -> None:
    for statement, seconds in sorted(sent, key=lambda each: -each[1])[:3]:
        if seconds > 0.003:
            print(f"      {seconds * 1000:6.1f} ms  {' '.join(statement.split())[:240]}")
    for statement, times in Counter(each[0] for each in sent).items():
        if times > 2:
            print(f"      {times} times  {' '.join(statement.split())[:160]}")


def main(size: str, folder: Path, *, tells_slow: bool) -> None:
    if not (folder / "ucc_participate.sqlite").exists() and size != "demo":
        run([sys.executable, "-m", "bench._city", folder, size])
    app = create_app(Settings.from_environment({"UCC_INSTANCE_PATH": str(folder)}))
    app.add_url_rule("/bench/empty", "bench_empty", lambda: "empty")
    with app.app_context():
        if size == "demo":
            from ucc_participate.demo.loading import is_loaded, load

            upgrade()
            if not is_loaded():
                load()
        mine = select(Process.public_id).join(Dossier, Dossier.process_id == Process.id).order_by(Dossier.id)
        process = str(db.session.scalars(mine).first())
        db.session.remove()
    print(f"size {size}")
    measure(app, process, tells_slow=tells_slow)
    app.extensions["ucc.door"].close()


if __name__ == "__main__":
    words = [each for each in sys.argv[1:] if each != "--slow"]
    with tempfile.TemporaryDirectory() as root:
        main((words or ["S"])[0], Path(words[1] if words[1:] else Path(root, "city")), tells_slow="--slow" in sys.argv)
