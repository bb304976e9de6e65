"""Counting the steps of a unit of work as its database sees them, and doing something at one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

Step = Callable[[int, str], None]
COMMIT = "COMMIT"


@contextmanager
def at_every_step(engine: Engine, do: Step) -> Iterator[None]:
    """Calls ``do(number, statement)`` before each statement that writes may need, and before COMMIT; from 1."""
    number = 0

    def step(statement: str) -> None:
        nonlocal number
        number += 1
        do(number, statement)

    def before_statement(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        step(statement)

    def before_commit(_connection: Any) -> None:
        step(COMMIT)

    event.listen(engine, "before_cursor_execute", before_statement)
    event.listen(engine, "commit", before_commit)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", before_statement)
        event.remove(engine, "commit", before_commit)
