"""Opinion maps: `python -m bench opinions`.

The analysis of vTaiwan (1,921 people × 119 statements that were not hidden; where the folder is there) and of 10,000
people × 500 statements (40 answers each, four planted groups), each beside the same steps in plain numpy (means, SVD,
Lloyd's k-means from as many starts; no silhouette: it is told K), interleaved, three rounds, a fresh process each, so
that its peak memory is its own. Then what the application pays: importing scikit-learn, reading the answers of a map of
that size from SQLite, one page that asks for an answer.
"""

from __future__ import annotations

import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import numpy.typing as npt
from flask_migrate import upgrade
from sqlalchemy import insert

from ucc_participate.app import create_app
from ucc_participate.audit.log import record
from ucc_participate.kernel import clock
from ucc_participate.kernel.db import db, perform
from ucc_participate.opinions import analysis, jobs, queries
from ucc_participate.opinions.analysis import AGREE, DISAGREE, PASS, UNSEEN, Table
from ucc_participate.opinions.events import OpinionMapEvent
from ucc_participate.opinions.models import OpinionAnswer, OpinionMap, OpinionParticipant, Statement
from ucc_participate.processes.models import Process, ProcessState
from ucc_participate.settings import Settings
from ucc_participate.vocabularies.uccn import Sector

SHARED = Path(os.environ.get("UCC_SHARED", Path(__file__).parent.parent.parent / "shared"))
VTAIWAN = SHARED / "data" / "polis" / "vtaiwan.uberx"
PEOPLE, STATEMENTS, EACH, GROUPS = 10_000, 500, 40, 4
ROUNDS = 3


def vtaiwan() -> Table:
    with (VTAIWAN / "participants-votes.csv").open(encoding="utf-8-sig", newline="") as stream:
        people = list(csv.DictReader(stream))
    with (VTAIWAN / "comments.csv").open(encoding="utf-8-sig", newline="") as stream:
        hidden = {row["comment-id"] for row in csv.DictReader(stream) if row["moderated"] == "-1"}
    ids = [name for name in people[0] if name.isdigit() and name not in hidden]
    rows = [[int(row[at]) if row[at] else UNSEEN for at in ids] for row in people]
    return Table.of(np.array(rows, dtype=np.int8), [0] * len(rows), ("resident",))


def planted() -> Table:
    dice = np.random.default_rng(1405)
    leanings = dice.choice([AGREE, DISAGREE], (GROUPS, STATEMENTS))
    rows = leanings[dice.integers(0, GROUPS, PEOPLE)]
    rows = np.where(dice.random(rows.shape) < 0.15, dice.choice([AGREE, DISAGREE, PASS], rows.shape), rows)
    seen = np.argsort(dice.random(rows.shape), axis=1) < EACH
    sides = dice.integers(0, 4, PEOPLE).tolist()
    answers = np.where(seen, rows, UNSEEN).astype(np.int8)
    return Table.of(answers, sides, ("resident", "public", "private", "civil_society"))


TABLES = {"vtaiwan": vtaiwan, "planted": planted}


def ours(table: Table) -> Any:
    return len(analysis.analyse(table, seed=1)["groups"])


def plain(table: Table) -> Any:
    """The same steps in plain numpy, for K = 2 … 5."""
    seen = table.answers != UNSEEN
    kept = np.flatnonzero(seen.sum(1) >= analysis.LEAST_ANSWERS)
    filled = analysis.filled_with_means(table.answers[kept], seen[kept])
    centred = filled - filled.mean(0)
    axes = np.linalg.svd(centred, full_matrices=False)[2][:2]
    places = centred @ axes.T * np.sqrt(table.statements / seen[kept].sum(1))[:, None]
    return [len(np.unique(_lloyd(places, number))) for number in range(2, analysis.MOST_GROUPS + 1)]


def _lloyd(places: npt.NDArray[np.float64], number: int) -> npt.NDArray[np.int64]:
    dice, best = np.random.default_rng(0), (np.inf, np.zeros(len(places), dtype=np.int64))
    for _start in range(analysis.RESTARTS):
        centres = places[dice.choice(len(places), number, replace=False)]
        for _step in range(300):
            far = ((places[:, None] - centres) ** 2).sum(2)
            labels = far.argmin(1)
            moved = np.array(
                [places[labels == at].mean(0) if (labels == at).any() else centres[at] for at in range(number)]
            )
            if np.array_equal(moved, centres):
                break
            centres = moved
        best = min(best, (float(far.min(1).sum()), labels), key=lambda pair: pair[0])
    return best[1]


WAYS = {"ours": ours, "plain": plain}


def measure(name: str, way: str) -> None:
    """In a process of its own: CPU seconds of the analysis without the import, and the peak memory of all of it."""
    table = TABLES[name]()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    if way == "ours":
        from sklearn import cluster, decomposition, metrics

        del cluster, decomposition, metrics
    imported, begun = time.process_time() - begun, time.process_time()
    found = WAYS[way](table)
    spent, peak = time.process_time() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    told = {"cpu": spent, "import": imported, "peak": peak / 1024, "more": (peak - before) / 1024}
    print(json.dumps({**told, "found": found, "people": table.people}))


def in_a_process(name: str, way: str) -> dict[str, Any]:
    code = [sys.executable, "-m", "bench.opinions", name, way]
    threads = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(code, capture_output=True, text=True, check=True, env=threads)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def application(folder: str) -> None:
    """What the application pays for a map of that size on SQLite: reading the answers, closing it, one page."""
    app = create_app(
        Settings.from_environment({"UCC_INSTANCE_PATH": folder, "UCC_JOBS_IN_SERVER": "no", "UCC_RATE_LIMITS": "no"}),
        testing=True,
    )
    with app.test_request_context():
        upgrade()
        map_id, process_id, public_id = perform(partial(_fill, clock.now()))
        started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        steps: dict[str, Callable[[], object]] = {
            "count the answers of each statement": jobs.recount,
            "read all answers": lambda: queries.table_of_answers(db.session(), db.session.get_one(OpinionMap, map_id)),
            "close: read, analyse, read again, write": lambda: jobs.close_one(map_id, clock.now()),
        }
        for name, step in steps.items():
            begun = time.process_time()
            step()
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"{name:42} {time.process_time() - begun:6.2f} s CPU  peak {peak:5.0f} MB (+ {peak - started:4.0f} MB)"
            )
    address = f"/p/{process_id}/opinions/{public_id}"
    for page in ("", "/results"):
        client, spent = app.test_client(), []
        for _time in range(7):
            begun = time.process_time()
            assert client.get(address + page).status_code == 200
            spent.append(time.process_time() - begun)
        print(f"page {page or '/':37} {1000 * median(spent[2:]):6.1f} ms CPU")


def _fill(now: datetime, session: Any) -> tuple[int, str, str]:
    """Process, map, people and answers, as rows."""
    table = planted()
    process = Process(
        public_id="bench", title={"en": "Bench"}, status=ProcessState.OPEN, created_at=now, phases=[], documents=[]
    )
    session.add(process)
    session.flush()
    begun, ended = now - timedelta(days=9), now - timedelta(days=1)
    words = {"title": {"en": "Bench"}, "question": {"en": "Bench?"}}
    made = OpinionMap(
        public_id="bench", process_id=process.id, process=process, opens_at=begun, closes_at=ended, seed=1,
        created_at=begun, **words,
    )  # fmt: skip
    session.add(made)
    session.flush()
    statements = [
        Statement(
            public_id=f"s{at}", map_id=made.id, map=made, number=at + 1, text=f"Statement number {at + 1}",
            folded=str(at), language="en", is_seed=True, created_at=begun,
        )
        for at in range(table.statements)
    ]  # fmt: skip
    sectors = [None, *Sector]
    people = [OpinionParticipant(map_id=made.id, sector=sectors[side], joined_at=begun) for side in table.sides]
    session.add_all([*statements, *people])
    session.flush()
    told = {code: answer for answer, code in queries.CODES.items()}
    for row, person in zip(table.answers, people, strict=True):
        rows = [
            {
                "participant_id": person.id,
                "statement_id": statements[at].id,
                "answer": told[int(row[at])],
                "answered_at": begun,
            }
            for at in np.flatnonzero(row != UNSEEN)
        ]
        session.execute(insert(OpinionAnswer), rows)
    record(session, OpinionMapEvent.ANNOUNCED, actor=jobs.ACTOR, subject=made.ref, process=process.ref, now=now)
    return made.id, process.public_id, made.public_id


def main() -> None:
    for name in TABLES:
        if name == "vtaiwan" and not VTAIWAN.is_dir():
            print(f"no Pol.is export at {VTAIWAN}; set UCC_SHARED")
            continue
        runs: dict[str, list[dict[str, Any]]] = {way: [] for way in WAYS}
        for _round in range(ROUNDS):
            for way, told in runs.items():
                told.append(in_a_process(name, way))
        for way, told in runs.items():
            cpu, peak, more = (median(one[key] for one in told) for key in ("cpu", "peak", "more"))
            loading = median(one["import"] for one in told)
            print(
                f"{name:8} {way:6} {cpu:6.2f} s CPU  peak {peak:5.0f} MB (+ {more:4.0f} MB)  import {loading:.2f} s  "
                f"{told[0]['people']} people, found {told[0]['found']}"
            )


if __name__ == "__main__":
    measure(*sys.argv[1:]) if len(sys.argv) == 3 else main()
    if len(sys.argv) == 1:
        with tempfile.TemporaryDirectory() as place:
            application(place)
