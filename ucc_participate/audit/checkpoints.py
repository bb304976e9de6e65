"""Signing checkpoints. The signer keeps its own file of the last (size, root) and signs only what extends it.

A database that was rolled back to an older backup is therefore refused on this machine: nothing is signed, an alarm
file is written and the door closes until an operator has looked (docs/operators-guide.md).
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from flask_babel import lazy_gettext as _l
from sqlalchemy import insert
from sqlalchemy.engine import Connection, Engine

from ..kernel.clock import utc_text
from ..kernel.db import table_of
from ..kernel.errors import UccError
from . import log, notes, reading, tree
from .models import Checkpoint


class SignerRefused(UccError):
    """The log does not extend what was signed before: an older copy of the database, or another log."""

    status = 503


class LogClosed(UccError):
    """Changes are refused because the signer has raised its alarm."""

    status = 503


class LogSigner:
    """The log's key and the memory of what it signed, both in ``<instance>/keys``."""

    def __init__(self, folder: Path, origin: str) -> None:
        self.origin = origin
        self._folder = folder
        self._state_file, self._alarm_file = folder / "log_state.json", folder / "log_alarm.txt"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._key = notes.Signer(origin, _stored_seed(folder / "log_key"))

    @property
    def vkey(self) -> str:
        return self._key.vkey

    def promise(self, lines: list[str]) -> str:
        """A signed note over ``<origin>/promise`` and the given lines (docs/record-format.md §7)."""
        return self._key.sign("\n".join([f"{self.origin}/promise", *lines]) + "\n")

    def share(self, body: str) -> str:
        """A signed note over ``<origin>/share`` and one line of JSON (docs/record-format.md §10): never a checkpoint,
        whose second line is a number."""
        if not body.startswith("{") or "\n" in body:
            raise ValueError("what is shared is one line of JSON")
        return self._key.sign(f"{self.origin}/share\n{body}\n")

    @property
    def alarm(self) -> str | None:
        return self._alarm_file.read_text(encoding="utf-8") if self._alarm_file.exists() else None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One signer at a time on this machine, across processes."""
        with open(self._folder / "log_lock", "w", encoding="ascii") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def sign(self, connection: Connection, current: reading.Head, *, has_history: bool) -> str:
        """The signed checkpoint of ``current``, if it extends the last one signed here. Call while locked."""
        size, root = self._state(has_history)
        self._require_extension(connection, size, root, current)
        self._remember(current)
        return self._key.sign(notes.checkpoint_text(self.origin, current.size, current.root))

    def _state(self, has_history: bool) -> tuple[int, bytes]:
        if not self._state_file.exists():
            if has_history:
                raise self._raise_alarm(f"{self._state_file.name} is missing although checkpoints were signed before")
            return 0, tree.EMPTY_ROOT
        state = json.loads(self._state_file.read_text(encoding="ascii"))
        return int(state["size"]), base64.b64decode(state["root"])

    def _require_extension(self, connection: Connection, size: int, root: bytes, current: reading.Head) -> None:
        if current.size < size:
            raise self._raise_alarm(f"the log has {current.size} entries, {size} were signed: an older copy is in use")
        if size == 0:
            return
        proof = tree.consistency_proof(size, current.size, reading.Nodes(connection, current.size))
        try:
            tree.verify_consistency(size, current.size, proof, root, current.root)
        except tree.ProofError:
            raise self._raise_alarm(f"the first {size} entries are not those that were signed") from None

    def _raise_alarm(self, reason: str) -> SignerRefused:
        self._alarm_file.write_text(reason + "\n", encoding="utf-8")
        return SignerRefused(_l("The audit log was not signed: %(reason)s.", reason=reason))

    def _remember(self, current: reading.Head) -> None:
        """The new state is on disk before a signature over it leaves."""
        fresh = self._state_file.with_suffix(".new")
        with open(fresh, "w", encoding="ascii") as handle:
            json.dump({"size": current.size, "root": base64.b64encode(current.root).decode("ascii")}, handle)
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(fresh, self._state_file)


def publish(engine: Engine, signer: LogSigner, *, now: datetime) -> Checkpoint | None:
    """Sequence, tile and sign the log as it stands; the newest checkpoint, or None while the log is empty.

    Raises SignerRefused. Nothing is signed twice: an unchanged log keeps its checkpoint.
    """
    log.sequence(engine)
    with signer.locked(), engine.begin() as connection:
        current = reading.head(connection)
        newest = reading.latest_checkpoint(connection)
        if current.size == 0 or (newest is not None and newest.size == current.size and newest.root == current.root):
            return newest
        reading.integrate(connection)
        note = signer.sign(connection, current, has_history=newest is not None)
        row = {"size": current.size, "root": current.root, "note": note, "signed_at": now}
        connection.execute(insert(table_of(Checkpoint)), row)
        return Checkpoint(**row)


def promise_lines(draft: log.Draft, ballot: str | None, now: datetime) -> list[str]:
    return [draft.commit, draft.subject, draft.type, ballot or "-", utc_text(now)]


def _stored_seed(path: Path) -> bytes:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_bytes(secrets.token_bytes(32))
    return path.read_bytes()
