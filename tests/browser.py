"""A real Chromium on a real server: what the journeys ask for.

Every page is watched: an error in the console, a script that failed, a file that was not found, or a request to
anywhere but this application fails the test.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, expect
from werkzeug.serving import make_server

CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}

PATIENCE = 20_000
"""Milliseconds that a page may take on a machine that runs everything at once; what is there sooner is seen sooner."""
expect.set_options(timeout=PATIENCE)

OpenPage = Callable[..., Page]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("ucc_participate").addoption(
        "--without-browser", action="store_true", help="leave out the tests that need Chromium"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--without-browser"):
        left_out = [item for item in items if "browser" in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    candidates = [os.environ.get("CHROMIUM", ""), *CHROMIUM]
    found = next((path for path in candidates if path and Path(path).is_file()), None)
    if found is None:
        pytest.fail("The journeys need Chromium: install it, or set CHROMIUM=/path/to/chromium.")
    return {"executable_path": found, "chromium_sandbox": False, "args": list(FLAGS)}


@pytest.fixture
def live_socket() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


@pytest.fixture
def live_address(live_socket: socket.socket) -> str:
    return f"http://127.0.0.1:{live_socket.getsockname()[1]}"


@pytest.fixture
def live_server(app: Flask, live_socket: socket.socket, live_address: str) -> Iterator[str]:
    """The address of the application under test, served by threads of this very process."""
    server: Any = make_server("127.0.0.1", 0, app, threaded=True, fd=live_socket.fileno())
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="live-server")
    thread.start()
    yield live_address
    server.shutdown()
    thread.join()
    server.server_close()


class Watch:
    """Collects what must not happen on a page."""

    def __init__(self, address: str) -> None:
        self._host = urlsplit(address).netloc
        self.faults: list[str] = []

    def follow(self, page: Page) -> Page:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)
        return page

    def _console(self, message: ConsoleMessage) -> None:
        # A refused form or a missing page is reported here too; which answers are right, _response and the test say.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != self._host:
            self.faults.append(f"asked another host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500 or (response.status >= 400 and response.request.resource_type not in _ANSWERS):
            self.faults.append(f"{response.status}: {response.url}")


_ANSWERS = ("document", "fetch", "xhr")


@pytest.fixture
def open_page(browser: Browser, live_server: str) -> Iterator[OpenPage]:
    """``open_page(viewport=DESK, locale="fr", javascript=False)``: a page with its own cookies, 390 px unless told."""
    watch = Watch(live_server)
    contexts = []

    def opened(*, viewport: dict[str, int] | None = None, locale: str = "en", javascript: bool = True) -> Page:
        size: Any = viewport or PHONE
        context = browser.new_context(
            base_url=live_server, viewport=size, locale=locale, java_script_enabled=javascript, reduced_motion="reduce"
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return watch.follow(context.new_page())

    yield opened
    for context in contexts:
        context.close()
    assert watch.faults == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A watched page at 390 px."""
    return open_page()
