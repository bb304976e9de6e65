"""``flask … notifications``: send what waits, now."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from . import sending

group = AppGroup("notifications", help="Mails that wait in the outbox.")


@group.command("send")
def send() -> None:
    """Send every mail that is due. The last line says how many were sent and how many were not."""
    delivered = failed = 0
    while (done := sending.send_due()) != sending.Sent(0, 0):
        delivered, failed = delivered + done.delivered, failed + done.failed
    click.echo(f"sent {delivered} failed {failed}")
    sys.exit(1 if failed else 0)
