"""The one place that asks what time it is. Operations get ``now`` as an argument."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Protocol

from flask import current_app


class Clock(Protocol):
    def now(self) -> datetime: ...


class SystemClock:
    def now(self) -> datetime:
        """The present moment, aware, in UTC, whole microseconds."""
        return datetime.now(timezone.utc)


class FrozenClock:
    """A clock that a test sets and moves by hand."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def advance(self, **units: float) -> datetime:
        self.at += timedelta(**units)
        return self.at


def now() -> datetime:
    """The application's present moment (aware, UTC)."""
    clock: Clock = current_app.extensions["ucc.clock"]
    return clock.now()


def utc_text(moment: datetime) -> str:
    """``2026-11-22T21:57:20Z``: how a moment is written in the log."""
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_utc_text(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
