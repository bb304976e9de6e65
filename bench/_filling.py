"""Fill a log: `python -m bench._filling FOLDER ENTRIES` prints the public id of the process that they belong to."""

from __future__ import annotations

import sys
from pathlib import Path

from flask_migrate import upgrade

from tests.processes.making import day, make_process
from ucc_participate.app import create_app
from ucc_participate.audit import commitments, log, reading
from ucc_participate.audit.extension import audit_log
from ucc_participate.kernel.clock import SystemClock, utc_text
from ucc_participate.kernel.db import db, perform
from ucc_participate.kernel.identity import new_pseudonym
from ucc_participate.processes.models import ProcessState
from ucc_participate.settings import Settings

BATCH = 64
BLOCK = 8_320


def draft(subject: str, kind: str, process: str, at: str, prev: str | None, payload: dict[str, object]) -> log.Draft:
    salt = commitments.new_salt() if payload else None
    values = {
        "actor": new_pseudonym(),
        "commit": commitments.commit(salt, payload) if salt else commitments.EMPTY,
        "prev": prev,
        "process": process,
        "role": "resident",
        "schema": f"ucc.{kind.partition('.')[0]}/1",
        "subject": subject,
        "time": at,
        "type": kind,
        "v": 1,
    }
    return log.Draft(values, salt, log.canonical.dumps(payload).decode() if payload else None)


def build(folder: Path, entries: int) -> str:
    """A city with one process and so many entries; the process's public id."""
    app = create_app(Settings.from_environment({"UCC_INSTANCE_PATH": str(folder)}))
    now = SystemClock().now()
    with app.app_context():
        upgrade()
        process = make_process(perform, day(now, -8), ProcessState.OPEN)
        at, batch = utc_text(now), None
        for start in range(0, entries, BLOCK):
            drafts = []
            for number in range(start, min(start + BLOCK, entries)):
                if number % (BATCH + 1) < BATCH:
                    drafts.append(draft(f"vote/bench/slot/{number:07d}", "ballot.cast", process.ref, at, None, {}))
                    continue
                names = {"commitments": [commitments.new_salt().hex() for _ in range(BATCH)]}
                drafts.append(draft("vote/bench", "ballots.batched", process.ref, at, batch, names))
                batch = drafts[-1].commit
            with db.engine.begin() as connection:
                log.append_drafts(connection, drafts)
        with db.engine.begin() as connection:
            reading.integrate(connection)
        audit_log().publish()
    app.extensions["ucc.door"].close()
    return process.public_id


if __name__ == "__main__":
    print(build(Path(sys.argv[1]), int(sys.argv[2])))
