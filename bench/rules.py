"""Every rule that spends a budget, at size: `python -m bench.rules`.

Each rule counts the largest real files (where they are, see tests/conformance) and synthetic votes
of 100,000 × 150 and 1,000,000 × 200 with five choices a ballot. Each count is a fresh process, in which one pass over
the ballots (the sum of votes for each option) and the count take turns; ballots are in memory, not yet grouped.
Printed: medians of CPU seconds, how many passes the count is worth, and the peak memory of the whole process.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from bench import _measuring
from bench.tally import synthetic
from tests.conformance.test_pabulib_files import FOLDER
from ucc_participate.voting import pabulib
from ucc_participate.voting.groups import tally_by_group
from ucc_participate.voting.rules import BallotSet, Dimension, Election, count

ROUNDS = 3
SIZES = {"100,000 × 150": (100_000, 150), "1,000,000 × 200": (1_000_000, 200)}
FILES = ("Poland_Lodz_2022", "Poland_Warszawa_2026", "Poland_Wroclaw_2021", "Poland_Wieliczka_2023_Green_Budget")

RULES: Mapping[str, Mapping[str, Any]] = {
    "votes": {"method": "votes", "winners": 10},
    "greedy": {"method": "greedy"},
    "greedy per cost": {"method": "greedy", "per_cost": True},
    "knapsack": {"method": "knapsack"},
    "phragmen": {"method": "phragmen"},
    "equal shares": {"method": "equal_shares"},
    "equal shares, cardinality": {"method": "equal_shares", "satisfaction": "cardinality"},
    "equal shares, add1u": {"method": "equal_shares", "completion": "add1u"},
    "equal shares, add1u, compared": {"method": "equal_shares", "completion": "add1u", "comparison": True},
    "equal shares, equal sectors": {"method": "equal_shares", "decides": "sectors"},
}


def vote_of(source: str, rule: str) -> tuple[BallotSet, Election]:
    """The ballots and the vote by this rule; a step of Add1 is a two-hundredth of what a voter has."""
    if source in SIZES:
        ballots, own = synthetic(*SIZES[source])
    else:
        file = pabulib.read(FOLDER / f"{source}.pb")
        ballots, own = file.votes.ballots, pabulib.election_of(file, vote_ref="vote/x")
    kept = {key: own.rules[key] for key in ("ballot", "min_choices", "max_choices", "currency")}
    rules = {**kept, "budget": own.rules["budget"], **RULES[rule]}
    if "winners" in rules:
        rules["budget"] = None
    if rules.get("completion") == "add1u":
        rules["increment"] = max(1, own.rules["budget"] // len(ballots) // 200, -(-own.rules["budget"] // 1_000_000))
    if rules.get("decides") == "sectors" and not any(each.name == "sector" for each in ballots.dimensions):
        drawn = np.random.default_rng(1).choice(3, len(ballots), p=[0.06, 0.12, 0.82]).astype(np.uint8)
        sector = Dimension("sector", ("public", "private", "civil_society"), drawn)
        ballots = BallotSet(ballots.offsets, ballots.choices, (sector,))
    return ballots, Election(own.vote_ref, own.title, own.franchise, rules, own.options)


def seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def one(source: str, rule: str) -> None:
    """In a process of its own: the pass and the count in turns."""
    ballots, vote = vote_of(source, rule)
    options, passes, counts = len(vote.options), [], []
    for _ in range(ROUNDS):
        passes.append(seconds(lambda: ballots.tally(options)))
        counts.append(seconds(lambda: count(ballots, vote)))
    details: Mapping[str, Any] = count(ballots, vote).details or {}
    steps = [each["steps"] for each in details.get("rounds", ()) if "steps" in each]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    found = {"pass": statistics.median(passes), "count": statistics.median(counts), "steps": steps, "peak": peak}
    print(json.dumps({**found, "ballots": len(ballots), "different": len(ballots.grouped())}))


def groups() -> None:
    """The tally in 18 groups and the putting together of equal ballots, at a million."""
    ballots, _ = synthetic(*SIZES["1,000,000 × 200"])
    codes = np.random.default_rng(1).integers(0, 18, len(ballots)).astype(np.uint8)
    split = BallotSet(ballots.offsets, ballots.choices, (Dimension("cell", tuple(map(str, range(18))), codes),))
    print(json.dumps({"tally": seconds(lambda: tally_by_group(split, 200)), "group": seconds(ballots.grouped)}))


def main() -> None:
    environment = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    spent = _measuring.run([sys.executable, "-m", "bench.rules", "groups"], environment)
    at_size = json.loads(spent.output)
    print(f"1,000,000 × 200: tally in 18 groups {at_size['tally']:.3f} s, equal ballots {at_size['group']:.3f} s CPU")
    sources = [*(name for name in FILES if (FOLDER / f"{name}.pb").exists()), *SIZES]
    for source in sources:
        for rule in RULES:
            spent = _measuring.run([sys.executable, "-m", "bench.rules", source, rule], environment)
            got = json.loads(spent.output)
            times = got["count"] / max(got["pass"], 1e-9)
            steps = f"  {got['steps'][0]} steps" if got["steps"] and got["steps"][0] else ""
            print(
                f"{source:<36}{rule:<31}{got['count']:>8.3f} s = {times:>7.1f} passes of {got['pass'] * 1000:>6.2f} ms"
                f"{got['peak']:>6} MB{steps}",
                flush=True,
            )


if __name__ == "__main__":
    if sys.argv[1:] == ["groups"]:
        groups()
    elif sys.argv[1:]:
        one(*sys.argv[1:3])
    else:
        main()
