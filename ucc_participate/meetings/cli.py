"""``flask … meetings``: take over meetings that a city held elsewhere."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from flask_babel import force_locale
from sqlalchemy.orm import Session

from ..kernel import clock
from ..kernel.db import perform
from ..kernel.errors import UccError
from ..kernel.identity import system_actor
from ..kernel.tables import Table, read_table
from ..processes.models import Process
from ..processes.queries import process_to_change
from . import operations
from .entry import ImportedMeeting, Taken
from .sheet import Fate, read_meetings

group = AppGroup("meetings", help="Meetings.")
LARGEST = 50_000_000
ACTOR = system_actor("import")


@group.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE")
@click.option("--into", metavar="PROCESS", help="Public id of an imported process; without it one is made.")
@click.option(
    "--title", default="Meetings held elsewhere", show_default=True, help="Title of the process that is made."
)
@click.option("--language", default="en", show_default=True, type=click.Choice(["fa", "en", "fr"]))
def import_table(path: Path, into: str | None, title: str, language: str) -> None:
    """Take over the meetings of a table (CSV or XLSX), with the numbers that it reports.

    A line for each row that is not taken; what is known by its ID already is taken no second time. The last line is the
    process's public id.
    """
    with force_locale("en"):
        try:
            with path.open("rb") as stream:
                table = read_table(stream, name=path.name, max_bytes=LARGEST)
            fates = read_meetings(table, language=language)
            taken, process_id = _import(table, fates, into, title, language)
        except UccError as fault:
            click.echo(f"{path.name}: {fault}", err=True)
            sys.exit(1)
        for row in (fate for fate in fates if fate.meeting is None):
            click.echo(f"row {row.row}: not taken: {row.refused}")
    new = sum(each.is_new for each in taken)
    click.echo(f"taken {new} known {len(taken) - new} refused {len(fates) - len(taken)}")
    click.echo(process_id)


def _import(table: Table, fates: list[Fate], into: str | None, title: str, language: str) -> tuple[list[Taken], str]:
    now = clock.now()
    rows = [fate.meeting for fate in fates if fate.meeting is not None]
    times = _time_of(rows)
    origin = f"Meetings held elsewhere, imported from {table.name} (sha256 {table.sha256})."

    def made(session: Session) -> Process:
        if into is not None:
            return process_to_change(session, into, actor=ACTOR)
        return operations.open_imported_process(session, **times, title=title, origin=origin, **by)

    def work(session: Session) -> tuple[list[Taken], str]:
        process = made(session)
        return operations.import_meetings(session, process, rows, actor=ACTOR, now=now), process.public_id

    by: dict[str, Any] = {"language": language, "actor": ACTOR, "now": now}
    return perform(work)


def _time_of(rows: list[ImportedMeeting]) -> dict[str, Any]:
    now = clock.now()
    first = min((row.starts_at for row in rows), default=now)
    return {"first": first, "last": max((row.ends_at for row in rows), default=now)}
