"""``flask … proposals``: take over the plan of a city, bring the map of its districts."""

from __future__ import annotations

import csv
import hashlib
import io
import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import force_locale
from sqlalchemy.orm import Session

from ..kernel import clock
from ..kernel.db import perform
from ..kernel.errors import UccError
from ..kernel.identity import system_actor
from ..processes.queries import process_to_change
from . import operations
from .plans import read_plan

group = AppGroup("proposals", help="Proposals.")
LISTED = 50
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@group.command("import-plans")
@click.argument("path", type=FILE, metavar="FILE")
@click.option("--process", "process_id", help="Public id of an open process, or of one held elsewhere.")
@click.option("--title", help="Make such a process, with this title.")
@click.option("--language", default="fa", show_default=True, help="Two letters: the language of the texts.")
@click.option("--named", help="The public body whose plan it is: the name that stands with each proposal.")
def import_plans(path: Path, process_id: str | None, title: str | None, language: str, named: str | None) -> None:
    """Read a CSV table of actions as proposals. The last line is the process's public id.

    A row whose address (URL) the process has already is taken no second time.
    """
    if (process_id is None) == (title is None):
        raise click.UsageError("Give either --process or --title.")
    actor, now, data = system_actor("import"), clock.now(), path.read_bytes()
    source = f"{path.name} (sha256 {hashlib.sha256(data).hexdigest()})"
    currency = current_app.extensions["ucc.settings"].currency
    with force_locale("en"):
        try:
            rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
            plan = read_plan(rows, language=language[:2], currency=currency)
            if title is not None:
                made = perform(lambda s: operations.open_elsewhere(s, title, source, actor=actor, now=now))
                process_id = made.public_id
            known = str(process_id)

            def work(session: Session) -> int:
                process = process_to_change(session, known, actor=actor)
                return len(operations.import_plan(session, process, plan, actor=actor, now=now, named=named))

            count = perform(work)
        except (UccError, UnicodeDecodeError, csv.Error) as fault:
            click.echo(f"{path.name}: {fault}", err=True)
            sys.exit(1)
        for number, reason in list(plan.refused.items())[:LISTED]:
            click.echo(f"row {number}: not taken: {reason}")
    if count < len(plan.actions):
        click.echo(f"{len(plan.actions) - count} known already")
    click.echo(f"{count} proposals")
    click.echo(known)


@group.command("bring-districts")
@click.argument("path", type=FILE, metavar="FILE")
@click.option("--source", required=True, help="Who made the map, and its year.")
def bring_districts(path: Path, source: str) -> None:
    """Take the city's districts from a GeoJSON file."""
    actor, now, data = system_actor("import"), clock.now(), path.read_bytes()
    with force_locale("en"):
        try:
            made = perform(lambda s: operations.add_district_map(s, data, source, actor=actor, now=now))
        except UccError as fault:
            click.echo(f"{path.name}: {fault}", err=True)
            sys.exit(1)
    click.echo(f"{len(made.districts)} districts: {', '.join(made.names)}")
