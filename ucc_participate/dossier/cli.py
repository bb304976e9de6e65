"""Forms on the command line."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from ..kernel import clock
from ..kernel.db import perform
from ..kernel.errors import UccError
from ..kernel.identity import system_actor
from . import operations
from .shipped import shipped

group = AppGroup("forms", help="Editions of official forms.")


@group.command("load")
def load() -> None:
    """Enter every form of this release that is not there yet. What is there stays."""
    actor, now, wrong = system_actor("forms"), clock.now(), 0
    for code in shipped():
        try:
            perform(lambda s, code=code: operations.load_shipped_form(s, code, actor=actor, now=now))  # type: ignore[misc]
            click.echo(f"{code}: there")
        except UccError as refusal:
            wrong += 1
            click.echo(f"{code}: {refusal}", err=True)
    if wrong:
        raise SystemExit(1)
