"""What can be discussed. A higher domain registers its things; a discussion knows them by their ref alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, current_app
from sqlalchemy.orm import Session

from ..kernel.identity import Actor
from ..processes.models import Process

EXTENSION = "ucc.discussed"


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject as far as its discussion needs it. ``author_ids``: who is told of comments.

    ``refusal``: why it takes no comments, whatever the phase, as lazy text; None when it does.
    ``title``: as its author wrote it, or lazy text. ``process``: with its phases. ``until``: a round of comments of its
    own, which takes them up to this moment whatever the phases say. ``takes_answers``: whether the city may reply to
    what was said there when nobody can comment any more.
    """

    ref: str
    process: Process
    title: Any
    language: str
    author_ids: tuple[int, ...] = ()
    refusal: Any = None
    until: datetime | None = None
    takes_answers: bool = False


Load = Callable[[Session, str, Actor, datetime], Topic | None]


@dataclass(frozen=True, slots=True)
class Discussed:
    """A kind of subject. ``load(session, ref, actor, now)`` runs in operations too, so it knows no Flask.

    It returns None for what is not there or what the actor may not see. ``address(process, ref)``: its page, for views.
    ``label``: what such a thing is called, lazy.
    """

    label: Any
    load: Load
    address: Callable[[Process, str], str]


def register(app: Flask, name: str, kind: Discussed) -> None:
    """``name`` is the first part of the refs: ``proposal`` of ``proposal/8f3k…``."""
    app.extensions.setdefault(EXTENSION, {})[name] = kind


def kind_of(ref: str) -> Discussed | None:
    kinds: dict[str, Discussed] = current_app.extensions.get(EXTENSION, {})
    return kinds.get(ref.partition("/")[0])
