"""What people can follow: processes, proposals, and whatever higher domains bring (``ucc.followable``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import current_app
from sqlalchemy.orm import Session

from ..kernel.identity import VISITOR, Actor
from ..processes.models import Process
from .news import Titles


@dataclass(frozen=True, slots=True)
class Followed:
    """Something that can be followed. ``address``: the path of its page; ``process``: of which it is a part."""

    title: Titles
    address: str
    process: Process | None


Followable = Callable[[Session, str, Actor], Followed | None]
"""``followable(session, ref, actor)``: None when there is no such thing, or the actor may not see it."""


def find_followed(session: Session, ref: str, actor: Actor) -> Followed | None:
    """What a ref names, as far as the actor may see it. Needs a request, whose addresses it makes."""
    known: dict[str, Followable] = current_app.extensions["ucc.followable"]
    kind = known.get(ref.partition("/")[0])
    return kind(session, ref, actor) if kind is not None else None


def find_all(session: Session, refs: Iterable[str], actor: Actor = VISITOR) -> dict[str, Followed]:
    """As find_followed, for several refs; without those of which the actor may not know."""
    found = {ref: find_followed(session, ref, actor) for ref in sorted(set(refs))}
    return {ref: followed for ref, followed in found.items() if followed is not None}
