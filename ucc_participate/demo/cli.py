"""``flask … demo load``: a believable city on first start."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from . import content
from .loading import LOGINS, is_loaded, load

group = AppGroup("demo", help="The demonstration city.")


@group.command("load")
def load_demo() -> None:
    """Make the demonstration city, once; the last line says whether it was made now."""
    loaded = is_loaded()
    if not loaded:
        load()
    for login in LOGINS:
        click.echo(f"{login.email:32} {content.PASSWORD:22} {login.role}")
    click.echo("demo already loaded" if loaded else "demo loaded")
