"""Exporting a record at size (goal X1): `python -m bench.export_record [entries]`.

The same process in two logs, one of 1,000,000 entries (or as many as asked for) and one with a tenth of them: a vote is
running, 64 ballots to a batch, so that entries, tiles and openings grow alike. The record is exported in fresh
processes that take turns; beside them the command line doing next to nothing, whose memory is the application's own.
Printed: medians of CPU seconds, peak memory, and what the export needs on top of the application.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path

from bench._measuring import Spent, flask, in_turns, report, run

BIG = 1_000_000


def exporting(folder: Path, process: str) -> Spent:
    shutil.rmtree(folder / "records", ignore_errors=True)
    return flask(folder, "record", "export", process, "--output", folder / "record.zip")


def main(most: int) -> None:
    with tempfile.TemporaryDirectory() as root:
        small, big = Path(root, "small"), Path(root, "big")
        sizes = {small: most // 10, big: most}
        started = time.perf_counter()
        # In processes of their own: a child's peak memory is at least its parent's.
        made = {folder: run([sys.executable, "-m", "bench._filling", folder, str(sizes[folder])]) for folder in sizes}
        processes = {folder: spent.output.split()[-1] for folder, spent in made.items()}
        print(f"logs written in {time.perf_counter() - started:.0f} s")
        spent = in_turns(
            {
                "command line alone": lambda: flask(big, "audit", "vkey"),
                f"export, {sizes[small]:,} entries": lambda: exporting(small, processes[small]),
                f"export, {sizes[big]:,} entries": lambda: exporting(big, processes[big]),
            }
        )
        size = (big / "record.zip").stat().st_size / 1e6
    report(f"median of 3 rounds; the large record has {size:.0f} MB", spent)
    alone, few, many = (max(turn.peak_mb for turn in turns) for turns in spent.values())
    print(f"X1: the export needs {few - alone:.0f} MB on top of the application, then {many - alone:.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else BIG)
