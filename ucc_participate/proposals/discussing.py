"""Proposals as subjects of discussions, and the discussion on a proposal's page."""

from __future__ import annotations

from datetime import datetime

from flask import Flask, url_for
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy.orm import Session

from ..deliberation.subjects import Discussed, Topic, register
from ..deliberation.views.blueprint import Place
from ..deliberation.views.panels import panel
from ..kernel.identity import Actor
from ..processes.models import Process
from . import policies, queries
from .models import Proposal, ProposalState

NOT_SHOWN = _l("A proposal that is not shown")
WITHDRAWN = _l("This proposal has been withdrawn. What was said stays readable.")


def init_app(app: Flask) -> None:
    register(app, "proposal", KIND)
    app.extensions["ucc.proposal_talk"].append(_panel)


def _load(session: Session, ref: str, actor: Actor, now: datetime) -> Topic | None:
    found = queries.proposal_to_discuss(session, ref.partition("/")[2])
    if found is None or found.is_draft or not policies.can_view(actor, found, now=now):
        return None
    return _topic(found, tuple(queries.credited_ids(session, found)))


def _topic(proposal: Proposal, author_ids: tuple[int, ...] = ()) -> Topic:
    """``author_ids``: who is told of comments; a page needs none.

    What moderation has hidden is named to nobody and takes no comments; what was said of it stays readable.
    """
    if proposal.is_concealed:
        return Topic(proposal.ref, proposal.process, NOT_SHOWN, proposal.language, refusal=NOT_SHOWN)
    return Topic(
        ref=proposal.ref,
        process=proposal.process,
        title=proposal.title,
        language=proposal.language,
        author_ids=author_ids,
        refusal=WITHDRAWN if proposal.status is ProposalState.WITHDRAWN else None,
    )


def _address(process: Process, ref: str) -> str:
    return url_for("proposals.show", process_id=process.public_id, public_id=ref.partition("/")[2])


KIND = Discussed(_l("Proposal"), _load, _address)


def _panel(proposal: Proposal) -> Markup | None:
    """The discussion of a proposal that was sent; the page has loaded its process with phases."""
    if proposal.is_draft or proposal.is_concealed:
        return None
    return panel(Place(_topic(proposal), KIND, _address(proposal.process, proposal.ref)))
