"""Rules for ranked and graded ballots at size: `python -m bench.ranked [voters] [options]`, and Kraków 2024 if there.

Synthetic ballots (a million voters on 200 options by default, up to ten ranks each) are counted by every rule in turns
with one plain pass over the same choices in memory. Printed: medians of CPU seconds, and the peak memory of it all.
"""

from __future__ import annotations

import contextlib
import csv
import io
import os
import resource
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from ucc_participate.voting.rules import BallotSet, Election, Option, count, pack_ranking
from ucc_participate.voting.rules.pairwise import preferences
from ucc_participate.voting.rules.synthetic import synthesize

ROUNDS = 3
SHARED = Path(os.environ.get("UCC_SHARED", Path(__file__).parents[2] / "shared"))
KRAKOW = SHARED / "data" / "pabulib" / "Poland_Krakow_2024.pb"
RULES = {
    "stv, scottish": {"method": "stv", "winners": 10},
    "stv, meek": {"method": "stv", "winners": 10, "transfer": "meek"},
    "instant runoff": {"method": "stv", "winners": 1},
    "schulze": {"method": "schulze", "winners": 1},
    "ranked pairs": {"method": "ranked_pairs", "winners": 1},
    "borda": {"method": "borda", "winners": 10},
}


def in_turns(works: dict[str, Callable[[], object]]) -> None:
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            start = time.process_time()
            work()
            times[name].append(time.process_time() - start)
    for name, spent in times.items():
        print(f"  {name:<28}{statistics.median(spent):9.3f} s")


def measure(title: str, ballots: BallotSet, options: tuple[Option, ...], kind: str = "ranked") -> None:
    print(f"{title}: {len(ballots)} ballots, {len(ballots.choices)} choices, {len(options)} options")
    plain = ballots.choices.tolist()
    works: dict[str, Callable[[], object]] = {"Counter over the choices": lambda: Counter(plain)}
    if kind == "ranked":
        works |= {"group equal ballots": ballots.grouped, "matrix": lambda: preferences(ballots, len(options))}
        for name, rules in RULES.items():
            election = Election("vote/bench", "Bench", "individual", {"ballot": kind, **rules}, options)
            works[name] = lambda election=election: count(ballots, election)  # type: ignore[misc]
    else:
        graded = {"method": "majority_judgment", "ballot": kind, "winners": 10, "max_points": 5, "max_choices": 10}
        vote = Election("vote/bench", "Bench", "individual", graded, options)
        works["majority judgment"] = lambda: count(ballots, vote)
    in_turns(works)


def krakow() -> tuple[BallotSet, tuple[Option, ...]]:
    """The rankings of the file, as they are."""
    _, _, rest = KRAKOW.read_text("utf-8-sig").partition("PROJECTS\n")
    projects, _, votes = rest.partition("VOTES\n")
    rows = csv.DictReader(io.StringIO(projects), delimiter=";")
    options = tuple(Option(row["project_id"], row["project_id"]) for row in rows)
    place = {option.id: at for at, option in enumerate(options)}
    ballots = csv.DictReader(io.StringIO(votes), delimiter=";")
    packed = [pack_ranking([place[each] for each in row["vote"].split(",")]) for row in ballots]
    return BallotSet.from_packed(packed), options


def main(voters: int = 1_000_000, options: int = 200) -> None:
    if KRAKOW.exists():
        measure("Kraków 2024", *krakow())
    named = tuple(Option(f"o{at}", f"Option {at}") for at in range(options))
    start = time.process_time()
    ranked = synthesize(named, {"method": "stv", "ballot": "ranked"}, voters, "bench")
    print(f"made up in {time.process_time() - start:.1f} s")
    measure("synthetic, ranked", ranked, named)
    scores = {"method": "majority_judgment", "ballot": "score", "max_points": 5, "max_choices": 10}
    measure("synthetic, graded", synthesize(named, scores, voters, "bench"), named, "score")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB, the plain list included")


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        main(*map(int, sys.argv[1:3]))
