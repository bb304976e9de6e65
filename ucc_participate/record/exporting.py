"""Making record.zip of a process: figures into the log, a signed checkpoint, the package from that checkpoint.

Packages are kept under ``<instance>/records``, named by the checkpoint, so that a record is built once however often it
is fetched.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from flask import current_app, url_for
from sqlalchemy.engine import Connection

from ..audit import reading
from ..audit.extension import audit_log
from ..kernel import clock
from ..kernel.db import db, perform
from ..kernel.identity import Actor, system_actor
from ..processes.models import Process
from ..processes.queries import get_process
from ..representation.queries import presence
from . import document, operations, package, queries
from .source import Place, RecordSource

FRUGAL = {"mmap_size": 0, "temp_store": 1, "cache_size": -4_000}
"""Settings of SQLite while a record is written: no mapping, temporary files on disk, a cache of 4 MB."""


@dataclass(frozen=True, slots=True)
class Export:
    """A package on disk and its summary (record.json)."""

    path: Path
    summary: dict[str, Any]


def refresh_figures(process_id: str, *, actor: Actor) -> None:
    """Put today's presence figures into the log, unless the newest there say the same."""
    now = clock.now()
    session = db.session()
    process = get_process(session, process_id, actor=actor)
    figures = presence(session, process, now=now).as_figures()
    if queries.last_figures(session, process.ref) == figures:
        return

    def work(write: Any) -> None:
        own = get_process(write, process_id, actor=actor)
        operations.publish_figures(write, own, figures=figures, actor=actor, now=now)

    perform(work)


def export(process_id: str, *, actor: Actor | None = None) -> Export:
    """The newest record of a process, made now if need be. Raises NotFound, SignerRefused."""
    refresh_figures(process_id, actor=actor or system_actor("export"))
    audit_log().publish()
    db.session.rollback()  # what was read so far is of the moment before
    return at_newest_checkpoint(process_id, actor=actor or system_actor("export"))


def at_newest_checkpoint(process_id: str, *, actor: Actor) -> Export:
    """The record as of the newest checkpoint; from the shelf when it was made before."""
    session = db.session()
    process = get_process(session, process_id, actor=actor)
    source = source_of(process)
    folder = Path(current_app.instance_path) / "records"
    stem = folder / f"{process.public_id}-{source.size}"
    target, summary_file = stem.with_suffix(".zip"), stem.with_suffix(".json")
    if target.exists() and summary_file.exists():
        return Export(target, json.loads(summary_file.read_bytes()))
    folder.mkdir(exist_ok=True)
    partial = stem.with_suffix(f".{os.getpid()}.part")
    with partial.open("wb") as stream, read_once(db.session.connection()):
        summary = write(stream, source)
    summary_file.write_text(json.dumps(summary, ensure_ascii=False), encoding="utf-8")
    os.replace(partial, target)
    return Export(target, summary)


@contextmanager
def read_once(connection: Connection) -> Iterator[None]:
    """On SQLite: nothing of the database is mapped into memory and sorting spills to disk, however large a log is."""
    if connection.dialect.name != "sqlite":
        yield
        return
    usual = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in FRUGAL}
    _set(connection, FRUGAL)
    try:
        yield
    finally:
        _set(connection, usual)


def _set(connection: Connection, pragmas: Mapping[str, Any]) -> None:
    for name, value in pragmas.items():
        connection.exec_driver_sql(f"PRAGMA {name}={value}")


def write(stream: IO[bytes], source: RecordSource) -> dict[str, Any]:
    return package.write(stream, source, documents=document.documents)


def source_of(process: Process) -> RecordSource:
    """The process up to the newest checkpoint."""
    connection = db.session.connection()
    checkpoint = reading.latest_checkpoint(connection)
    if checkpoint is None:
        checkpoint = audit_log().publish()
    assert checkpoint is not None  # noqa: S101 - a process exists, so the log is not empty
    settings = current_app.extensions["ucc.settings"]
    return RecordSource(
        connection,
        checkpoint,
        process_ref=process.ref,
        vkey=audit_log().signer.vkey,
        url=record_url(process.public_id),
        place=Place(settings.country, settings.city_name),
    )


def record_url(process_id: str) -> str:
    """The stable public address of a record."""
    settings = current_app.extensions["ucc.settings"]
    with current_app.test_request_context():
        return str(settings.public_url) + url_for("record.show", process_id=process_id)
