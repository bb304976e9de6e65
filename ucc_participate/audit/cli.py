"""``flask … audit``: verify the log, check the tables against it, print its key, sign now."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from ..kernel.db import db
from . import drift, log, queries
from .extension import audit_log

group = AppGroup("audit", help="The audit log.")


@group.command("verify")
def verify() -> None:
    """Recompute the Merkle tree from the stored bytes and compare it with every signed checkpoint."""
    log.sequence(db.engine)
    size, faults = queries.verify_log(db.session.connection())
    _report(faults, f"{size} entries verified")


@group.command("check")
def check() -> None:
    """Compare the live tables with what the log says they should hold (drift check)."""
    _report(drift.standing_faults(db.engine, db.session()), "tables and log agree")


@group.command("vkey")
def vkey() -> None:
    """Print the log's verification key in signed-note form."""
    click.echo(audit_log().signer.vkey)


@group.command("checkpoint")
def checkpoint() -> None:
    """Sign the log as it stands and print the checkpoint."""
    newest = audit_log().publish()
    click.echo(newest.note if newest is not None else "empty")


def _report(faults: list[str], success: str) -> None:
    for fault in faults:
        click.echo(fault)
    click.echo(f"failed {len(faults)}" if faults else f"ok {success}")
    sys.exit(1 if faults else 0)
