"""The city while it is being made: its days, and by name everything that later acts refer to."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from flask import current_app

from ..accounts.models import Account
from ..accounts.references import actor_of
from ..kernel.db import WriteSession, perform
from ..kernel.identity import Actor, Role, system_actor
from ..processes.models import Process
from ..processes.queries import process_to_change
from ..stakeholders.models import Organisation
from .timeline import Timeline

T = TypeVar("T")

OFFICE = system_actor("demonstration")
TEXTS = Path(__file__).parent / "texts"
SEED = 1405


@dataclass(slots=True)
class City:
    """``people`` by e-mail address, ``organisations`` and ``delegates`` by key, ``processes`` by name (public ids),
    ``proposals`` and their ``authors`` by process and title, drafts too."""

    days: Timeline
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))
    people: dict[str, Account] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    delegates: dict[str, str] = field(default_factory=dict)
    processes: dict[str, str] = field(default_factory=dict)
    proposals: dict[tuple[str, str], str] = field(default_factory=dict)
    authors: dict[tuple[str, str], Actor] = field(default_factory=dict)
    votes: dict[str, str] = field(default_factory=dict)
    inventory: dict[str, str] = field(default_factory=dict)

    def resident(self, email: str) -> Actor:
        return actor_of(self.people[email])

    def official(self, email: str) -> Actor:
        return actor_of(self.people[email], Role.COORDINATOR)

    def clerk(self, email: str) -> Actor:
        return actor_of(self.people[email], Role.CLERK)

    def delegate(self, organisation: str) -> Actor:
        """Whoever speaks for this organisation, with the right to do so."""
        person = self.resident(self.delegates[organisation])
        return replace(person, delegations=frozenset({self.organisations[organisation].public_id}))

    def change(self, process: str, at: datetime, work: Callable[..., T], *, actor: Actor = OFFICE, **more: Any) -> T:
        """Run ``work(session, process, …, actor=, now=)`` through the one door."""
        public_id = self.processes[process]

        def unit(session: WriteSession) -> T:
            found: Process = process_to_change(session, public_id, actor=actor)
            return work(session, found, actor=actor, now=at, **more)

        return perform(unit)

    def address(self, process: str, proposal: str) -> str:
        """Where a proposal is read."""
        root = current_app.extensions["ucc.settings"].public_url
        return f"{root}/p/{self.processes[process]}/proposals/{proposal}"


@cache
def text(name: str) -> dict[str, Any]:
    """A file of texts, as its editor wrote it."""
    with (TEXTS / f"{name}.toml").open("rb") as source:
        return tomllib.load(source)
