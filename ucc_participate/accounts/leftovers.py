"""What an erasure leaves to be done outside the tables: files, copies on shelves, the database's own write-ahead log.

Tasks are rows written in the transaction of the erasure (``leave``), done as soon as it is committed (``clear``) and
once more by a job when the machine died in between. The list of erasures lies outside the database, so that it survives
the restoring of an older one; docs/privacy.md tells how it is used.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ..documents.queries import is_mentioned
from ..kernel.clock import utc_text
from ..kernel.db import db, forget_write_ahead, perform
from ..notifications import mailbox
from .models import Account, Leftover

LIST = "erasures.jsonl"
SHELF, SCRUB = "shelf", "scrub"


def leave(session: Session, tasks: Iterable[str], *, now: datetime) -> None:
    """Note tasks within the erasing transaction. No operation."""
    for task in sorted(set(tasks)):
        session.merge(Leftover(task=task, since=now))


def leave_uploads(session: Session, hashes: Iterable[str], *, now: datetime) -> None:
    """The content of documents that ``documents.attaching.detach_all`` has removed. Part of an eraser."""
    leave(session, (f"upload:{known}" for known in hashes), now=now)


def digest_of(account: Account) -> str:
    """How the list of erasures names an account: nobody finds the person by it, a restored row is recognised."""
    return sha256(f"ucc-erased:{account.public_id}".encode()).hexdigest()


def clear() -> int:
    """Do what is left, after the COMMIT; how many tasks are done. Nothing happens twice."""
    tasks = [task for task in db.session.scalars(select(Leftover.task).order_by(Leftover.task)) if task != SCRUB]
    db.session.rollback()
    for task in tasks:
        _do(task)
    done = _forget(tasks)
    if db.session.get(Leftover, SCRUB) is not None:
        db.session.rollback()
        if forget_write_ahead(db.engine):
            done += _forget([SCRUB])
    return done


def _forget(tasks: list[str]) -> int:
    if tasks:
        perform(lambda session: session.execute(delete(Leftover).where(Leftover.task.in_(tasks))))
    return len(tasks)


def _do(task: str) -> None:
    kind, _colon, name = task.partition(":")
    instance = Path(current_app.instance_path)
    if kind == "upload" and not is_mentioned(db.session(), name):
        current_app.extensions["ucc.store"].erase(name)
    elif kind == "mail":
        (instance / mailbox.FOLDER / name).unlink(missing_ok=True)
    elif kind == "list":
        _enlist(instance / LIST, name)
    elif kind == SHELF:
        for folder in current_app.extensions["ucc.shelves"]:
            shutil.rmtree(instance / folder, ignore_errors=True)


def _enlist(path: Path, known: str) -> None:
    """Add a line and flush it to the disk."""
    if known in erased(path):
        return
    since = db.session.scalar(select(Leftover.since).where(Leftover.task == f"list:{known}"))
    line = json.dumps({"account": known, "at": utc_text(since) if since is not None else None})
    with path.open("a", encoding="ascii") as target:
        target.write(line + "\n")
        target.flush()
        os.fsync(target.fileno())


def erased(path: Path) -> set[str]:
    """The digests of the list."""
    if not path.exists():
        return set()
    return {json.loads(line)["account"] for line in path.read_text(encoding="ascii").splitlines() if line}
