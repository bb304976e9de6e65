"""Who sits on an evaluator's seat in this browser: a mark in the session, good for the rooms of one process.

It is no sign-in: everything that asks for one stays closed. Whoever signs in leaves the seat.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, g, request, session

from ..kernel import clock
from ..kernel.db import db
from ..kernel.identity import Actor
from . import queries
from .models import Evaluator
from .policies import has_seat

MARK = "seat"
ROOMS = frozenset({"submission", "plan", "record", "partners"})
"""Rooms in which a seat counts; elsewhere who sits on it is a visitor like any other."""


def sit(evaluator: Evaluator) -> None:
    """Nothing of the old session stays."""
    session.clear()
    session.permanent = True
    session[MARK] = evaluator.public_id
    g.pop("actor", None)


def leave() -> None:
    session.pop(MARK, None)
    g.pop("actor", None)


def has_sat() -> bool:
    """Whether somebody took a seat in this browser, also one that has ended."""
    return MARK in session


def seat_of(process_id: str) -> Evaluator | None:
    """The seat of this browser, while it stands and if it is one of this process."""
    public_id = session.get(MARK)
    found = queries.evaluator_at(db.session(), str(public_id)) if public_id else None
    if found is None or found.process.public_id != process_id or not found.may_read(clock.now()):
        return None
    return found


def seated_actor() -> Actor | None:
    process_id: Any = (request.view_args or {}).get("process_id")
    if MARK not in session or request.blueprint not in ROOMS or process_id is None:
        return None
    evaluator = seat_of(str(process_id))
    return evaluator.seated if evaluator is not None else None


def init_app(app: Flask) -> None:
    """Accounts first: a seat is asked only where nobody is signed in."""
    signed_in = app.extensions["ucc.load_actor"]
    app.extensions["ucc.load_actor"] = lambda: signed_in() or seated_actor()
    app.after_request(_keep_private)


def _keep_private(response: Response) -> Response:
    """What is read from a seat stays in no cache, the files of a draft neither."""
    if "actor" in g and has_seat(g.actor):
        response.headers["Cache-Control"] = "private, no-store"
    return response
