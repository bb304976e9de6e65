"""What every test may ask for: an application on a database of its own, a frozen clock, the one door.

No application context is pushed around a test: requests would share it. ``perform`` and ``read`` open their own.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings

from tests.applications import close_app, make_app
from ucc_participate.kernel.clock import FrozenClock

pytest_plugins = ["tests.databases", "tests.browser"]

ROOT = Path(__file__).parent.parent
# A busy machine is no failure; what is found in continuous integration must be found there again.
settings.register_profile("house", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("house")


def pytest_collection_finish() -> None:
    """What is imported by now stays: the collector need not look through it again and again while tests run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


START = datetime(2026, 3, 21, 8, 0, tzinfo=timezone.utc)

Run = Callable[[Callable[[Any], Any]], Any]


@pytest.fixture
def clock() -> FrozenClock:
    """The application's clock, standing at the first day of 1405; ``clock.advance(days=3)`` moves it."""
    return FrozenClock(START)


@pytest.fixture
def environment(request: pytest.FixtureRequest, db_url: str, tmp_path: Path) -> dict[str, str]:
    """The variables from which the application's settings are read; ``@pytest.mark.settings(UCC_X="…")`` adds some."""
    variables = {
        "UCC_DATABASE_URL": db_url,
        "UCC_INSTANCE_PATH": str(tmp_path / "instance"),
        "UCC_SECRET_KEY": "a secret that only tests know, long enough",
        "UCC_DEFAULT_LOCALE": "en",
        "UCC_RATE_LIMITS": "no",
    }
    if "live_server" in request.fixturenames:
        variables["UCC_PUBLIC_URL"] = request.getfixturevalue("live_address")
    for marker in reversed(list(request.node.iter_markers("settings"))):
        variables.update(marker.kwargs)
    return variables


@pytest.fixture
def app(request: pytest.FixtureRequest, environment: dict[str, str], clock: FrozenClock) -> Iterator[Flask]:
    """The application under test. Forms need their CSRF token in a browser and under ``@pytest.mark.csrf`` only."""
    application = make_app(environment, clock)
    in_browser = "live_server" in request.fixturenames
    application.config["WTF_CSRF_ENABLED"] = in_browser or request.node.get_closest_marker("csrf") is not None
    # Machines fill in forms faster than people: a test of what is too quick turns the check on by itself.
    application.config["UCC_HUMAN_CHECK"] = False
    yield application
    close_app(application)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def perform(app: Flask) -> Run:
    """``perform(work)`` runs ``work(session)`` through the one door."""
    from ucc_participate.kernel.db import perform as through_the_door

    def run(work: Callable[[Any], Any]) -> Any:
        with app.app_context():
            return through_the_door(work)

    return run


@pytest.fixture
def read(app: Flask) -> Run:
    """``read(query)`` runs ``query(session)`` on the read-only session and returns what it returned."""
    from ucc_participate.kernel.db import db

    def run(query: Callable[[Any], Any]) -> Any:
        with app.app_context():
            return query(db.session)

    return run


@pytest.fixture
def count_queries(app: Flask) -> Callable[[Callable[[], Any]], int]:
    """``count_queries(work)`` runs ``work()`` and answers how many statements reached the database meanwhile."""
    from sqlalchemy import event

    from ucc_participate.kernel.db import db

    def count(work: Callable[[], Any]) -> int:
        statements: list[str] = []

        def note(*facts: Any) -> None:
            statements.append(facts[2])

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            work()
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(statements)

    return count


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared data folder beside the project (``UCC_SHARED`` when it lies elsewhere): vectors and real votes."""
    folder = Path(os.environ.get("UCC_SHARED", ROOT.parent / "shared"))
    if not (folder / "vectors").is_dir():
        pytest.fail(f"The shared data folder is missing: {folder}. Set UCC_SHARED to where it lies.")
    return folder
