"""People for tests, made through the domain's own operations, and signed in as a browser is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ucc_participate.accounts import operations, passwords, queries
from ucc_participate.accounts.models import TERMS_VERSION, Account
from ucc_participate.accounts.references import actor_of
from ucc_participate.audit import log
from ucc_participate.audit.models import LogOpening
from ucc_participate.audit.queries import latest_entries, visible_fields
from ucc_participate.kernel.db import db
from ucc_participate.kernel.identity import VISITOR, Actor, Role, system_actor
from ucc_participate.notifications import mailbox, sending

CITY = system_actor("test")
PASSWORD = "seven blue lanterns"
TOKEN = re.compile(r'(name="csrf_token"[^>]*? value=")[^"]*')
LINK = re.compile(r"http://127\.0\.0\.1:8000(/sign-in/link/\S+)")

ACTORS: Mapping[str, Actor] = {
    "visitor": VISITOR,
    "system": CITY,
    **{
        role.value: Actor(f"account:{900 + place}", 900 + place, frozenset({Role.RESIDENT, role}))
        for place, role in enumerate(Role)
        if role not in (Role.VISITOR, Role.SYSTEM)
    },
}


def make_account(
    perform: Any, email: str = "sara@example.org", *, now: datetime, roles: tuple[Role, ...] = (), **facts: Any
) -> Account:
    """Somebody who agreed to the terms, with these roles; ``password`` sets one."""
    password = facts.pop("password", None)
    known: dict[str, Any] = {"display_name": "Sara", "locale": "en", "terms_version": TERMS_VERSION} | facts
    known["password_hash"] = passwords.hash_password(password) if password else None
    made: Account = perform(lambda s: operations.create_account(s, email=email, **known, actor=CITY, now=now))
    for role in roles:
        grant(perform, made, role, now=now)
    return made


def grant(perform: Any, account: Account, role: Role, *, now: datetime, actor: Actor = CITY) -> None:
    perform(lambda s: operations.grant_role(s, queries.get_account(s, account.public_id), role, actor=actor, now=now))


def acting(account: Account, *roles: Role) -> Actor:
    return actor_of(account, *roles)


def sign_in(app: Flask, account: Account, *, now: datetime) -> FlaskClient:
    """A browser in which this account is signed in."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = f"{account.public_id}.{account.session_version}"
        session["since"] = int(now.timestamp())
    return client


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


@dataclass(frozen=True)
class Opened:
    """An entry of the log and what its opening shows."""

    entry: bytes
    values: dict[str, Any]
    payload: dict[str, Any]


def entries(app: Flask) -> list[Opened]:
    """Everything in the log, oldest first."""
    with app.app_context():
        log.sequence(db.engine)
        found = latest_entries(db.session.connection(), limit=500)[::-1]
        openings = {row.position: visible_fields(row) for row in db.session.scalars(select(LogOpening))}
        return [Opened(entry.entry, entry.values, openings.get(entry.position, {})) for entry in found]


def types(app: Flask) -> list[str]:
    return [entry.values["type"] for entry in entries(app)]


def send_mails(app: Flask) -> list[mailbox.StoredMail]:
    """Let the job do its work; every mail so far, newest first."""
    with app.app_context():
        sending.send_due()
    return mailbox.newest(app.extensions["ucc.settings"].instance_path / mailbox.FOLDER, limit=100)


def without_tokens(page: str) -> str:
    """The page without what changes with every second: CSRF tokens carry the moment of their making."""
    return TOKEN.sub(r"\1", page)


def newest_link(app: Flask) -> str:
    """The path of the link in the newest mail."""
    found = LINK.search(send_mails(app)[0].body)
    assert found is not None
    return found[1]
