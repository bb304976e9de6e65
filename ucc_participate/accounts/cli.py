"""``flask … accounts``: the first coordinator, other roles, and links when mail does not arrive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from ..kernel import clock, i18n
from ..kernel.db import perform
from ..kernel.errors import NotFound, UccError
from ..kernel.identity import Role, system_actor
from . import jobs, leftovers, operations, queries, sessions
from .models import GRANTABLE_ROLES, Account

T = TypeVar("T")

ACTOR = system_actor("command-line")
ROLES = click.Choice([role.value for role in GRANTABLE_ROLES])


class _Email(click.ParamType[str]):
    name = "email"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        address = value.strip().lower()
        name, _at, host = address.rpartition("@")
        if not name or "." not in host or " " in address:
            self.fail(f"{value!r} is not an e-mail address", param, ctx)
        return address


EMAIL = _Email()

group = AppGroup("accounts", help="People and their roles.")


@group.command("grant")
@click.argument("email", type=EMAIL)
@click.argument("role", type=ROLES)
@click.option("--name", help="Name of a person who has no account yet.")
@click.option("--function", help="Their function in the municipality.")
def grant(email: str, role: str, name: str | None, function: str | None) -> None:
    """Give somebody a role, open their account when there is none, and print a link that signs them in once."""
    now = clock.now()
    _run(lambda session: _ensure_account(session, email, name, function, now))
    _run(lambda session: operations.grant_role(session, _account(session, email), Role(role), actor=ACTOR, now=now))
    _print_link(email, now)


@group.command("revoke")
@click.argument("email", type=EMAIL)
@click.argument("role", type=ROLES)
def revoke(email: str, role: str) -> None:
    """End a role. The last coordinator keeps theirs."""
    now = clock.now()
    _run(lambda session: operations.revoke_role(session, _account(session, email), role, actor=ACTOR, now=now))
    click.echo(f"revoked {role}")


@group.command("link")
@click.argument("email", type=EMAIL)
def link(email: str) -> None:
    """Print a link that signs this person in once, within half an hour."""
    _print_link(email, clock.now())


@group.command("reapply-erasures")
@click.option("--list", "path", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Another list.")
def reapply_erasures(path: Path | None) -> None:
    """After a restore: erase again whom the list of erasures names. The last line says how many."""
    listed = leftovers.erased(path or Path(current_app.instance_path) / leftovers.LIST)
    click.echo(f"erased {jobs.erase_again(listed)}")


@group.command("retain")
def retain() -> None:
    """Remove now what is past its time; one line a rule."""
    for rule, count in jobs.run().items():
        click.echo(f"{rule} {count}")


def _ensure_account(session: Session, email: str, name: str | None, function: str | None, now: datetime) -> None:
    if queries.account_by_email(session, email) is None:
        operations.create_account(
            session,
            email=email,
            display_name=name or email.partition("@")[0],
            locale=i18n.select_locale(),
            function=function,
            actor=ACTOR,
            now=now,
        )


def _account(session: Session, email: str) -> Account:
    found = queries.account_by_email(session, email)
    if found is None:
        raise NotFound(f"There is no account with the address {email}.")
    return found


def _print_link(email: str, now: datetime) -> None:
    token = _run(lambda session: operations.issue_link(session, _account(session, email), actor=ACTOR, now=now))
    click.echo(sessions.link_addresses()(token))


def _run(work: Callable[[Session], T]) -> T:
    """One change through the door; a refusal ends the command with its reason."""
    try:
        return perform(work)
    except UccError as refusal:
        with i18n.writing_for("en"):
            raise click.ClickException(str(refusal)) from None
