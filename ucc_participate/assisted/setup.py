"""How assisted participation hooks into the application: drift, erasing, own data, a proposal's provenance."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from ..accounts.models import Account
from ..audit import drift
from ..kernel.clock import utc_text
from ..kernel.codes import Digests
from ..kernel.db import db
from ..kernel.web import register_policies
from ..meetings.models import Meeting
from ..proposals.models import Proposal
from . import operations, policies, queries, wording
from .models import AssistedItem, Intake


def init_app(app: Flask) -> None:
    register_policies(app, policies, Intake, AssistedItem)
    drift.register(app, "ucc.intake/1", queries.live_intakes)
    drift.register(app, "ucc.assisted/1", queries.live_items)
    app.extensions.setdefault("ucc.erasers", []).append(operations.forget_items)
    app.extensions.setdefault("ucc.personal_data", []).append(_written_down)
    app.extensions.setdefault("ucc.proposal_panels", []).append(_provenance)
    app.extensions.setdefault("ucc.meeting_panels", []).append(_ideas)


def digests() -> Digests:
    return Digests(str(current_app.secret_key))


def _provenance(proposal: Proposal) -> Markup | None:
    """Where, when and how a proposal came that a clerk wrote down; None for all others."""
    item = queries.item_of_proposal(db.session(), proposal)
    if item is None:
        return None
    page = render_template("assisted/_provenance.html", item=item, ways=wording.WAYS)
    return Markup(page)  # noqa: S704  # a template has just escaped it


def _ideas(meeting: Meeting) -> Markup | None:
    """On the page of a meeting: the ideas that clerks wrote down there."""
    ideas = queries.ideas_taken_at(db.session(), meeting)
    if not ideas:
        return None
    page = render_template("assisted/_ideas.html", meeting=meeting, ideas=ideas)
    return Markup(page)  # noqa: S704  # a template has just escaped it


def _written_down(session: Session, account: Account) -> dict[str, Any]:
    """What clerks wrote down for the account, as data for that person."""
    return {
        "written_down": [
            {
                "at": utc_text(item.entered_at),
                "way_in": item.intake.way_in.value,
                "place": item.intake.place,
                "proposal": item.proposal.title if item.proposal is not None else None,
                "state": item.state.value,
            }
            for item in queries.items_of(session, account)
        ]
    }
