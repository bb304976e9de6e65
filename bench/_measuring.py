"""What several measurements share: fresh processes with their CPU time and peak memory, and who takes turns."""

from __future__ import annotations

import atexit
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 3
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Spent:
    """What a fresh process used, the programs that it started and waited for included, and what it printed.

    ``peak_mb``: of the largest of them, and at least that of whoever measures (a fork begins with its parent's).
    """

    cpu: float
    peak_mb: float
    output: str


@cache
def compiled() -> dict[str, str]:
    """An environment in which Python finds everything compiled, as on a server.

    Where bytecode is not kept (PYTHONDONTWRITEBYTECODE), every fresh process compiles the whole application: seconds,
    beside which what is measured disappears.
    """
    folder = tempfile.mkdtemp(prefix="ucc-bench-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    settings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    settings["PYTHONPYCACHEPREFIX"] = folder
    for words in (["-m", "compileall", "-qq", "ucc_participate", "bench", "tests"], ["-m", "flask", "--version"]):
        subprocess.run([sys.executable, *words], cwd=ROOT, env=settings, check=True, stdout=subprocess.DEVNULL)
    imports = "import wsgi, docx, openpyxl, pypdf, segno, typst"
    subprocess.run([sys.executable, "-c", imports], cwd=ROOT, env=settings | {"UCC_INSTANCE_PATH": folder}, check=True)
    return settings


def run(command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> Spent:
    """Run a program to its end; SystemExit with its words when it fails."""
    settings = {**compiled(), **(environment or {})}
    child = subprocess.Popen(list(map(str, command)), cwd=ROOT, stdout=subprocess.PIPE, text=True, env=settings)
    assert child.stdout is not None
    with child.stdout as stream:
        output = stream.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(output[-2000:])
    return Spent(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output)


def flask(instance: Path, *arguments: str | Path) -> Spent:
    """A command of the product's own, in a fresh process on its own folder."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    return run(command, {"UCC_INSTANCE_PATH": str(instance), "UCC_DEFAULT_LOCALE": "en"})


def in_turns(works: Mapping[str, Callable[[], T]], rounds: int = ROUNDS) -> dict[str, list[T]]:
    """Every work once a round: a busy machine slows all alike."""
    found: dict[str, list[T]] = {name: [] for name in works}
    for _round in range(rounds):
        for name, work in works.items():
            found[name].append(work())
    return found


def report(title: str, spent: Mapping[str, list[Spent]]) -> None:
    """Medians of CPU seconds and the highest peaks."""
    print(title)
    for name, turns in spent.items():
        seconds, peak = statistics.median(turn.cpu for turn in turns), max(turn.peak_mb for turn in turns)
        print(f"  {name:<32} {seconds:>8.2f} s CPU {peak:>7.0f} MB")
