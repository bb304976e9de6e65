"""Files of a proposal, what looks like the text being written, and what a proposal's page says beside its text."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from flask import Response as Served
from flask import current_app, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from ...documents.uploads import store_thumb, store_upload
from ...inventory.models import InventoryItem
from ...inventory.queries import by_public_ids
from ...kernel import clock
from ...kernel.db import db
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid, NotFound
from ...kernel.files import KIND_OF, Kind, serve
from ...kernel.passive import require_passive
from ...kernel.web import current_actor, limiter, public, say, see_other
from ...processes.frame import phases_of
from ...processes.models import Process
from .. import operations, policies, queries, similar, wording
from ..forms import AttachmentForm, degrees
from ..models import FieldKind, Proposal
from .blueprint import Answer, bp, change, load, load_process, settings
from .places import district_names

LOOKING_LIMIT = "60 per minute"


class Answered(NamedTuple):
    """An answer to a question of the process, ready for the page."""

    label: dict[str, str]
    kind: str
    value: Any


@bp.post("/p/<process_id>/proposals/similar")
@limiter.limit(LOOKING_LIMIT)
def near(process_id: str) -> str:
    """A part of a page: what looks like the text that is being written. By POST, so that no log of addresses has it."""
    process = load_process(process_id)
    require(policies.can_draft(current_actor(), process, now=clock.now()))
    found = similar.nearest(
        db.session(), process, request.form.get("title", "")[:1_000], request.form.get("summary", "")[:2_000]
    )
    return render_template("proposals/_near.html", process=process, near=found, wording=wording)


@bp.route("/p/<process_id>/proposals/<public_id>/files", methods=["GET", "POST"])
@limiter.limit("60 per hour", methods=["POST"])
def files(process_id: str, public_id: str) -> Answer:
    process, draft = load(process_id, public_id)
    require(policies.can_attach(current_actor(), draft, now=clock.now()))
    form = AttachmentForm.taking(settings().max_attachment_bytes)
    if not form.validate_on_submit():
        return _files_page(form, process, draft, 422 if form.errors else 200)
    try:
        _attach(process_id, public_id, form)
    except Invalid as refusal:
        form.refuse(refusal if refusal.field else Invalid(refusal.reason, field="file"))
        return _files_page(form, process, draft, refusal.status)
    except Conflict as refusal:
        form.refuse(Invalid(refusal.reason))
        return _files_page(form, process, draft, refusal.status)
    say(_("The file is added."))
    return see_other("proposals.files", process_id=process_id, public_id=public_id)


def _attach(process_id: str, public_id: str, form: AttachmentForm) -> None:
    upload = form.file.data
    require_passive(upload)
    thumb = store_thumb(upload) if upload.kind.is_image else None
    file = operations.NewFile(store_upload(upload), form.alt.data or "", thumb)
    change(process_id, public_id, operations.attach_file, file, most=settings().max_attachments)


def _files_page(form: AttachmentForm, process: Process, draft: Proposal, status: int) -> Answer:
    facts: dict[str, Any] = {"process": process, "phases": phases_of(process), "draft": draft}
    most, megabytes = settings().max_attachments, max(1, settings().max_attachment_bytes // 1_000_000)
    return render_template("proposals/files.html", form=form, most=most, megabytes=megabytes, **facts), status


@bp.post("/p/<process_id>/proposals/<public_id>/files/<document_id>/remove")
def remove_file(process_id: str, public_id: str, document_id: str) -> Answer:
    _process, draft = load(process_id, public_id)
    require(policies.can_attach(current_actor(), draft, now=clock.now()))
    change(process_id, public_id, operations.remove_file, document_id)
    say(_("The file is taken away."))
    return see_other("proposals.files", process_id=process_id, public_id=public_id)


@bp.get("/p/<process_id>/proposals/<public_id>/files/<document_id>")
@public
def file(process_id: str, public_id: str, document_id: str) -> Served:
    """A file of a proposal, for everybody who may see the proposal; ``?size=small``: the small copy of a picture."""
    _process, proposal = load(process_id, public_id)
    found = next((one for one in proposal.attachments or () if one["document"] == document_id), None)
    if found is None:
        raise NotFound()
    kind = KIND_OF[found["kind"]]
    is_small = request.args.get("size") == "small" and found.get("thumb") is not None
    return serve(
        current_app.extensions["ucc.store"],
        sha256=found["thumb"] if is_small else found["sha256"],
        kind=Kind.WEBP if is_small else kind,
        name=found["name"],
        is_public=not proposal.is_draft,
    )


def panel(proposal: Proposal) -> Markup | None:
    """What a proposal's page says below its text; nothing where nothing was given."""
    if not proposal.particulars_payload():
        return None
    page = render_template(
        "proposals/_particulars.html",
        proposal=proposal,
        process=proposal.process,
        answers=answered(proposal.process, proposal.fields),
        items=_items(proposal),
        district=district_names().get(proposal.district) if proposal.district else None,
        latitude=degrees(proposal.latitude),
        longitude=degrees(proposal.longitude),
        wording=wording,
    )
    return Markup(page)  # noqa: S704  # a template has just escaped it


def answered(process: Process, answers: dict[str, Any] | None) -> list[Answered]:
    """Answers by the codes of questions, as a page names them."""
    if not answers:
        return []
    fields = queries.fields_of(db.session(), process)
    return [
        Answered(one.label, one.kind.value, _shown(one.kind, answers[one.code], one.known_options))
        for one in fields
        if one.code in answers
    ]


def _shown(kind: FieldKind, value: Any, options: dict[str, dict[str, str]]) -> Any:
    """A day as a day, choices as their labels, everything else as it is."""
    if kind is FieldKind.DATE:
        return date.fromisoformat(value)
    if kind in (FieldKind.CHOICE, FieldKind.CHOICES):
        chosen = [value] if kind is FieldKind.CHOICE else value
        return [options[one] for one in chosen if one in options]
    return value


def _items(proposal: Proposal) -> dict[str, list[InventoryItem]]:
    named = [*(proposal.needs or ()), *(proposal.assets or ())]
    found = items_named(proposal.process, named)
    return {name: [found[one] for one in getattr(proposal, name) or () if one in found] for name in ("needs", "assets")}


def items_named(process: Process, public_ids: list[str]) -> dict[str, InventoryItem]:
    """Needs and assets by public id."""
    return by_public_ids(db.session(), process, public_ids)


def uses(session: Session, process: Process, items: list[InventoryItem]) -> dict[str, tuple[int, str]]:
    """``ucc.inventory_uses``: how many proposals name each need or asset, and the list of them."""
    counts = queries.counts_by_item(session, process, items)
    return {item.public_id: (counts.get(item.public_id, 0), _list_address(process, item)) for item in items}


def _list_address(process: Process, item: InventoryItem) -> str:
    named: dict[str, Any] = {"asset" if item.kind.is_asset else "need": item.public_id}
    return url_for("proposals.index", process_id=process.public_id, **named)
