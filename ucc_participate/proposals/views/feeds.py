"""Feeds of proposals: the list with the filters of its page, the answers, and one proposal. They name nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, abort, request, url_for
from flask_babel import gettext as _

from ...kernel import clock
from ...kernel.atom import MOST_ENTRIES, FeedEntry, feed_response
from ...kernel.db import db
from ...kernel.errors import NotFound
from ...kernel.events import AuditEvent
from ...kernel.i18n import in_language, is_locale
from ...kernel.i18n.readers import writing_for
from ...kernel.identity import VISITOR
from ...kernel.visitor_cache import shared_by_visitors
from ...kernel.web import public
from ...outreach.feeds import make_feed, origin, public_address
from ...outreach.subjects import find_followed
from ...processes.models import Process
from .. import queries, wording
from ..forms import asked_for, filters_from
from ..models import Proposal, ProposalState
from .blueprint import bp, load, load_process
from .reading import proposals_on


@bp.get("/p/<process_id>/proposals.<locale>.atom")
@public
@shared_by_visitors
def feed(process_id: str, locale: str) -> Response:
    """What stands on the list now, newest first; what is withdrawn or hidden has left it."""
    process, filters = _process(process_id, locale), filters_from(request.args)
    is_gone = filters.state == ProposalState.WITHDRAWN
    found = [] if is_gone else proposals_on(queries.browse(db.session(), process, filters, limit=MOST_ENTRIES))
    asked: dict[str, Any] = asked_for(request.args)
    name = "&".join(f"{key}={value}" for key, value in sorted(asked.items()))
    return _answer(
        f"{process.ref}/proposals?{name}",
        process,
        locale,
        lambda: (
            _("Proposals of “%(title)s”", title=in_language(process.title, locale).text),
            [_of_proposal(process, proposal) for proposal in found],
        ),
        page=url_for("proposals.index", process_id=process_id, **asked),
    )


@bp.get("/p/<process_id>/answers.<locale>.atom")
@public
@shared_by_visitors
def answers_feed(process_id: str, locale: str) -> Response:
    process = _process(process_id, locale)
    found = queries.newest_answers(db.session(), process, limit=MOST_ENTRIES)
    return _answer(
        f"{process.ref}/answers",
        process,
        locale,
        lambda: (
            _("Answers of “%(title)s”", title=in_language(process.title, locale).text),
            [_of_answer(process, proposal) for proposal in found],
        ),
        page=url_for("proposals.index", process_id=process_id, state="answered"),
    )


@bp.get("/p/<process_id>/proposals/<public_id>/news.<locale>.atom")
@public
@shared_by_visitors
def proposal_feed(process_id: str, public_id: str, locale: str) -> Response:
    """What the log tells of one proposal. Raises NotFound once it is withdrawn or hidden."""
    _process(process_id, locale)
    process, proposal = load(process_id, public_id)
    if find_followed(db.session(), proposal.ref, VISITOR) is None:
        raise NotFound()
    history, texts = queries.history(db.session(), proposal)[:MOST_ENTRIES], AuditEvent.all_texts()
    address = url_for("proposals.show", process_id=process_id, public_id=public_id)
    return _answer(
        proposal.ref,
        process,
        locale,
        lambda: (
            proposal.title,
            [
                FeedEntry(
                    f"log/{entry.position}", str(texts[entry.values["type"]]), public_address(address), entry.time
                )
                for entry in history
            ],
        ),
        page=address,
    )


def _process(process_id: str, locale: str) -> Process:
    if not is_locale(locale):
        abort(404)
    return load_process(process_id)


def _answer(
    name: str, process: Process, locale: str, write: Callable[[], tuple[str, list[FeedEntry]]], *, page: str
) -> Response:
    """``write``: title and entries, in the language of the feed."""
    with writing_for(locale):
        title, entries = write()
        made = make_feed(name, title, locale, entries, page=page, since=process.published_at)
    return feed_response(made, origin=origin())


def _of_proposal(process: Process, proposal: Proposal) -> FeedEntry:
    changed = proposal.answered_at or proposal.submitted_at or proposal.created_at
    facts: dict[str, Any] = {"published": proposal.submitted_at, "language": proposal.language}
    return FeedEntry(
        proposal.ref, proposal.title, _page_of(process, proposal), changed, summary=proposal.summary, **facts
    )


def _of_answer(process: Process, proposal: Proposal) -> FeedEntry:
    at = proposal.answered_at or clock.now()
    outcome = str(wording.OUTCOMES[proposal.outcome]) if proposal.outcome else ""
    title = _("%(what)s: %(title)s", what=outcome, title=proposal.title)
    return FeedEntry(f"{proposal.ref}/answer", title, _page_of(process, proposal), at, summary=proposal.reason)


def _page_of(process: Process, proposal: Proposal) -> str:
    return public_address(url_for("proposals.show", process_id=process.public_id, public_id=proposal.public_id))
