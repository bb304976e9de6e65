"""How the register hooks into the application: into freezing, drafts of the report, reminders, the drift check."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from ..audit import drift
from ..dossier.blockers import FROZEN
from ..dossier.drafts import EXTENSION
from ..dossier.models import Dossier
from ..kernel.i18n import site_day
from ..kernel.identity import Actor
from ..kernel.web import register_policies
from . import jobs, operations, policies, queries, readying
from .drafting import DRAFTS
from .models import Commitment, Reading

REMIND_SECONDS = 3600.0


def init_app(app: Flask) -> None:
    """``ucc.plan_frozen``: callables (session, plan, version, *, actor, now) that run inside the freezing of a plan;
    ``version`` has its content."""
    register_policies(app, policies, Commitment, Reading)
    app.extensions.setdefault("ucc.plan_frozen", []).append(operations.enter_promises)
    app.extensions.setdefault(FROZEN, []).append(_hand_in)
    app.extensions.setdefault(EXTENSION, {}).update(DRAFTS)
    app.extensions.setdefault("ucc.readiness", []).append(readying.tell)
    drift.register(app, "ucc.designation/1", queries.live_designations)
    drift.register(app, "ucc.commitment/1", queries.live_commitments)
    drift.register(app, "ucc.reading/1", queries.live_readings)
    drift.register(app, "ucc.conference/1", queries.live_conferences)
    app.extensions["ucc.jobs"].add("commitments.remind", jobs.remind_coordinators, every_seconds=REMIND_SECONDS)


def _hand_in(session: Session, dossier: Dossier, /, *, actor: Actor, now: datetime, size: int) -> Any:
    operations.hand_in_report(session, dossier, today=site_day(now), actor=actor, now=now)
