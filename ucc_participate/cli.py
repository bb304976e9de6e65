"""Commands that belong to no domain; the domains' own are in their ``cli.py``."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext


@click.command("worker")
@click.option("--once", is_flag=True, help="Run every job once and end.")
@with_appcontext
def worker(once: bool) -> None:
    """Do what is due by the clock: send mails, open and close votes, sign checkpoints."""
    jobs = current_app.extensions["ucc.jobs"]
    click.echo(", ".join(jobs.names))
    if once:
        jobs.run_all()
    else:
        jobs.run_forever()
