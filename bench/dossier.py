"""Exporting a whole dossier with its record at size: `python -m bench.dossier [S|M|tiny] [FOLDER]`.

A city as bench/_city.py makes it, with a dossier on the form of 2021, every text of some 250 words in Persian and
English, every paragraph citing four proposals, and a plan of 24 initiatives. FOLDER: one that is there already, or
where the city is to stay. The archive is made in fresh processes that take turns: with the record still to be made,
with the record on its shelf; beside them the record alone and the application that reads the dossier and makes nothing.
Each says whether the record was made in it; a turn in which it was not as it should be ends the measurement. Printed:
medians of CPU seconds with everything that they started, of it in started programs (Typst), and peak memory of each.
"""

from __future__ import annotations

import json
import resource
import shutil
import statistics
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from hashlib import file_digest
from pathlib import Path
from typing import Any

from bench._measuring import Spent, in_turns, run

PLAN: Mapping[str, tuple[set[str], bool]] = {
    "application alone": (set(), False),
    "record alone": ({"records"}, True),
    "dossier, record on its shelf": ({"submissions"}, False),
    "dossier and record": ({"submissions", "records"}, True),
}
"""What is taken off the shelves before a turn, and whether the record is made in it."""


def work(process_id: str, what: str) -> None:
    """One turn, in a process of its own; what it cost is printed."""
    from ucc_participate.app import create_app
    from ucc_participate.kernel.db import db
    from ucc_participate.kernel.identity import system_actor
    from ucc_participate.processes.queries import get_process
    from ucc_participate.record import exporting as records
    from ucc_participate.submission import exporting, queries

    with create_app().app_context():
        actor = system_actor("bench")
        process = get_process(db.session(), process_id, actor=actor)
        dossier = queries.find_dossier(db.session(), process, None)
        assert dossier is not None
        path = None
        if what.startswith("record"):
            path = records.at_newest_checkpoint(process_id, actor=actor).path
        elif what.startswith("dossier"):
            path = exporting.package_of(dossier, is_whole=True, actor=actor)
    mine, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    told = {
        "path": str(path),
        "own_cpu": mine.ru_utime + mine.ru_stime,
        "own_peak": mine.ru_maxrss / 1024,
        "started_cpu": theirs.ru_utime + theirs.ru_stime,
        "started_peak": theirs.ru_maxrss / 1024,
    }
    print(json.dumps(told))


def turn(folder: Path, process: str, what: str) -> Spent:
    """Off the shelf with what is to be made; then a fresh process. SystemExit when it was not made, or made anew."""
    emptied, makes_record = PLAN[what]
    for shelf in emptied:
        shutil.rmtree(folder / shelf, ignore_errors=True)
    before = record_of(folder)
    spent = run([sys.executable, "-m", "bench.dossier", "--turn", process, what], {"UCC_INSTANCE_PATH": str(folder)})
    after = record_of(folder)
    if after is None or (before != after) is not makes_record:
        raise SystemExit(f"{what}: the record was {'not ' if makes_record else ''}made")
    if what.startswith("dossier"):
        check(Path(json.loads(spent.output)["path"]), after[0])
    return spent


def record_of(folder: Path) -> tuple[Path, int, int] | None:
    """The record on the shelf: which file it is, and of when."""
    found = next(iter((folder / "records").glob("*.zip")), None)
    return None if found is None else (found, found.stat().st_ino, found.stat().st_mtime_ns)


def check(archive: Path, record: Path) -> None:
    """The record in the archive is the one on the shelf, to the last byte."""
    with zipfile.ZipFile(archive) as opened, opened.open("data/record/record.zip") as inside, record.open("rb") as kept:
        if file_digest(inside, "sha256").digest() != file_digest(kept, "sha256").digest():  # type: ignore[arg-type]
            raise SystemExit("another record lies in the archive")


def main(size: str, folder: Path) -> None:
    known = folder / "process.txt"
    if not known.exists():
        made = run([sys.executable, "-m", "bench._city", folder, size])
        known.write_text(made.output.split()[-1])
    process = known.read_text().strip()
    turn(folder, process, "dossier and record")  # the first reads the database from the disk
    works: dict[str, Callable[[], Spent]] = {what: lambda what=what: turn(folder, process, what) for what in PLAN}  # type: ignore[misc]
    spent = in_turns(works)
    print(f"size {size}; record {megabytes(folder / 'records')} MB, archive {megabytes(folder / 'submissions')} MB")
    print(f"  {'':<30} {'CPU s':>8} {'started':>8} {'peak MB':>8} {'started':>8}")
    for what, turns in spent.items():
        told: list[dict[str, Any]] = [json.loads(each.output) for each in turns]
        cpu, started = statistics.median(each.cpu for each in turns), statistics.median(t["started_cpu"] for t in told)
        peaks = [max(each[name] for each in told) for name in ("own_peak", "started_peak")]
        print(f"  {what:<30} {cpu:>8.2f} {started:>8.2f} {peaks[0]:>8.0f} {peaks[1]:>8.0f}")


def megabytes(shelf: Path) -> str:
    return f"{max(each.stat().st_size for each in shelf.glob('*.zip')) / 1e6:.1f}"


if __name__ == "__main__":
    if sys.argv[1:2] == ["--turn"]:
        work(sys.argv[2], sys.argv[3])
    elif sys.argv[2:]:
        main(sys.argv[1], Path(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory() as root:
            main((sys.argv[1:] or ["S"])[0], Path(root, "city"))
