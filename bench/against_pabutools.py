"""Equal Shares beside pabutools on real votes: `python -m bench.against_pabutools [rounds]`, two rounds unless told.

pabutools (GPLv3+) is no part of the project: the bench makes an environment of its own for it in a temporary folder
and throws it away. Both programs read the same file and count it by exact fractions in turns, each in a fresh process;
what reading takes is measured apart. The winners must be the same, or the bench fails. The files are read from
``shared/data/pabulib`` beside the project, or under UCC_SHARED.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench._measuring import ROOT, Spent, run

PABUTOOLS = "pabutools==1.2.3"
FOLDER = Path(os.environ.get("UCC_SHARED", ROOT.parent / "shared"), "data", "pabulib")
TITLES = {"shares": "Equal Shares", "grouped": "Equal Shares", "add1": "Equal Shares, add1 to the limit"}
BASELINES = {"shares": "as it is", "grouped": "equal ballots put together", "add1": "equal ballots put together"}

THEIRS = """
import json, sys, time
from pabutools.election import Additive_Cardinal_Sat, Cost_Sat, parse_pabulib
from pabutools.rules import method_of_equal_shares
path, kind = sys.argv[1:]
start = time.process_time()
instance, profile = parse_pabulib(path)
read = time.process_time()
voters, limit = profile.num_ballots(), instance.budget_limit
satisfaction = Additive_Cardinal_Sat if instance.meta["vote_type"] == "cumulative" else Cost_Sat
if kind != "shares":
    profile = profile.as_multiprofile()
chosen, steps = method_of_equal_shares(instance, profile, sat_class=satisfaction), 0
while kind == "add1":
    instance.budget_limit = limit + (steps + 1) * voters
    further = method_of_equal_shares(instance, profile, sat_class=satisfaction)
    if sum(project.cost for project in further) > limit:
        break
    chosen, steps = further, steps + 1
counted = time.process_time()
winners = sorted(project.name for project in chosen)
print(json.dumps({"read": read - start, "count": counted - read, "winners": winners, "steps": steps}))
"""
OURS = """
import json, sys, time
from dataclasses import replace
from ucc_participate.voting import pabulib
from ucc_participate.voting.rules import count, validate_rules
path, kind = sys.argv[1:]
start = time.process_time()
file = pabulib.read(path)
read = time.process_time()
vote = pabulib.election_of(file, vote_ref="vote/bench")
by_cost = file.votes.ballots.points is None
shared = ("budget", "currency", "scale", *file.ballot_rules)
rules = {key: vote.rules[key] for key in shared if key in vote.rules}
rules |= {"method": "equal_shares", "tie": "cost_then_order"}
rules |= {} if by_cost else {"satisfaction": "cardinality"}
rules |= {"completion": "add1", "increment": file.scale} if kind == "add1" else {}
outcome = count(file.votes.ballots, replace(vote, rules=validate_rules(rules, vote.options)))
counted = time.process_time()
steps = outcome.details["rounds"][0]["steps"]
print(json.dumps({"read": read - start, "count": counted - read, "winners": sorted(outcome.winners), "steps": steps}))
"""
WORKS = (
    ("Poland_Wieliczka_2023_Green_Budget", ("shares", "grouped", "add1")),
    ("Poland_Katowice_2023", ("shares",)),
    ("Poland_Lodz_2022", ("shares", "grouped")),
)


@dataclass(frozen=True, slots=True)
class Counted:
    """One run: what it said of itself, and the highest memory of its process."""

    said: dict[str, Any]
    peak_mb: float

    @classmethod
    def of(cls, spent: Spent) -> Counted:
        return cls(json.loads(spent.output.splitlines()[-1]), spent.peak_mb)


def environment(folder: Path) -> Path:
    """The Python of an environment that has pabutools and nothing of ours."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", PABUTOOLS], check=True)
    return python


def compare(python: Path, path: Path, kind: str, rounds: int) -> None:
    """Both programs in turns; SystemExit when they do not choose the same."""
    theirs, ours = [], []
    for _ in range(rounds):
        theirs.append(Counted.of(run([python, "-I", "-c", THEIRS, path, kind])))
        ours.append(Counted.of(run([sys.executable, "-c", OURS, path, kind])))
    first, second = theirs[0].said, ours[0].said
    if (first["winners"], first["steps"]) != (second["winners"], second["steps"]):
        raise SystemExit(f"{path.stem}, {kind}: other winners: {first} {second}")
    print(
        f"{path.stem}: {TITLES[kind]}, pabutools {BASELINES[kind]}: {len(first['winners'])} winners, the same", end=""
    )
    print(f", {first['steps']} steps" if first["steps"] else "")
    for part in ("read", "count"):
        slow, fast = (statistics.median(each.said[part] for each in runs) for runs in (theirs, ours))
        print(f"  {part:6} pabutools {slow:9.3f} s   here {fast:8.4f} s   ratio {slow / fast:8.0f}")
    peaks = [max(each.peak_mb for each in runs) for runs in (theirs, ours)]
    print(f"  peak   pabutools {peaks[0]:6.0f} MB     here {peaks[1]:5.0f} MB", flush=True)


def main(rounds: int = 2) -> None:
    with tempfile.TemporaryDirectory() as folder:
        python = environment(Path(folder))
        for stem, kinds in WORKS:
            for kind in kinds:
                compare(python, FOLDER / f"{stem}.pb", kind, rounds)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
