"""The demonstration city, made once for all tests that only look at it."""

from __future__ import annotations

import fcntl
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import make_url
from werkzeug.serving import make_server

from tests.applications import close_app, make_app
from tests.demo.walking import signed_in, walk
from ucc_participate.kernel.clock import FrozenClock

TODAY = datetime(2026, 11, 27, 8, 0, tzinfo=timezone.utc)


@pytest.fixture(scope="session")
def city_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("city")


@pytest.fixture(scope="session")
def city(databases: Any, city_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application with the demonstration city as of TODAY. Change nothing in it."""
    address, instance = databases.migrated(), city_folder / "instance"
    if address.startswith("sqlite"):
        is_worker = "PYTEST_XDIST_WORKER" in os.environ
        shelf = tmp_path_factory.getbasetemp().parent if is_worker else tmp_path_factory.getbasetemp()
        _from_the_shelf(shelf / "city", address, instance)
    else:
        _load(address, instance)
    application = _application(address, instance)
    yield application
    close_app(application)
    databases.drop(address)


def _application(address: str, instance: Path) -> Flask:
    environment = {
        "UCC_DATABASE_URL": address,
        "UCC_INSTANCE_PATH": str(instance),
        "UCC_SECRET_KEY": "a secret that only tests know, long enough",
        "UCC_RATE_LIMITS": "no",
        "UCC_DEMONSTRATION": "yes",
        "UCC_SHOW_MAILS": "yes",
    }
    application = make_app(environment, FrozenClock(TODAY))
    application.config["WTF_CSRF_ENABLED"] = False
    return application


def _load(address: str, instance: Path) -> None:
    application = _application(address, instance)
    made = application.test_cli_runner().invoke(args=["demo", "load"])
    close_app(application)
    assert made.exit_code == 0, made.output
    assert made.output.splitlines()[-1] == "demo loaded"


def _from_the_shelf(shelf: Path, address: str, instance: Path) -> None:
    """A copy of the city that the first worker who needs it makes: a file and a folder."""
    shelf.mkdir(exist_ok=True)
    file = Path(make_url(address).database or "")
    with (shelf / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (shelf / "instance").exists():
            shutil.copyfile(shelf / "city.sqlite", file)
            shutil.copytree(shelf / "instance", instance)
            return
        _load(address, instance)
        shutil.copyfile(file, shelf / "city.sqlite")
        shutil.copytree(instance, shelf / "instance")


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
