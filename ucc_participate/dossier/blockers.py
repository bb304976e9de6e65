"""What stands in the way of freezing a dossier, thing by thing, each with the page where it is put right.

``app.extensions["ucc.dossier_blockers"]`` is a list of functions ``(session, dossier, now) -> list[Blocker]``; those of
this room stand in ``gaps.py``. ``app.extensions["ucc.dossier_frozen"]`` is a list of functions
``(session, dossier, *, actor, now, size)`` that run inside the freezing, to fix what they own at that size of the log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flask import Flask, current_app
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from ..kernel.identity import Actor
from .models import Dossier

BLOCKERS = "ucc.dossier_blockers"
FROZEN = "ucc.dossier_frozen"
WORDS = "ucc.blocker_words"
"""``app.extensions``: functions from a code to the words for what was passed over, None for codes of others."""


@dataclass(frozen=True, slots=True)
class Blocker:
    """``code``: stable, unique within a dossier (``answer.8.en.missing``); an override names it.

    ``text``: what is missing, in the reader's language. ``url``: where to put it right, "" for nowhere.
    ``can_override``: whether a coordinator may freeze all the same, with a reason that is published.
    """

    code: str
    text: str | LazyString
    url: str = ""
    can_override: bool = False


def passed_over(dossier: Dossier) -> list[tuple[str | LazyString, str]]:
    """What was passed over in freezing, in words, with the published reason of each."""
    asked: list[WordsOf] = current_app.extensions.get(WORDS, [])

    def words(code: str) -> str | LazyString:
        return next((found for ask in asked if (found := ask(code))), code)

    return [(words(each["code"]), each["reason"]) for each in dossier.overrides or []]


class WhenFrozen(Protocol):
    def __call__(self, session: Session, dossier: Dossier, /, *, actor: Actor, now: datetime, size: int) -> None: ...


WordsOf = Callable[[str], str | LazyString | None]
BlockersOf = Callable[[Session, Dossier, datetime], Iterable[Blocker]]


@dataclass(frozen=True, slots=True)
class Rooms:
    """Everybody who is asked before a freezing and told within it; ``rooms()`` makes it.

    The unit of work may run on the thread of the one writer, outside any request: what rooms do with addresses and
    words happens in a request context of its own.
    """

    blockers: BlockersOf
    tell: WhenFrozen


def blockers_of(session: Session, dossier: Dossier, now: datetime) -> list[Blocker]:
    """All of them, in the order in which the rooms have registered. Needs a request."""
    asked: list[BlockersOf] = current_app.extensions.get(BLOCKERS, [])
    return [blocker for ask in asked for blocker in ask(session, dossier, now)]


def rooms() -> Rooms:
    """To be called where the application is known, and handed to the operation that freezes."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

    def ask(session: Session, dossier: Dossier, now: datetime) -> list[Blocker]:
        with app.test_request_context():
            return blockers_of(session, dossier, now)

    def tell(session: Session, dossier: Dossier, /, *, actor: Actor, now: datetime, size: int) -> None:
        told: list[WhenFrozen] = app.extensions.get(FROZEN, [])
        with app.test_request_context():
            for each in told:
                each(session, dossier, actor=actor, now=now, size=size)

    return Rooms(ask, tell)
