"""Work that is due by the clock: sending mail, signing checkpoints, closing votes. Run by `flask worker` or a thread.

A job is a function without arguments, run in an application context; it must do nothing when nothing is due, so that
running it twice, late, or on two machines is harmless.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask

TICK_SECONDS = 0.1


@dataclass(slots=True)
class Job:
    name: str
    every_seconds: float
    run: Callable[[], object]
    due_at: float = 0.0


class Jobs:
    """The jobs of one application."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._jobs: list[Job] = []
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def add(self, name: str, run: Callable[[], object], *, every_seconds: float) -> None:
        self._jobs.append(Job(name, every_seconds, run))

    @property
    def names(self) -> list[str]:
        return [job.name for job in self._jobs]

    def run_all(self) -> None:
        """Run every job once, whether due or not; the first failure is raised. For tests and the command line."""
        for job in self._jobs:
            with self._app.app_context():
                job.run()

    def run_due(self) -> None:
        """Run what is due by the machine's own clock; a failing job is logged and tried again when next due."""
        for job in self._jobs:
            if time.monotonic() >= job.due_at:
                job.due_at = time.monotonic() + job.every_seconds
                self._run_one(job)

    def _run_one(self, job: Job) -> None:
        with self._app.app_context():
            try:
                job.run()
            except Exception:
                self._app.logger.exception("the job %s failed", job.name)

    def run_forever(self) -> None:
        while True:
            self.run_due()
            time.sleep(TICK_SECONDS)

    def start_thread(self) -> None:
        """Run the jobs beside the requests of this process (a small server needs no second process)."""
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self.run_forever, name="ucc-jobs", daemon=True)
                self._thread.start()


def init_app(app: Flask, *, in_server: bool) -> None:
    """``in_server``: run the jobs in a thread of each server process, from its first request on."""
    jobs = Jobs(app)
    app.extensions["ucc.jobs"] = jobs
    if in_server:
        app.before_request(jobs.start_thread)
