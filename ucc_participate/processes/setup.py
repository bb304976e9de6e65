"""How processes hook into the application: policies, drift checks, what stands around their pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from ..accounts.models import Account
from ..accounts.retention import months_before
from ..audit import drift
from ..kernel.clock import utc_text
from ..kernel.db import db
from ..kernel.identity import Actor
from ..kernel.web import register_policies
from ..settings import Settings
from ..stakeholders.models import Organisation
from . import frame, merging, operations, policies, queries
from .models import Process
from .timetable import days_left
from .wording import INVITATION_STATES


def init_app(app: Flask) -> None:
    """``ucc.unanswered``: callable (session, process) → number of proposals without an answer; proposals say it.
    ``ucc.process_panels``: callables (process) → Markup or None, shown on the page of the process.
    """
    register_policies(app, policies, Process)
    drift.register(app, "ucc.process/1", queries.live_processes)
    drift.register(app, "ucc.stakeholder/1", queries.live_invitations)
    app.extensions.setdefault("ucc.unanswered", lambda _session, _process: 0)
    app.extensions.setdefault("ucc.process_panels", [])
    app.extensions.setdefault("ucc.organisation_panels", []).append(_panel_of_organisation)
    app.extensions.setdefault("ucc.personal_data", []).append(_participations)
    app.extensions.setdefault("ucc.merge_parts", []).append(merging.PART)
    app.extensions.setdefault("ucc.retention", {})["profiles"] = _forget_profiles
    app.jinja_env.globals.update(days_left=days_left, phases_of=frame.phases_of, process_menu=frame.process_menu)
    app.jinja_env.globals.update(application_menu=frame.application_menu)
    app.context_processor(frame.staff_variables)


def _participations(session: Session, account: Account) -> dict[str, Any]:
    """Where the account took part, as data for that person."""
    found = queries.participations_of(session, account)
    taken = [{"process": process.public_id, "title": process.title, "since": utc_text(at)} for process, at in found]
    invited = [
        {
            "organisation": invitation.organisation.name,
            "process": invitation.process.public_id,
            "channel": invitation.channel.value,
            "state": invitation.status.value,
            "invited_at": utc_text(invitation.invited_at),
        }
        for invitation in queries.invitations_of_delegate(session, account)
    ]
    return {"participations": taken, "invitations": invited}


def _forget_profiles(session: Session, settings: Settings, actor: Actor, now: datetime) -> int:
    closed_before = months_before(now, settings.profile_months)
    return operations.forget_profiles(session, closed_before=closed_before, actor=actor, now=now)


def _panel_of_organisation(organisation: Organisation) -> Markup | None:
    """To which processes an organisation was invited, and what it said."""
    invitations = queries.list_invitations_of(db.session(), organisation)
    if not invitations:
        return None
    page = render_template("processes/_of_organisation.html", invitations=invitations, states=INVITATION_STATES)
    return Markup(page)  # noqa: S704  # a template has just escaped it
