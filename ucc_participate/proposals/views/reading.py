"""What everybody reads: the list of proposals, and one of them with its answer and its receipt."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, render_template, request, url_for
from markupsafe import Markup

from ...audit.extension import audit_log
from ...audit.receipts import Said, receipt_text
from ...kernel import clock
from ...kernel.db import db
from ...kernel.decision import require
from ...kernel.errors import NotFound
from ...kernel.events import AuditEvent
from ...kernel.i18n import reader
from ...kernel.visitor_cache import shared_by_visitors
from ...kernel.web import can, current_actor, decide, public
from ...processes.frame import phases_of
from ...processes.models import Process
from ...vocabularies import uccn
from .. import policies, queries, wording
from ..forms import ListForm, asked_for, filters_from
from ..models import Proposal
from ..queries import Page
from . import fragments
from .blueprint import bp, load, load_known, load_process
from .company import company_of

LARGEST_NUMBER = 2**31 - 1


@bp.get("/p/<process_id>/proposals")
@public
@shared_by_visitors
def index(process_id: str) -> str:
    process, actor, now = load_process(process_id), current_actor(), clock.now()
    filters = filters_from(request.args)
    page = queries.browse(
        db.session(), process, filters, after=place_in_address("after"), before=place_in_address("before")
    )
    return render_template(
        "proposals/index.html",
        process=process,
        phases=phases_of(process),
        filters=filters,
        page=page,
        panel=fragments.filter_panel(process, filters, lambda: ListForm(request.args)),
        cards=fragments.cards(process, page),
        addresses=addresses_of("proposals.index", process, page, asked_for(request.args)),
        feed_url=_feed_address(process),
        may_write=policies.can_submit(actor, process, now=now),
        may_see_desk=policies.can_list_answers(actor, process, now=now),
    )


def _feed_address(process: Process) -> str:
    """The feed of this part of the list, in the reader's language."""
    values: dict[str, Any] = {**asked_for(request.args), "locale": reader().locale}
    return url_for("proposals.feed", process_id=process.public_id, **values)


def place_in_address(name: str) -> int | None:
    """The number to go on from, when the address has one that can be."""
    number = request.args.get(name, type=int)
    return number if number is not None and 0 < number <= LARGEST_NUMBER else None


def proposals_on(page: Page) -> list[Proposal]:
    found = queries.by_ids(db.session(), [key.id for key in page.keys])
    return [found[key.id] for key in page.keys]


def addresses_of(endpoint: str, process: Process, page: Page, asked: dict[str, str]) -> dict[str, str | None]:
    """Where the pages before and after this one are."""
    return {
        "before": _address(endpoint, process, asked, "before", page.before),
        "after": _address(endpoint, process, asked, "after", page.after),
    }


def _address(endpoint: str, process: Process, asked: dict[str, str], place: str, number: int | None) -> str | None:
    if number is None:
        return None
    values: dict[str, Any] = {**asked, place: number}
    return url_for(endpoint, process_id=process.public_id, **values)


@bp.get("/p/<process_id>/proposals/<public_id>")
@public
@shared_by_visitors
def show(process_id: str, public_id: str) -> str:
    process, proposal = load_known(process_id, public_id)
    if not policies.reads_text(current_actor(), proposal):
        return render_template("proposals/hidden.html", process=process, proposal=proposal, wording=wording)
    history = queries.history(db.session(), proposal)
    receipt = queries.receipt_of(db.session(), history) if can("see_receipt", proposal) else None
    return render_template(
        "proposals/show.html",
        process=process,
        phases=phases_of(process),
        proposal=proposal,
        organisation_url=_organisation_url(proposal),
        is_late=_is_late(process, proposal),
        company=company_of(process, proposal),
        history=history,
        receipt=receipt,
        event_texts=AuditEvent.all_texts(),
        panels=_panels("ucc.proposal_panels", proposal),
        talk=_panels("ucc.proposal_talk", proposal),
        wording=wording,
        vocabularies=uccn,
    )


def _panels(name: str, proposal: Proposal) -> list[Markup]:
    return [panel for show in current_app.extensions[name] if (panel := show(proposal))]


def _organisation_url(proposal: Proposal) -> str | None:
    if proposal.organisation is None:
        return None
    return url_for("stakeholders.show", public_id=proposal.organisation.public_id)


def _is_late(process: Process, proposal: Proposal) -> bool:
    due = process.answers_due_at
    return proposal.outcome is None and due is not None and due <= clock.now()


@bp.get("/p/<process_id>/proposals/<public_id>/receipt.json")
def receipt(process_id: str, public_id: str) -> Response:
    """The author's receipt as a file that verify.py takes."""
    _process, proposal = load(process_id, public_id)
    require(decide("see_receipt", proposal))
    kept = queries.receipt_of(db.session(), queries.history(db.session(), proposal))
    if kept is None:
        raise NotFound()
    text = receipt_text(audit_log().signer, Said.of(kept.logged), logged=kept.logged, salt=kept.salt)
    response = Response(text, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="receipt-{proposal.public_id}.json"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
