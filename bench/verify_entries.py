"""Verifying a whole record at size (goal V1): `python -m bench.verify_entries [entries ballots]`.

A synthetic record of 1,000,000 entries (200,000 secret ballots among them, the rest people who joined) is written once,
then verified by the stand-alone verifier, recount included, in turns with the bare Merkle tree of the same stored bytes
(hashlib only, nothing parsed). Both run in a fresh process of their own. Printed: medians of CPU seconds, peak memory,
ratios to the bare tree.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from tests.record import package
from tests.record.package import PROCESS, SECRET, City
from ucc_participate.record import verify

ROUNDS = 3
BATCH = 64
LOG = "data/log/tile/entries/"


def synthetic(entries: int, ballots: int) -> dict[str, bytes]:
    """The files of a record with one process, one secret vote, and people who joined."""
    draw = random.Random(20260321)
    city = City()
    city.add("process.opened", PROCESS, package.process_state())
    city.add("vote.announced", SECRET, package.vote_state(SECRET, "announced"))
    city.add("roll.frozen", SECRET, {"slots": ballots, "by_sector": {}})
    city.add("vote.opened", SECRET, package.vote_state(SECRET, "open", roll_size=ballots))
    around = ballots + ballots // BATCH + 8
    for _ in range(max(0, entries - around)):
        actor = draw.randbytes(16).hex()
        city.add("participant.joined", f"{PROCESS}/participant/{actor}", actor=actor, role="resident")
    lines = [package.secret_ballot(number, draw.choice(package.BALLOTS)) for number in range(ballots)]
    for number in range(ballots):
        city.add("ballot.cast", f"{SECRET}/slot/{number + 1:06d}", actor=draw.randbytes(16).hex(), role="resident")
        if (number + 1) % BATCH == 0 or number + 1 == ballots:
            start = number // BATCH * BATCH
            waiting = sorted(line[0] for line in lines[start : number + 1])
            city.add("ballots.batched", SECRET, {"commitments": waiting})
    city.add("vote.closed", SECRET, package.vote_state(SECRET, "closed", roll_size=ballots))
    city.ballots[SECRET] = sorted(lines)
    city.add("vote.tallied", SECRET, {"result": {}})
    package.count_again(city, SECRET)
    return package.files_of(city)


def bare_tree(path: str) -> str:
    """The root of the stored entries, as plain Python gets it: read, unpack, hash."""
    level = []
    with zipfile.ZipFile(path) as archive:
        for name in sorted(name for name in archive.namelist() if name.startswith(LOG)):
            data, at = archive.read(name), 0
            while at < len(data):
                begin = at + 2
                at = begin + int.from_bytes(data[begin - 2 : begin], "big")
                level.append(hashlib.sha256(b"\0" + data[begin:at]).digest())
    while len(level) > 1:
        pairs = [hashlib.sha256(b"\1" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0].hex()


def measure(command: list[str]) -> tuple[float, float]:
    """CPU seconds of a fresh process, and its peak memory in MB."""
    child = subprocess.Popen(command, stdout=subprocess.PIPE)
    output = child.stdout.read() if child.stdout else b""
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(output.decode()[-2000:])
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def compare(path: str) -> tuple[dict[str, float], dict[str, float]]:
    """Medians of CPU seconds, and peaks of memory; every program once a round."""
    bare = f"import hashlib, zipfile\nLOG = {LOG!r}\n{inspect.getsource(bare_tree)}\nprint(bare_tree({path!r}))"
    commands = {
        "bare tree, hashlib": [sys.executable, "-I", "-c", bare],
        "verify.py": [sys.executable, "-I", verify.__file__, path, "--vkey", package.SIGNER.vkey, "--json"],
    }
    rounds = [{name: measure(command) for name, command in commands.items()} for _ in range(ROUNDS)]
    medians = {name: statistics.median(turn[name][0] for turn in rounds) for name in commands}
    return medians, {name: max(turn[name][1] for turn in rounds) for name in commands}


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--make"]:
        files = synthetic(int(arguments[2]), int(arguments[3]))
        package.pack(package.bag(files), Path(arguments[1]))
        return
    entries, ballots = [int(argument) for argument in arguments] or (1_000_000, 200_000)
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/record.zip"
        # In a process of its own: a child's peak memory is at least its parent's.
        made = [sys.executable, "-m", "bench.verify_entries", "--make", path, str(entries), str(ballots)]
        subprocess.run(made, check=True)
        size = Path(path).stat().st_size / 1e6
        medians, peaks = compare(path)
    print(f"{entries:,} entries, {ballots:,} ballots, {size:.0f} MB; medians of {ROUNDS} rounds")
    for name, seconds in medians.items():
        ratio = seconds / medians["bare tree, hashlib"]
        print(f"{name:20} {seconds:6.2f} s CPU {ratio:5.2f}×  {peaks[name]:5.0f} MB")
    print(json.dumps({"cpu_s": medians, "peak_mb": peaks, "entries": entries, "ballots": ballots}))


if __name__ == "__main__":
    main(sys.argv[1:])
