"""``flask … opinions``: take over a conversation that was held with Pol.is; run what is due by the clock."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import force_locale
from sqlalchemy.orm import Session

from ..kernel import clock
from ..kernel.db import perform
from ..kernel.errors import UccError
from ..kernel.identity import system_actor
from ..processes.queries import process_to_change
from . import importing, jobs
from .models import OpinionMap

group = AppGroup("opinions", help="Opinion maps.")


@group.command("import-polis")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="FOLDER")
@click.option("--process", "process_id", help="Public id of a process held elsewhere; a new one is made without it.")
@click.option("--language", default="en", show_default=True, help="Language of the statements, two letters.")
def import_polis(folder: Path, process_id: str | None, language: str) -> None:
    """Make a closed map from an export of Pol.is. The last lines are the public ids of process and map."""
    actor, now = system_actor("import"), clock.now()

    def work(session: Session) -> OpinionMap:
        process = process_to_change(session, process_id, actor=actor) if process_id else None
        return importing.import_conversation(
            session, found, process=process, source=folder.name, language=language, actor=actor, now=now
        )

    with force_locale("en"):
        try:
            found = importing.read(folder)
            made = perform(work)
        except UccError as fault:
            click.echo(f"{folder.name}: {fault}", err=True)
            sys.exit(1)
    result = made.result or {}
    click.echo(f"{len(found.comments)} statements, {len(found.votes)} votes; {result.get('answers')} answers counted")
    click.echo(f"{result.get('people')} people, {len(result.get('groups', []))} groups")
    click.echo(f"process {made.process.public_id}")
    click.echo(f"map {made.public_id}")


@group.command("tick")
def tick() -> None:
    """Count answers, find what is shown of open maps, close those whose time is over."""
    jobs.tick()
    click.echo("ok")
