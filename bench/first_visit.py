"""The first visit of the list page (goal B1): `python -m bench.first_visit`.

The product as `make run` serves it (granian), a city with 500 proposals in Persian, and Chromium with an empty cache at
390 px. Printed: requests and bytes over the wire with compression, beside the same visit of a browser that takes none.
The compressed and the plain visit take turns; bytes are medians of the rounds.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import closing
from pathlib import Path
from urllib.error import URLError

from playwright.sync_api import Browser, sync_playwright

from bench._measuring import ROOT, ROUNDS, flask, run
from tests.browser import CHROMIUM, FLAGS, PHONE
from tests.first_visit import MOST_BYTES, MOST_REQUESTS, Visit, measured_visit

PROPOSALS = 500
PLAIN = {"Accept-Encoding": "identity"}


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        return int(listening.getsockname()[1])


def serve(instance: Path, address: str, port: int) -> subprocess.Popen[bytes]:
    """The server, once it answers."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    environment = {**os.environ, "UCC_INSTANCE_PATH": str(instance), "UCC_PUBLIC_URL": address}
    server = subprocess.Popen(
        [*command, "--no-ws", "--no-access-log", "--log-level", "error", "wsgi:app"], cwd=ROOT, env=environment
    )
    for _attempt in range(200):
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except URLError:
            time.sleep(0.1)
        else:
            return server
    raise SystemExit("the server does not answer")


def visit(browser: Browser, address: str, headers: dict[str, str]) -> Visit:
    context = browser.new_context(viewport=PHONE, locale="fa", extra_http_headers=headers)
    try:
        return measured_visit(context.new_page(), address)
    finally:
        context.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        port, instance = free_port(), Path(folder)
        address = f"http://127.0.0.1:{port}"
        flask(instance, "db", "upgrade")
        process = run([sys.executable, "-m", "bench._proposals", folder, str(PROPOSALS)]).output.split()[-1]
        server = serve(instance, address, port)
        try:
            with sync_playwright() as playwright:
                path = os.environ.get("CHROMIUM") or next(each for each in CHROMIUM if Path(each).is_file())
                browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
                page = f"{address}/p/{process}/proposals"
                turns = [(visit(browser, page, {}), visit(browser, page, PLAIN)) for _round in range(ROUNDS)]
        finally:
            server.terminate()
            server.wait()
    tell(turns)


def tell(turns: list[tuple[Visit, Visit]]) -> None:
    packed, plain = (round(statistics.median(turn[kind].bytes for turn in turns)) for kind in (0, 1))
    first = turns[0][0]
    print(f"B1, list of {PROPOSALS} proposals, first visit: {first.requests} requests (goal {MOST_REQUESTS})")
    for address, size in first.parts.items():
        print(f"  {size:>8,} bytes  /{address.split('/', 3)[3][:70]}")
    print(f"  {packed:>8,} bytes together (goal {MOST_BYTES:,}); {plain:,} without compression, {plain / packed:.2f} ×")


if __name__ == "__main__":
    main()
