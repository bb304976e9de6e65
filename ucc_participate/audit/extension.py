"""The log of one application: its signer, its place behind the door, and when checkpoints are signed."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask, current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy.engine import Engine

from ..kernel.clock import Clock
from ..kernel.db import Door
from . import log
from .checkpoints import LogClosed, LogSigner, SignerRefused, publish
from .models import Checkpoint


class AuditLog:
    """What the application knows of its log."""

    def __init__(self, door: Door, signer: LogSigner, clock: Clock, every: timedelta) -> None:
        self.engine: Engine = door.engine
        self.signer = signer
        self._clock, self._every = clock, every
        self._signing = threading.Lock()
        self._last_signed: datetime | None = None
        door.append = log.append
        door.after_commit = self._after_commit
        door.closed_because = self._closed_because

    def publish(self) -> Checkpoint | None:
        """Sign the log as it stands."""
        with self._signing:
            now = self._clock.now()
            checkpoint = publish(self.engine, self.signer, now=now)
            self._last_signed = now
            return checkpoint

    def publish_if_due(self) -> None:
        """Sign unless a checkpoint was signed within the interval, or is being signed."""
        due = self._last_signed is None or self._clock.now() - self._last_signed >= self._every
        if due and not self._signing.locked():
            self.publish()

    def _after_commit(self, entries: Sequence[log.Draft]) -> None:
        """Sign a milestone at once; the act is committed already, so a refusal to sign only raises the alarm."""
        if any(entry.is_milestone for entry in entries):
            try:
                self.publish()
            except SignerRefused as refusal:
                current_app.logger.error("audit: %s", refusal.reason)

    def _closed_because(self) -> Exception | None:
        alarm = self.signer.alarm
        if alarm is None:
            return None
        reason = alarm.strip()
        return LogClosed(_l("The audit log has raised an alarm, nothing can be changed: %(reason)s", reason=reason))


def init_app(app: Flask, *, instance: Path, origin: str, every: timedelta) -> None:
    signer = LogSigner(instance / "keys", origin)
    app.extensions["ucc.audit"] = AuditLog(app.extensions["ucc.door"], signer, app.extensions["ucc.clock"], every)


def audit_log() -> AuditLog:
    found: AuditLog = current_app.extensions["ucc.audit"]
    return found
