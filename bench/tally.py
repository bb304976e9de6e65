"""Counting, breakdown and Pabulib files at size: `python -m bench.tally [voters] [projects]`.

A synthetic approval vote (100,000 × 150 by default, five choices a ballot on average) is counted by the product and by
``collections.Counter`` in turns, so that a busy machine slows both alike. Printed: medians of CPU seconds over the
rounds, and ratios; the baselines are what plain Python does with the same ballots.
"""

from __future__ import annotations

import contextlib
import io
import resource
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable

import numpy as np

from ucc_participate.voting import pabulib
from ucc_participate.voting.groups import breakdown, tally_by_group
from ucc_participate.voting.rules import BallotSet, Dimension, Election, Option, count, unpack, validate_rules
from ucc_participate.voting.rules.ballots import LABELS, spans

ROUNDS = 5
META = {
    "description": "Synthetic",
    "country": "Poland",
    "unit": "Nowhere",
    "instance": "2026",
    "date_begin": "01.01.2026",
    "date_end": "31.01.2026",
}

Work = Callable[[], object]


def synthetic(voters: int, projects: int) -> tuple[BallotSet, Election]:
    """Ballots whose projects are drawn by a heavy-tailed popularity; the generator's seed is fixed."""
    draw = np.random.default_rng(20260321)
    popularity = draw.pareto(1.2, projects) + 0.05
    drawn = np.sort(draw.choice(projects, (voters, 6), p=popularity / popularity.sum()), axis=1)
    first = np.ones_like(drawn, dtype=np.bool_)
    first[:, 1:] = drawn[:, 1:] != drawn[:, :-1]
    dimensions = tuple(
        Dimension(name, labels, draw.integers(0, len(labels), voters).astype(np.uint8))
        for name, labels in LABELS.items()
    )
    ballots = BallotSet(spans(first.sum(axis=1)), drawn[first].astype(np.uint16), dimensions)
    options = tuple(
        Option(f"p{place}", f"Project {place}", int(cost))
        for place, cost in enumerate(draw.integers(10_000, 900_000, projects))
    )
    rules = {"method": "greedy", "ballot": "approval", "budget": 10_000_000, "currency": "EUR"}
    return ballots, Election("vote/bench", "Synthetic", "individual", validate_rules(rules, options), options)


def in_turns(works: dict[str, Work]) -> dict[str, float]:
    """Median CPU seconds of each work, all of them once a round."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            start = time.process_time()
            work()
            times[name].append(time.process_time() - start)
    return {name: statistics.median(spent) for name, spent in times.items()}


def plain_tally(ballots: list[tuple[int, ...]]) -> Counter[int]:
    counts: Counter[int] = Counter()
    for ballot in ballots:
        counts.update(ballot)
    return counts


def plain_tally_by_group(ballots: list[tuple[int, ...]], codes: list[list[int]]) -> Counter[tuple[int, int, int]]:
    counts: Counter[tuple[int, int, int]] = Counter()
    for dimension, of_voters in enumerate(codes):
        for code, ballot in zip(of_voters, ballots, strict=True):
            counts.update((dimension, code, choice) for choice in ballot)
    return counts


def main(voters: int = 100_000, projects: int = 150) -> None:
    ballots, vote = synthetic(voters, projects)
    packed = ballots.to_packed()
    plain = [unpack(ballot) for ballot in packed]
    codes = [dimension.codes.tolist() for dimension in ballots.dimensions]
    outcome = count(ballots, vote)
    stream = io.BytesIO()
    pabulib.write(stream, vote, outcome, ballots, META)
    text = stream.getvalue()
    spent = in_turns(
        {
            "tally, Counter": lambda: plain_tally(plain),
            "from packed": lambda: BallotSet.from_packed(packed, ballots.dimensions),
            "count, greedy": lambda: count(ballots, vote),
            "groups, Counter": lambda: plain_tally_by_group(plain, codes),
            "groups": lambda: tally_by_group(ballots, projects),
            "groups, suppressed": lambda: breakdown(ballots, vote, floor=5),
            "pb, split lines": lambda: [line.split(";") for line in text.decode().split("\n")],
            "pb, read": lambda: pabulib.read(io.BytesIO(text)),
            "pb, write": lambda: pabulib.write(io.BytesIO(), vote, outcome, ballots, META),
        }
    )
    baselines = {"count, greedy": "tally, Counter", "groups": "groups, Counter", "pb, read": "pb, split lines"}
    print(f"{voters} voters, {projects} projects, {len(ballots.choices)} choices, {len(text)} bytes of .pb")
    for name, seconds in spent.items():
        baseline = baselines.get(name)
        ratio = f"  {spent[baseline] / seconds:8.2f} × as fast as “{baseline}”" if baseline else ""
        print(f"{name:20}{seconds:9.4f} s{ratio}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB, the plain lists included")


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        main(*map(int, sys.argv[1:3]))
