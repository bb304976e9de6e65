"""How proposals hook into the application."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ..accounts.models import Account
from ..audit import drift
from ..kernel import clock, web
from ..kernel.atom import MOST_ENTRIES
from ..kernel.clock import utc_text
from ..kernel.db import perform
from ..kernel.identity import Actor, system_actor
from ..moderation import kinds
from ..outreach.feeds import Happening
from ..outreach.subjects import Followed
from ..processes.models import Process
from . import discussing, merging, moderating, operations, policies, queries
from .models import Proposal, ProposalState
from .views import fragments

RECOUNT_SECONDS = 24 * 3600.0


def init_app(app: Flask) -> None:
    """``ucc.unanswered`` counts, for the gate of closing, the proposals of a process that have no answer.

    ``ucc.proposal_panels``: callables (proposal) → Markup or None, shown on the proposal's page.
    """
    app.extensions.setdefault("ucc.proposal_panels", [])
    web.register_policies(app, policies, Proposal)
    drift.register(app, "ucc.proposal/1", queries.live_states)
    fragments.init_app(app)
    discussing.init_app(app)
    kinds.register(app, moderating.MODERATED)
    app.extensions["ucc.unanswered"] = queries.count_unanswered
    app.extensions["ucc.organisation_stages"]["proposed"] = queries.organisations_proposing
    app.extensions["ucc.account_stages"]["proposed"] = queries.accounts_proposing
    app.extensions["ucc.news"].append(queries.answer_news)
    app.extensions["ucc.followable"]["proposal"] = _followable
    app.extensions["ucc.feeds"].append(_answers)
    app.extensions.setdefault("ucc.erasers", []).append(operations.forget_author)
    app.extensions.setdefault("ucc.personal_data", []).append(_written_by)
    app.extensions.setdefault("ucc.merge_parts", []).append(merging.PART)
    app.extensions["ucc.jobs"].add("proposals.recount", _recount, every_seconds=RECOUNT_SECONDS)


def _written_by(session: Session, account: Account) -> dict[str, Any]:
    """What the account has written, drafts too, as data for that person."""
    written = [
        {
            "process": proposal.process.public_id,
            "number": proposal.number,
            "state": proposal.status.value,
            "title": proposal.title,
            "summary": proposal.summary,
            "body": proposal.body,
            "shown_name": proposal.author_name,
            "begun_at": utc_text(proposal.created_at),
            "sent_at": utc_text(proposal.submitted_at) if proposal.submitted_at else None,
        }
        for proposal in queries.written_by(session, account)
    ]
    return {"proposals": written}


def _followable(session: Session, ref: str, actor: Actor) -> Followed | None:
    """A proposal that stands on the list, or has left it by being merged: not a draft, not withdrawn."""
    found = queries.find_by_ref(session, ref)
    if found is None or found.is_draft or not policies.can_view(actor, found, now=clock.now()):
        return None
    if found.status is ProposalState.WITHDRAWN or found.process.is_imported:
        return None
    address = url_for("proposals.show", process_id=found.process.public_id, public_id=found.public_id)
    return Followed(found.title, address, found.process)


def _answers(session: Session, process: Process, now: datetime) -> list[Happening]:
    """The newest answers, for the feed of the process."""
    return [
        Happening(
            f"{proposal.ref}/answer",
            _l("The city has answered"),
            proposal.title,
            proposal.answered_at or now,
            url_for("proposals.show", process_id=process.public_id, public_id=proposal.public_id),
            proposal.reason,
        )
        for proposal in queries.newest_answers(session, process, limit=MOST_ENTRIES)
    ]


def _recount() -> None:
    actor, now = system_actor("recount"), clock.now()
    perform(lambda session: operations.recount_tags(session, actor=actor, now=now))
