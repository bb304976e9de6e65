"""``flask … voting``: take over a vote that a city held elsewhere; run what is due by the clock."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import force_locale
from sqlalchemy.orm import Session

from ..kernel import clock
from ..kernel.db import db, perform
from ..kernel.errors import UccError
from ..kernel.identity import system_actor
from ..processes.queries import process_to_change
from . import ballot_files, counting, jobs, pabulib
from .importing import ImportedVote, import_vote, take_vote
from .queries import get_vote, result_of

group = AppGroup("voting", help="Votes.")
LISTED = 50


@group.command("import-pabulib")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE")
@click.option("--process", "process_id", help="Public id of an open process that goes on from the vote.")
def import_pabulib(path: Path, process_id: str | None) -> None:
    """Make a closed process from a city's vote in Pabulib's format. The last line is the process's public id."""
    source = f"{path.name} (sha256 {hashlib.sha256(path.read_bytes()).hexdigest()})"
    actor = system_actor("import")
    with force_locale("en"):
        try:
            file = pabulib.read(path)
            now = clock.now()

            def work(session: Session) -> ImportedVote:
                if process_id is None:
                    return import_vote(session, file, source=source, actor=actor, now=now)
                process = process_to_change(session, process_id, actor=actor)
                return take_vote(session, process, file, name=path.name, actor=actor, now=now)

            made = perform(work)
        except UccError as fault:
            click.echo(f"{path.name}: {fault}", err=True)
            sys.exit(1)
        _report(file)
    result = result_of(made.vote, actor=actor, now=clock.now())
    click.echo(f"{result['ballots']} ballots, {len(result['counts'])} options, {len(result['winners'])} chosen")
    click.echo(_beside_the_city(file, result["winners"]))
    click.echo(f"vote {made.vote.public_id}")
    click.echo(made.process.public_id)


def _report(file: pabulib.PabulibFile) -> None:
    """What was not taken, row by row, and what was odd."""
    for rejected in file.rejected[:LISTED]:
        click.echo(f"row {rejected.row}, {rejected.column}: not taken: {rejected.reason}")
    if len(file.rejected) > LISTED:
        click.echo(f"… and {len(file.rejected) - LISTED} more rows were not taken")
    for note in file.notes:
        click.echo(f"row {note.row}, {note.column}: {note.reason} ({note.rows})")


def _beside_the_city(file: pabulib.PabulibFile, winners: list[str]) -> str:
    """How the projects chosen here compare with those that the city published."""
    rule = f"the city’s rule: {file.meta['rule']}"
    found = pabulib.differences(file, winners)
    if found is None:
        return f"{rule}; the file does not say which projects the city chose"
    ours, theirs = found
    later = sum(project.selected in (2, 3) for project in file.projects)
    rule += f"; {later} more by another rule or from later funds" if later and not pabulib.mapped(file).is_own else ""
    if not ours and not theirs:
        return f"{rule}; chosen as the city published"
    return f"{rule}; chosen only here: {', '.join(ours) or 'none'}; only by the city: {', '.join(theirs) or 'none'}"


@group.command("export-ballots")
@click.argument("public_id", metavar="VOTE")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
@click.option("--format", "kind", type=click.Choice(sorted(ballot_files.WRITERS)), help="By default as FILE ends.")
def export_ballots(public_id: str, path: Path, kind: str | None) -> None:
    """Write the ballots of a counted vote: csv, json; ranked ones also blt (OpaVote) and soi, toc, toi (PrefLib)."""
    actor, session = system_actor("export"), db.session()
    with force_locale("en"):
        try:
            vote = get_vote(session, public_id)
            result = result_of(vote, actor=actor, now=clock.now())
            ballots = counting.ballots_of(session, vote)
            content = ballot_files.build(kind or path.suffix[1:].lower(), counting.election_of(vote), ballots)
        except UccError as fault:
            click.echo(f"{public_id}: {str(fault) or 'there is no such vote or format'}", err=True)
            sys.exit(1)
    path.write_bytes(content)
    click.echo(f"{result['ballots']} ballots, {len(content)} bytes")


@group.command("tick")
def tick() -> None:
    """Open and close the votes whose time has come, and commit to waiting ballots."""
    jobs.open_and_close()
    jobs.batch_waiting()
    click.echo("ok")
