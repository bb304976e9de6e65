"""The demonstration city, made once for all tests that only look at it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from tests.applications import close_app, make_app
from tests.demo.walking import signed_in, walk
from ucc_participate.kernel.clock import FrozenClock

TODAY = datetime(2026, 11, 27, 8, 0, tzinfo=timezone.utc)


@pytest.fixture(scope="session")
def city_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("city")


@pytest.fixture(scope="session")
def city(databases: Any, city_folder: Path) -> Iterator[Flask]:
    """An application with the demonstration city as of TODAY. Change nothing in it."""
    address = databases.migrated()
    environment = {
        "UCC_DATABASE_URL": address,
        "UCC_INSTANCE_PATH": str(city_folder / "instance"),
        "UCC_SECRET_KEY": "a secret that only tests know, long enough",
        "UCC_RATE_LIMITS": "no",
        "UCC_DEMONSTRATION": "yes",
        "UCC_SHOW_MAILS": "yes",
    }
    application = make_app(environment, FrozenClock(TODAY))
    application.config["WTF_CSRF_ENABLED"] = False
    made = application.test_cli_runner().invoke(args=["demo", "load"])
    assert made.exit_code == 0, made.output
    assert made.output.splitlines()[-1] == "demo loaded"
    yield application
    close_app(application)
    databases.drop(address)


@pytest.fixture(scope="session")
def pages_of(city: Flask) -> Callable[[str | None], dict[str, int]]:
    """``pages_of("coordinator")``: what links lead them to, path → status; gone through once."""
    return cache(lambda who: dict(walk(signed_in(city, who))))


@pytest.fixture(scope="session")
def city_address(city: Flask) -> Iterator[str]:
    """The city on a port of this machine."""
    server: Any = make_server("127.0.0.1", 0, city, threaded=True)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="city-server")
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
