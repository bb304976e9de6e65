"""How migrations run: on the application's own engine, in one transaction on both databases."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from ucc_participate.kernel.db import UtcDateTime, db
from ucc_participate.proposals.search import is_of_models


def render_item(kind: str, thing: Any, _autogen: Any) -> str | bool:
    """Write our own column types as the plain ones that they are in the database."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def migrate(connection: Connection) -> None:
    """Run the scripts inside the transaction that is already open on ``connection``."""
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        compare_server_default=True,
        transactional_ddl=True,
        render_item=render_item,
        include_name=is_of_models,
        **current_app.extensions["migrate"].configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()


def without_foreign_keys(connection: Connection) -> None:
    """SQLite rebuilds a table by dropping it: with foreign keys on, its rows would take others with them."""
    raw: Any = connection.connection.driver_connection
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        migrate(connection)
        broken = raw.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"The migration leaves rows that point nowhere: {broken[:5]}")
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


if context.is_offline_mode():
    raise SystemExit("Migrations change data as well as tables, so they need the database itself, not --sql.")

with db.engine.connect() as connection:
    if connection.dialect.name == "sqlite":
        without_foreign_keys(connection)
    else:
        migrate(connection)
