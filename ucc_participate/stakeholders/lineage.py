"""What higher domains know of an entry that is merged: what moves, what stays as it was written, what forbids it.

A domain puts a ``MergePart`` into ``app.extensions["ucc.merge_parts"]``. Rule for all: what stands in the log stays as
it was written and is counted for the survivor (``Organisation.merged_into_id``); what is still to come moves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from ..kernel.decision import ALLOWED, Decision
from ..kernel.identity import Actor
from .models import Organisation


@dataclass(frozen=True, slots=True)
class Holding:
    """Something that belongs to an entry: what it is, how many, and what a merge does to it (lazy texts)."""

    what: Any
    number: int
    becomes: Any


class Move(Protocol):
    def __call__(
        self, session: Session, merged: Organisation, survivor: Organisation, *, actor: Actor, now: datetime
    ) -> None: ...


def _move_nothing(
    session: Session, merged: Organisation, survivor: Organisation, *, actor: Actor, now: datetime
) -> None:
    """Everything stays as it was written."""


def _lock_nothing(_session: Session) -> None:
    """Nothing else may change the answer."""


def _allow(_session: Session, _merged: Organisation, _survivor: Organisation) -> Decision:
    return ALLOWED


@dataclass(frozen=True, slots=True)
class MergePart:
    """``holdings``: what the entry that goes has. ``decide``: whether the two may be merged now. ``lock``: called first
    by the operation, so that the answer holds until it is done. ``move``: part of the operation, with its own audit
    entries."""

    holdings: Callable[[Session, Organisation], list[Holding]]
    decide: Callable[[Session, Organisation, Organisation], Decision] = _allow
    move: Move = _move_nothing
    lock: Callable[[Session], None] = _lock_nothing
