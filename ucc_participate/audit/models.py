"""Tables of the append-only log. Only ``audit.log`` and ``audit.checkpoints`` write them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ..kernel.db import Model

BigId = BigInteger().with_variant(Integer, "sqlite")
HOUSEKEEPING = {"info": {"housekeeping": "the log's own tables"}}


class LogEntry(Model):
    """One entry: ``entry`` are the canonical bytes, ``leaf`` their RFC 6962 leaf hash, ``position`` the index from 0.

    ``subject``, ``process`` and ``type`` repeat what the bytes say, for look-ups. Triggers refuse UPDATE and DELETE.
    """

    __tablename__ = "log_entry"
    __table_args__ = (
        Index("ix_log_entry_subject", "subject", "position"),
        Index("ix_log_entry_process", "process", "position"),
        HOUSEKEEPING,
    )

    position: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    entry: Mapped[bytes] = mapped_column(LargeBinary)
    leaf: Mapped[bytes] = mapped_column(LargeBinary)
    subject: Mapped[str] = mapped_column(String(200))
    process: Mapped[str | None] = mapped_column(String(60))
    type: Mapped[str] = mapped_column(String(60))


class LogOpening(Model):
    """What opens an entry's commitment. Erasing removes ``salt`` and values and keeps what the other fields need.

    ``fields``: canonical JSON text of the payload; after an erasure ``kept``: ``{"name": ["s_f hex", value]}`` of what
    stays, ``withheld``: ``{"name": "d_f hex"}`` of what was removed.
    """

    __tablename__ = "log_opening"
    __table_args__ = (
        Index("ix_log_opening_subject", "subject", "position"),
        HOUSEKEEPING,
    )

    position: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    subject: Mapped[str] = mapped_column(String(200))
    process: Mapped[str | None] = mapped_column(String(60), index=True)
    schema: Mapped[str] = mapped_column(String(60))
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    fields: Mapped[str | None] = mapped_column(Text)
    kept: Mapped[str | None] = mapped_column(Text)
    withheld: Mapped[str | None] = mapped_column(Text)


class LogQueue(Model):
    """PostgreSQL only: entries of committed changes that wait for their index."""

    __tablename__ = "log_queue"
    __table_args__ = (HOUSEKEEPING,)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    draft: Mapped[str] = mapped_column(Text)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    fields: Mapped[str | None] = mapped_column(Text)


class LogHead(Model):
    """One row: size, root and compact range of the tree."""

    __tablename__ = "log_head"
    __table_args__ = (HOUSEKEEPING,)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    root: Mapped[bytes] = mapped_column(LargeBinary)
    frontier: Mapped[bytes] = mapped_column(LargeBinary)
    last_time: Mapped[str] = mapped_column(String(20))


class LogTile(Model):
    """A full tile: 256 hashes of one level, with the root over them."""

    __tablename__ = "log_tile"
    __table_args__ = (HOUSEKEEPING,)

    level: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    hashes: Mapped[bytes] = mapped_column(LargeBinary)
    root: Mapped[bytes] = mapped_column(LargeBinary)


class LogSubject(Model):
    """The commitment of each subject's newest entry: what its next entry names as ``prev``."""

    __tablename__ = "log_subject"
    __table_args__ = (HOUSEKEEPING,)

    subject: Mapped[str] = mapped_column(String(200), primary_key=True)
    commitment: Mapped[str] = mapped_column(String(64))


class LogPseudonym(Model):
    """How the log calls a person within one scope. Erasing a person deletes these rows."""

    __tablename__ = "log_pseudonym"
    __table_args__ = (HOUSEKEEPING,)

    person: Mapped[str] = mapped_column(String(80), primary_key=True)
    scope: Mapped[str] = mapped_column(String(80), primary_key=True)
    pseudonym: Mapped[str] = mapped_column(String(32), unique=True)


class Checkpoint(Model):
    """A signed checkpoint of the log, as published."""

    __tablename__ = "log_checkpoint"
    __table_args__ = (HOUSEKEEPING,)

    size: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(LargeBinary)
    note: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime]


def append_only_statements(dialect: str) -> list[str]:
    """SQL of the triggers that refuse to change the log; used by the migration that makes its tables."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER log_entry_no_{verb.lower()} BEFORE {verb} ON log_entry "
            "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    return [
        "CREATE FUNCTION log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the log is append-only'; END $$",
        "CREATE TRIGGER log_entry_no_change BEFORE UPDATE OR DELETE ON log_entry "
        "FOR EACH ROW EXECUTE FUNCTION log_is_append_only()",
        "CREATE TRIGGER log_entry_no_truncate BEFORE TRUNCATE ON log_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION log_is_append_only()",
    ]


def drop_append_only_statements(dialect: str) -> list[str]:
    if dialect == "sqlite":
        return ["DROP TRIGGER log_entry_no_update", "DROP TRIGGER log_entry_no_delete"]
    return [
        "DROP TRIGGER log_entry_no_truncate ON log_entry",
        "DROP TRIGGER log_entry_no_change ON log_entry",
        "DROP FUNCTION log_is_append_only()",
    ]


Payload = dict[str, Any]
