"""What can be moderated: each room that publishes what people write says how its contributions are read and concealed.

A room registers ``ModeratedKind("comment", _l("Comment"), load, conceal, text_fields=("text",))`` with ``register`` in
its setup, gives its rows a column ``standing`` (moderation.models.Standing, SHOWN at first), and

- calls ``screening.screen(…, ref=row.ref, …)`` inside the operation that publishes and keeps what it answers in the
  row; while that is HELD, the entry of the log must not hold the text: write the fields of ``text_fields`` as None;
- leaves out of its lists, search, feeds and interfaces what is not SHOWN, except for its authors and moderators;
- in ``conceal`` sets the row's standing and writes its own state entry: with the text when SHOWN, without it otherwise.
  It locks its row, so that no edit comes between. What older entries opened of ``text_fields`` is withheld by
  moderation after that.

Views call ``known_kinds()`` and hand it on; operations run without an application context. Forms of contributions
derive from ``moderation.forms.ScreenedForm``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from flask import Flask, current_app
from sqlalchemy.orm import Session

from ..kernel.errors import NotFound
from ..kernel.identity import Actor
from ..processes.models import Process
from .models import Standing

EXTENSION = "ucc.moderated"


@dataclass(frozen=True, slots=True)
class Contribution:
    """One contribution as moderators see it. ``address``: the path of the page on which it stands.

    ``organisation``: public id of the organisation in whose name it was written, None for a person's own.
    ``subject``: what the room's own entries in the log are about, when that is not ``ref``.
    """

    ref: str
    process: Process
    author_ids: tuple[int, ...]
    title: str
    text: str
    address: str
    written_at: datetime
    standing: Standing
    organisation: str | None = None
    subject: str | None = None

    @property
    def kind(self) -> str:
        return kind_of(self.ref)


class Conceal(Protocol):
    """Sets the row's standing and writes the room's own state entry."""

    def __call__(self, session: Session, ref: str, standing: Standing, *, actor: Actor, now: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class ModeratedKind:
    """``name``: the first part of refs; ``label``: lazy text; ``load`` gives None for what is not there (any more).

    ``load`` is given everything whatever its standing; on PostgreSQL ``conceal`` locks its own row.
    ``text_fields``: fields of the room's payloads that hold what its author wrote.
    ``load_many``: by ref, for the queue; without it each is loaded alone.
    """

    name: str
    label: Any
    load: Callable[[Session, str], Contribution | None]
    conceal: Conceal
    text_fields: tuple[str, ...] = ("text",)
    load_many: Callable[[Session, Sequence[str]], Mapping[str, Contribution]] | None = None


Kinds = Mapping[str, ModeratedKind]


def register(app: Flask, kind: ModeratedKind) -> None:
    app.extensions.setdefault(EXTENSION, {})[kind.name] = kind


def known_kinds() -> Kinds:
    """Every kind that this installation has, by name. Operations are given it: they know no application."""
    found: Kinds = current_app.extensions.get(EXTENSION, {})
    return found


def kind_of(ref: str) -> str:
    return ref.partition("/")[0]


def kind_for(kinds: Kinds, ref: str) -> ModeratedKind:
    """The kind of a ref. Raises NotFound for one that nobody registered."""
    found = kinds.get(kind_of(ref))
    if found is None:
        raise NotFound()
    return found


def load_contribution(kinds: Kinds, session: Session, ref: str) -> Contribution:
    """Raises NotFound for what is not there."""
    found = kind_for(kinds, ref).load(session, ref)
    if found is None:
        raise NotFound()
    return found


def load_all(kinds: Kinds, session: Session, refs: Sequence[str]) -> dict[str, Contribution]:
    """By ref, of whatever kinds; what is not there (any more) is left out."""
    found: dict[str, Contribution] = {}
    for name, kind in kinds.items():
        mine = [ref for ref in refs if kind_of(ref) == name]
        if mine and kind.load_many is not None:
            found |= kind.load_many(session, mine)
        elif mine:
            found |= {ref: one for ref in mine if (one := kind.load(session, ref)) is not None}
    return found
