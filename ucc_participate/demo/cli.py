"""``flask … demo load``: a believable city on first start."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from .loading import is_loaded, load
from .people import LOGINS, PASSWORD

group = AppGroup("demo", help="The demonstration city.")

FIRST_STEPS = (
    "First: sign in as the citizen and vote in “Art in the neighbourhood”; then open Record of last year’s process, "
    "fetch it and check it with its own verify.py."
)


@group.command("load")
def load_demo() -> None:
    """Make the demonstration city, once; the last line says whether it was made now."""
    loaded = is_loaded()
    if not loaded:
        load()
    for login in LOGINS:
        click.echo(f"{login.email:32} {PASSWORD:22} {login.role}")
    click.echo(FIRST_STEPS)
    click.echo("demo already loaded" if loaded else "demo loaded")
