"""How handing in hooks into the application."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ..accounts.purposes import DataKind
from ..audit import drift
from ..dossier.queries import application_of
from ..kernel import web
from ..kernel.db import db
from ..kernel.identity import Actor
from ..kernel.web import current_actor
from ..processes import frame
from ..processes.models import Process
from ..settings import Settings
from . import operations, policies, queries, seats
from .content import FILES
from .exporting import SHELF
from .models import Evaluator, Question
from .shaping import CITED


def init_app(app: Flask) -> None:
    """``ucc.dossier_files`` (content.py) and ``ucc.cited_words`` (shaping.py) are lists that other rooms add to."""
    app.extensions.setdefault(FILES, [])
    app.extensions.setdefault(CITED, [])
    app.extensions.setdefault(frame.PARTS, []).append(_application)
    web.register_policies(app, policies, Evaluator, Question)
    drift.register(app, "ucc.evaluator/1", queries.live_evaluators)
    drift.register(app, "ucc.evaluator_question/1", queries.live_questions)
    app.extensions["ucc.shelves"].append(SHELF)
    app.extensions.setdefault("ucc.retention", {})["evaluators"] = _forget_evaluators
    app.extensions.setdefault("ucc.personal_data_kinds", []).append(_KIND)
    seats.init_app(app)


def _application(process: Process) -> frame.Entry | None:
    found = application_of(db.session(), process)
    is_read = found is not None and (found.is_frozen or policies.has_seat(current_actor()))
    return frame.part(_("Application"), "submission.show", process) if is_read else None


def _forget_evaluators(session: Session, _settings: Settings, actor: Actor, now: datetime) -> int:
    return operations.forget_evaluators(session, actor=actor, now=now)


_KIND = DataKind(
    "evaluators",
    _l("That you evaluate the dossier of the city"),
    _l("So that you can read it by a link, and so that it can be seen who asked what."),
    _l("The city’s public task of applying, and its duty to show that the process was honest."),
    _l("Name: until a day after the invitation has ended. The mail address is used for the link and not kept."),
    _l("Name: the city’s staff. For which office you evaluate, your questions and their answers: everybody."),
    frozenset({"evaluator.name", "evaluator.invited_by", "evaluator_question.answered_by"}),
)
