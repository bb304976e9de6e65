"""A proposal's page with its discussion (goals R1, R2): `python -m bench.discussion [comments]`.

One SQLite database with proposals that have no, 5, 50, 500 and 5,000 comments (or as many as asked for). CPU per
request is taken in one process, without sockets; all pages and their baselines take turns in each round, and medians
over the rounds are printed. "Drawn anew": what was drawn before is thrown away before each request, as after a comment.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask_migrate import upgrade

from bench._comments import fill
from bench.list_page import Ask, asking, in_turns, make
from tests.accounts.making import make_account, sign_in
from tests.processes.making import day, make_process
from tests.proposals.making import person, submit
from ucc_participate.kernel.clock import SystemClock
from ucc_participate.kernel.db import db, perform
from ucc_participate.processes.models import ProcessState
from ucc_participate.proposals.models import Proposal

SIZES = (0, 5, 50, 500)
MOST = 5_000


def anew(app: Any, ask: Ask) -> Callable[[], None]:
    """The same request with everything to be drawn again."""
    kept = app.extensions["ucc.discussion_fragments"]

    def run() -> None:
        kept._kept.clear()
        ask()

    return run


def main(most: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        app, now = make(Path(folder)), SystemClock().now()
        with app.app_context():
            upgrade()
            process = make_process(perform, day(now, -8), ProcessState.OPEN)
            sara = make_account(perform, now=now)
            authors = [person(perform, f"P{n}x", now=now)[0].id for n in range(60)]
            _account, actor = person(perform, "Mina", now=now)
            sizes = (*SIZES, most)
            proposals = {size: submit(perform, process, actor, now=now) for size in sizes}
            started = time.perf_counter()
            with db.engine.begin() as connection:
                for size, proposal in proposals.items():
                    if size:
                        fill(connection, proposal, authors, size, now)
            print(f"comments written in {time.perf_counter() - started:.0f} s")
        session = sign_in(app, sara, now=now).get_cookie("session")
        cookie = f"session={session.value}" if session is not None else ""
        pages = {size: f"/p/{process.public_id}/proposals/{each.public_id}" for size, each in proposals.items()}
        measure(app, process.public_id, pages, proposals, cookie)
        app.extensions["ucc.door"].close()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def measure(app: Any, process_id: str, pages: dict[int, str], proposals: dict[int, Proposal], cookie: str) -> None:
    cache = app.extensions["ucc.visitor_cache"]
    kept, cache.seconds = cache.seconds, 0
    asks: dict[str, Ask] = {
        "empty page, visitor": asking(app, "/bench/empty"),
        "empty page, signed in": asking(app, "/bench/empty_for_people", cookie),
    }
    for size, page in pages.items():
        asks[f"visitor, {size:,}"] = asking(app, page)
        asks[f"signed in, {size:,}"] = asking(app, page, cookie)
        asks[f"drawn anew, {size:,}"] = anew(app, asking(app, page))
    for size in (500, max(pages)):
        side = f"/p/{process_id}/discussion/proposal/{proposals[size].public_id}/side/for"
        asks[f"one side, 50 of {size:,}"] = asking(app, side)
    costs = in_turns(asks)
    print("R1, µs CPU a request, nothing kept for visitors; and as a part of the page with 5 comments")
    for name, cost in costs.items():
        kind = name.rpartition(", ")[0]
        ratio = f"{cost / costs[f'{kind}, 5']:>7.2f}" if f"{kind}, 5" in costs else ""
        print(f"  {name:<26} {cost:>9,.0f} {ratio}")
    cache.seconds = kept
    again = in_turns({"empty": asks["empty page, visitor"], "kept": asks["visitor, 500"]})
    print(f"R2, visitor: the page with 500 comments at {again['empty'] / again['kept']:.2f} × an empty page's rate")
    rate = costs["empty page, signed in"] / costs["signed in, 500"]
    print(f"R2, signed in: at {rate:.2f} × an empty page's rate")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else MOST)
