"""The list of proposals and the page of one, at size (goals R1, R2): `python -m bench.list_page [proposals …]`.

SQLite databases with 1,000, 40,000 and 1,000,000 proposals (or as many as asked for, the smallest first). In each, one
proposal has 500 comments. CPU per request is taken in one process, without sockets; every page and its baseline take
turns in each round, and medians over the rounds are printed, with the queries of each page.

R1 compares pages of the big lists with the same pages of the smallest one, and the deepest page with the first; nothing
is answered from the cache for visitors there. Words are looked up as beginnings of words, which FTS5 merges from all
that match: that alone grows with the number of matches. R2 compares list and page with an empty page of the same
application: for a visitor (whose page comes from that cache), and for somebody signed in (whose sign-in is looked up
for both).
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Connection, event, insert, select, text
from werkzeug.test import EnvironBuilder, run_wsgi_app

from bench._comments import fill as fill_comments
from tests.accounts.making import make_account, sign_in
from tests.processes.making import day, make_process
from ucc_participate.app import create_app
from ucc_participate.kernel.clock import SystemClock
from ucc_participate.kernel.db import db, perform, table_of
from ucc_participate.kernel.web import public
from ucc_participate.processes.models import Process, ProcessState
from ucc_participate.proposals.models import Level, Outcome, Proposal, ProposalKind, ProposalState
from ucc_participate.settings import Settings
from ucc_participate.vocabularies.uccn import AREAS, BENEFICIARIES, DIMENSIONS, OBJECTIVES

SIZES = (1_000, 40_000, 1_000_000)
COMMENTS = 500
DISCUSSED = 21
"""Number of the proposal with comments."""
DISTRICTS = 8
BATCH = 10_000
ROUNDS = 5
REQUESTS = 40
PLACES = ("bazaar", "riverside", "station", "old mill", "north gate", "gardens", "school", "harbour")
DEEDS = ("workshop", "market", "festival", "archive", "course", "studio", "exhibition", "residency", "library")
PAGES = {
    "first page": "",
    "deepest page": "?after=21",
    "one filter": "?objective=OBJ-2",
    "two filters": "?objective=OBJ-2&kind=policy",
    "rare filters": "?state=out_of_scope&for_whom=migrants",
    "common word": "?q=workshop",
    "two words": "?q=market+harbour",
    "one district": "?district=d3",
    "by number": "?sort=number",
}
TAGS = """
    INSERT INTO proposal_tag (process_id, tag, number)
    SELECT process_id, tag, number FROM (
      SELECT process_id, 'listed' AS tag, number FROM proposal
      UNION ALL SELECT process_id, 'kind:' || kind, number FROM proposal
      UNION ALL SELECT process_id, 'level:' || level, number FROM proposal
      UNION ALL SELECT process_id, 'state:' || status, number FROM proposal
      UNION ALL SELECT process_id, 'outcome:' || outcome, number FROM proposal WHERE outcome IS NOT NULL
      UNION ALL SELECT process_id, 'proposer:resident', number FROM proposal
      UNION ALL SELECT process_id, 'objective:' || value, number FROM proposal, json_each(objectives)
      UNION ALL SELECT process_id, 'area:' || value, number FROM proposal, json_each(areas)
      UNION ALL SELECT process_id, 'dimension:' || value, number FROM proposal, json_each(dimensions)
      UNION ALL SELECT process_id, 'for:' || value, number FROM proposal, json_each(for_whom)
      UNION ALL SELECT process_id, 'district:' || district, number FROM proposal
      UNION ALL SELECT process_id, 'support:reached', number FROM proposal WHERE supported_at IS NOT NULL
    ) ORDER BY process_id, tag, number
"""
COUNTS = "INSERT INTO proposal_count SELECT process_id, tag, count(*) FROM proposal_tag GROUP BY process_id, tag"
WORDS = (
    "INSERT INTO proposal_search (rowid, words) "
    "SELECT (process_id << 32) | number, lower(title || ' ' || summary || ' ' || place) || ' ' || number FROM proposal"
)
SPREAD = """
    INSERT INTO proposal_word (process_id, word, proposals)
    SELECT process_id, word, sum(proposals) FROM (
      SELECT process_id, CAST(number AS TEXT) AS word, 1 AS proposals FROM proposal
      UNION ALL SELECT process_id, substr(place, 1, instr(place || ' ', ' ') - 1), 1 FROM proposal
    ) GROUP BY process_id, word ORDER BY process_id, word
"""

Ask = Callable[[], Any]
N = TypeVar("N", bound=Hashable)


def rows(process: Process, author_id: int, count: int, now: Any) -> Iterator[dict[str, Any]]:
    """Submitted and answered proposals whose tags and words are spread by fixed strides."""
    kinds, levels, outcomes = list(ProposalKind), list(Level), list(Outcome)
    objectives, areas, dimensions, groups = map(list, (OBJECTIVES, AREAS, DIMENSIONS, BENEFICIARIES))
    for number in range(1, count + 1):
        deed, place = DEEDS[number % 9], PLACES[number % 8]
        at = now - timedelta(seconds=count - number)
        outcome = outcomes[number % 4] if number % 3 == 0 else None
        yield {
            "public_id": f"{process.id}x{number}",
            "process_id": process.id,
            "author_id": author_id,
            "author_name": "Sara" if number % 2 else None,
            "number": number,
            "title": f"A {deed} for everybody at the {place}",
            "summary": f"Three evenings a week the {place} opens its doors for a {deed} held by makers of the city.",
            "body": "",
            "language": "en",
            "kind": kinds[number % 3],
            "level": levels[number % 2],
            "objectives": [objectives[number % 4], objectives[(number + 1) % 4]],
            "areas": [areas[number % 7]],
            "dimensions": [dimensions[number % 4]],
            "for_whom": [groups[number % 9]],
            "place": place,
            "district": f"d{number % DISTRICTS}",
            "resident_endorsements": number % 40,
            "supported_at": at if number % 40 >= 30 else None,
            "cost": number * 1_000,
            "currency": "IRR",
            "status": ProposalState.ANSWERED if outcome else ProposalState.SUBMITTED,
            "outcome": outcome,
            "reason": "The council has set money aside for this." if outcome else None,
            "answered_by": "Leila Moradi, Head of culture" if outcome else None,
            "answered_at": at if outcome else None,
            "created_at": at,
            "updated_at": at,
            "submitted_at": at,
            "version": 1,
        }


def fill(connection: Connection, process: Process, author_id: int, count: int, now: Any) -> None:
    """Rows without their log: only reading is measured."""
    batch: list[dict[str, Any]] = []
    for row in rows(process, author_id, count, now):
        batch.append(row)
        if len(batch) == BATCH:
            connection.execute(insert(table_of(Proposal)), batch)
            batch = []
    if batch:
        connection.execute(insert(table_of(Proposal)), batch)


def asking(app: Flask, path: str, cookie: str | None = None) -> Ask:
    """One request; it must succeed."""
    headers = {"Cookie": cookie} if cookie else None
    environ = EnvironBuilder(path=path.partition("?")[0], query_string=path.partition("?")[2], headers=headers)
    ready = environ.get_environ()

    def ask() -> None:
        body, status, _headers = run_wsgi_app(app.wsgi_app, dict(ready))
        b"".join(body)
        if status != "200 OK":
            raise SystemExit(f"{path} answers {status}")

    return ask


def in_turns(asks: dict[N, Ask]) -> dict[N, float]:
    """Median microseconds of CPU a request, all of them once a round."""
    costs: dict[N, list[float]] = {name: [] for name in asks}
    for ask in asks.values():
        for _warm in range(5):
            ask()
    for _round in range(ROUNDS):
        for name, ask in asks.items():
            started = time.process_time()
            for _request in range(REQUESTS):
                ask()
            costs[name].append((time.process_time() - started) / REQUESTS * 1e6)
    return {name: statistics.median(values) for name, values in costs.items()}


@dataclass
class City:
    """The product on a database of its own, with one process full of proposals, and somebody's session."""

    app: Flask
    process: Process
    cookie: str
    kept_seconds: float

    def asking(self, query: str = "", cookie: str | None = None) -> Ask:
        return asking(self.app, f"/p/{self.process.public_id}/proposals{query}", cookie)

    def asking_one(self, cookie: str | None = None) -> Ask:
        """The page of the proposal with comments."""
        return self.asking(f"/{self.process.id}x{DISCUSSED}", cookie)

    def queries(self, ask: Ask) -> int:
        """How many statements a request sends to the database once it is warm."""
        sent: list[str] = []

        def note(*facts: Any) -> None:
            sent.append(facts[2])

        with self.app.app_context():
            engine = db.engine
        ask()
        event.listen(engine, "before_cursor_execute", note)
        ask()
        event.remove(engine, "before_cursor_execute", note)
        return len(sent)

    def close(self) -> None:
        self.app.extensions["ucc.door"].close()
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


def compare_sizes(cities: dict[int, City]) -> None:
    """R1, with nothing kept for visitors."""
    asks: dict[tuple[str, int], Ask] = {}
    for size, city in cities.items():
        city.app.extensions["ucc.visitor_cache"].seconds = 0
        asks |= {(page, size): city.asking(query) for page, query in PAGES.items()}
        asks["one proposal", size] = city.asking_one()
        asks["one proposal, signed in", size] = city.asking_one(city.cookie)
        asks["list, signed in", size] = city.asking(cookie=city.cookie)
    costs = in_turns(asks)
    smallest, *others = cities
    print("R1, µs CPU a request" + "".join(f"{size:>18,}" for size in cities) + "   queries")
    for page in dict.fromkeys(page for page, _size in asks):
        row = f"  {page:<24} {costs[page, smallest]:>12,.0f}"
        row += "".join(f"{costs[page, n]:>10,.0f} ({costs[page, n] / costs[page, smallest]:.2f})" for n in others)
        print(row, " ", ", ".join(str(city.queries(asks[page, size])) for size, city in cities.items()))
    for size in cities:
        ratio = costs["deepest page", size] / costs["first page", size]
        print(f"  deepest page / first page of {size:,}: {ratio:.2f}")


def compare_readers(cities: dict[int, City]) -> None:
    """R2, with pages kept for visitors as they are when nothing is set."""
    asks: dict[tuple[str, int], Ask] = {}
    for size, city in cities.items():
        city.app.extensions["ucc.visitor_cache"].seconds = city.kept_seconds
        asks["empty page, visitor", size] = asking(city.app, "/bench/empty")
        asks["list, visitor", size] = city.asking()
        asks["one proposal, visitor", size] = city.asking_one()
        asks["empty page, signed in", size] = asking(city.app, "/bench/empty_for_people", city.cookie)
        asks["list, signed in", size] = city.asking(cookie=city.cookie)
        asks["one proposal, signed in", size] = city.asking_one(city.cookie)
    costs = in_turns(asks)
    print("R2, µs CPU a request; and the rate as a part of an empty page's")
    for (page, size), cost in costs.items():
        empty = costs[f"empty page, {page.rpartition(', ')[2]}", size]
        print(f"  {size:>9,} {page:<24} {cost:>10,.0f} {empty / cost:>6.2f}")


def build(folder: Path, count: int) -> City:
    app, now = make(folder), SystemClock().now()
    with app.app_context():
        upgrade()
        process = make_process(perform, day(now, -8), ProcessState.OPEN)
        sara = make_account(perform, now=now)
        with db.engine.begin() as connection:
            fill(connection, process, sara.id, count, now)
            for statement in (TAGS, COUNTS, WORDS, SPREAD):
                connection.execute(text(statement))
        authors = [make_account(perform, f"p{at}@city.example", now=now).id for at in range(60)]
        discussed = db.session().scalars(select(Proposal).where(Proposal.number == DISCUSSED)).one()
        with db.engine.begin() as connection:
            fill_comments(connection, discussed, authors, COMMENTS, now)
    session = sign_in(app, sara, now=now).get_cookie("session")
    assert session is not None
    return City(app, process, f"session={session.value}", app.extensions["ucc.visitor_cache"].seconds)


def make(folder: Path) -> Flask:
    """The product as it is served, with two empty pages beside it and no jobs of its own."""
    settings = {"UCC_INSTANCE_PATH": str(folder), "UCC_DEFAULT_LOCALE": "fa", "UCC_RATE_LIMITS": "no"}
    app = create_app(Settings.from_environment(settings))
    app.before_request_funcs[None].remove(app.extensions["ucc.jobs"].start_thread)
    app.add_url_rule("/bench/empty", "bench_empty", public(lambda: ""))
    app.add_url_rule("/bench/empty_for_people", "bench_empty_for_people", lambda: "")
    return app


def main(sizes: Sequence[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        cities = {size: build(Path(folder, str(size)), size) for size in sizes}
        print(f"{sizes} proposals, written in {time.perf_counter() - started:.0f} s")
        compare_sizes(cities)
        compare_readers(cities)
        for city in cities.values():
            city.close()


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or SIZES)
