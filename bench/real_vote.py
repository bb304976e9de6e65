"""A real vote from file to verified record: `python -m bench.real_vote [file.pb]`, Łódź 2022 unless told.

Import, count, export and verification, each in a fresh process, in turns with two baselines: the command line doing
next to nothing (what starting costs), and plain Python splitting the file's votes and counting them. CPU seconds are
medians, peak memory is the highest seen. The file is read from ``shared/data/pabulib`` beside the project, or under
UCC_SHARED.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

from bench._measuring import ROOT, Spent, flask, in_turns, report, run

FOLDER = Path(os.environ.get("UCC_SHARED", ROOT.parent / "shared"), "data", "pabulib")
PLAIN = """
import sys
from collections import Counter
counts, within = Counter(), False
for line in open(sys.argv[1], encoding="utf-8-sig"):
    if within and not line.startswith("voter_id"):
        counts.update(line.split(";")[1].split(","))
    within = within or line.startswith("VOTES")
print(counts.most_common(3))
"""
TALLY = """
import sys
from ucc_participate.voting import pabulib
from ucc_participate.voting.rules import count
file = pabulib.read(sys.argv[1])
print(count(file.votes.ballots, pabulib.election_of(file, vote_ref="vote/x")).winners)
"""


def main(path: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder, "empty")
        flask(empty, "db", "upgrade")
        held = Path(folder, "held")
        shutil.copytree(empty, held)
        made = flask(held, "voting", "import-pabulib", path).output.splitlines()
        process, package = made[-1], Path(folder, "record.zip")
        flask(held, "record", "export", process, "--output", package)
        key = flask(held, "audit", "vkey").output.strip()
        with zipfile.ZipFile(package) as archive:
            archive.extract("data/verify.py", folder)
        verifier = Path(folder, "data", "verify.py")

        def import_afresh() -> Spent:
            target = Path(folder, "new")
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(empty, target)
            return flask(target, "voting", "import-pabulib", path)

        def export_afresh() -> Spent:
            shutil.rmtree(held / "records")
            return flask(held, "record", "export", process, "--output", package)

        spent = in_turns(
            {
                "command line alone": lambda: flask(held, "audit", "vkey"),
                "plain Python: split and count": lambda: run([sys.executable, "-I", "-c", PLAIN, path]),
                "read and tally": lambda: run([sys.executable, "-c", TALLY, path]),
                "import": import_afresh,
                "export": export_afresh,
                "verify": lambda: run([sys.executable, "-I", "-S", verifier, package, "--vkey", key, "--json"]),
            }
        )
        print(
            f"{path.name}: {path.stat().st_size / 1e6:.1f} MB, {made[-4]}; record {package.stat().st_size / 1e6:.1f} MB"
        )
    report("median of 3 rounds, start of the process included", spent)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER / "Poland_Lodz_2022.pb")
