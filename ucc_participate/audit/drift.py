"""The drift check: live tables against what the log says they should hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, current_app
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from . import log, queries

LOOKS = 3

LiveStates = Callable[[Session], Iterable[tuple[str, dict[str, Any]]]]
Faults = Callable[[Session], Iterable[str]]


def register(app: Flask, schema: str, live: LiveStates) -> None:
    """``live(session)`` yields (subject, public state) of every row whose state the log keeps under ``schema``.

    The log may keep more than the row, such as what an organisation was called on the day: that cannot drift.
    """
    app.extensions.setdefault("ucc.drift", {})[schema] = live


def register_faults(app: Flask, faults: Faults) -> None:
    """``faults(session)`` compares rows that are no states which entries repeat; it yields what is wrong, in words."""
    app.extensions.setdefault("ucc.drift_faults", []).append(faults)


def check(session: Session) -> list[str]:
    """Faults in words, each naming row, field and entry; empty when tables and log agree."""
    registered: dict[str, LiveStates] = current_app.extensions.get("ucc.drift", {})
    faults: list[str] = []
    for schema, live in registered.items():
        logged = queries.last_states(session.connection(), schema)
        seen = set()
        for subject, state in live(session):
            seen.add(subject)
            faults += _compare(subject, state, logged.get(subject))
        gone = [(subject, index) for subject, (index, _payload) in logged.items() if subject not in seen]
        faults += [f"{subject}: entry {index} tells of it, its row is gone" for subject, index in gone]
    for more in current_app.extensions.get("ucc.drift_faults", []):
        faults += more(session)
    return faults


def standing_faults(engine: Engine, session: Session) -> list[str]:
    """What ``check`` finds again and again: a change that is under way while a city works is no fault."""
    found: list[str] = []
    for attempt in range(LOOKS):
        log.sequence(engine)
        session.rollback()
        seen = check(session)
        found = [fault for fault in found if fault in set(seen)] if attempt else seen
        if not found:
            break
    return found


def _compare(subject: str, state: dict[str, Any], logged: tuple[int, dict[str, Any]] | None) -> list[str]:
    if logged is None:
        return [f"{subject}: there is a row and no entry"]
    index, payload = logged
    wrong = [name for name, value in state.items() if name in payload and payload[name] != value]
    return [f"{subject}: {name} is not what entry {index} says" for name in wrong]
