"""A toy room whose notes can be moderated, and people who write, flag and judge."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import Flask

from tests.accounts.making import CITY, acting, make_account
from ucc_participate.accounts.models import Account
from ucc_participate.audit.log import record
from ucc_participate.kernel.identity import Actor, Role
from ucc_participate.moderation import operations
from ucc_participate.moderation.deciding import Addresses
from ucc_participate.moderation.events import ModerationEvent
from ucc_participate.moderation.kinds import Contribution, ModeratedKind, register
from ucc_participate.moderation.models import Reason, Rules, Standing
from ucc_participate.moderation.screening import screen
from ucc_participate.processes.models import Process
from ucc_participate.processes.queries import process_to_change

WORDS = "This sells something. Please write about the process."
ADDRESSES = Addresses(own=lambda process, case: f"http://city.example/p/{process.public_id}/{case}", site="")


@dataclass
class Notes:
    """The toy room: notes by ref. Its entries carry the text while it is shown, as a real room's do."""

    kept: dict[str, Contribution]

    @property
    def kinds(self) -> dict[str, ModeratedKind]:
        return {"note": ModeratedKind("note", "Note", self.load, self.conceal)}

    def load(self, _session: Any, ref: str) -> Contribution | None:
        return self.kept.get(ref)

    def conceal(self, session: Any, ref: str, standing: Standing, *, actor: Actor, now: datetime) -> None:
        self.kept[ref] = replace(self.kept[ref], standing=standing)
        self.tell(session, ref, actor=actor, now=now)

    def tell(self, session: Any, ref: str, *, actor: Actor, now: datetime) -> None:
        note = self.kept[ref]
        payload = {"text": note.text if note.standing is Standing.SHOWN else None, "standing": note.standing.value}
        facts: dict[str, Any] = {"process": note.process.ref, "schema": "ucc.toy/1", "payload": payload}
        record(session, ModerationEvent.KEPT, actor=actor, subject=ref, now=now, **facts)

    def write(
        self, perform: Any, process: Process, actor: Actor, text: str, *, now: datetime, **facts: Any
    ) -> Contribution:
        """Somebody writes a note; ``place``, ``network`` and ``organisation`` as in a room."""
        ref, organisation = f"note/n{len(self.kept) + 1}", facts.pop("organisation", None)

        def work(session: Any) -> Contribution:
            standing = screen(session, process, actor=actor, text=text, kind="note", ref=ref, now=now, **facts)
            address = f"/p/{process.public_id}"
            writers = (actor.account_id,) if actor.account_id is not None else ()
            made = Contribution(ref, process, writers, "A note", text, address, now, standing, organisation)
            self.kept[ref] = made
            self.tell(session, ref, actor=actor, now=now)
            return made

        made: Contribution = perform(work)
        return made


def make_notes(app: Flask) -> Notes:
    notes = Notes({})
    register(app, notes.kinds["note"])
    return notes


def person(perform: Any, name: str, *roles: Role, now: datetime) -> tuple[Account, Actor]:
    account = make_account(perform, f"{name.lower()}@city.example", now=now, display_name=name, roles=roles)
    return account, acting(account, *roles)


def set_rules(perform: Any, process: Process, *, now: datetime, actor: Actor = CITY, **changes: Any) -> None:
    def work(session: Any) -> None:
        found = process_to_change(session, process.public_id, actor=CITY)
        operations.set_rules(session, found, Rules(**changes), actor=actor, now=now)

    perform(work)


def flag(perform: Any, notes: Notes, ref: str, actor: Actor, *, now: datetime, **facts: Any) -> Any:
    known: dict[str, Any] = {"reason": Reason.SPAM, "words": None, "network": None} | facts
    return perform(lambda s: operations.flag_contribution(s, notes.kinds, ref, **known, actor=actor, now=now))


def hide(perform: Any, notes: Notes, ref: str, actor: Actor, *, now: datetime, **facts: Any) -> Any:
    known: dict[str, Any] = {"reason": Reason.SPAM, "words": WORDS, "addresses": ADDRESSES} | facts
    return perform(lambda s: operations.hide_contribution(s, notes.kinds, ref, **known, actor=actor, now=now))


def judge(perform: Any, notes: Notes, operation: Any, ref: str, actor: Actor, *, now: datetime, **facts: Any) -> Any:
    known: dict[str, Any] = {"addresses": ADDRESSES} | facts
    return perform(lambda s: operation(s, notes.kinds, ref, **known, actor=actor, now=now))
