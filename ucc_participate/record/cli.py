"""``flask … record``: export the participation record of a process."""

from __future__ import annotations

import shutil
from pathlib import Path

import click
from flask.cli import AppGroup

from . import exporting

group = AppGroup("record", help="The participation record.")


@group.command("export")
@click.argument("process", metavar="PROCESS")
@click.option("--output", type=click.Path(dir_okay=False, writable=True, path_type=Path), default="record.zip")
def export(process: str, output: Path) -> None:
    """Write the record of PROCESS (its public id). The last line is the citation line of the record."""
    made = exporting.export(process)
    shutil.copyfile(made.path, output)
    click.echo(f"{output}: {output.stat().st_size} bytes, log of {made.summary['size']} entries")
    click.echo(made.summary["citation"])
