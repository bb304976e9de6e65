"""Pictures and documents that show a need or an asset: adding, taking away, opening."""

from __future__ import annotations

from flask import Response as Served
from flask import current_app, render_template, request
from flask_babel import gettext as _

from ...documents.uploads import store_thumb, store_upload
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid, NotFound
from ...kernel.files import KIND_OF, Kind, serve
from ...kernel.passive import require_passive
from ...kernel.web import decide, limiter, public, say, see_other
from ...processes.frame import phases_of
from ...settings import Settings
from .. import operations
from ..forms import FileForm
from ..models import InventoryItem
from .blueprint import Answer, bp, change, load

SENDING_LIMIT = "60 per hour"


@bp.route("/p/<process_id>/inventory/<public_id>/files", methods=["GET", "POST"])
@limiter.limit(SENDING_LIMIT, methods=["POST"])
def files(process_id: str, public_id: str) -> Answer:
    _process, item = load(process_id, public_id)
    require(decide("edit", item))
    form = FileForm()
    if form.validate_on_submit():
        try:
            _attach(process_id, public_id, form)
        except (Conflict, Invalid) as refusal:
            field = refusal.field if isinstance(refusal, Invalid) else None
            form.refuse(Invalid(refusal.reason, field=field or "file"))
            return _page(item, form, refusal.status)
        say(_("The file is added."))
        return see_other("inventory.files", process_id=process_id, public_id=public_id)
    return _page(item, form, 422 if form.errors else 200)


@bp.post("/p/<process_id>/inventory/<public_id>/files/<document_id>/remove")
def remove_file(process_id: str, public_id: str, document_id: str) -> Answer:
    _process, item = load(process_id, public_id)
    require(decide("edit", item))
    change(process_id, public_id, operations.remove_file, document_id)
    say(_("The file is taken away."))
    return see_other("inventory.files", process_id=process_id, public_id=public_id)


@bp.get("/p/<process_id>/inventory/<public_id>/files/<document_id>")
@public
def file(process_id: str, public_id: str, document_id: str) -> Served:
    """A file of an item, for everybody who may see the item; ``?size=small``: the small copy of a picture."""
    _process, item = load(process_id, public_id)
    found = next((one for one in item.files or () if one["document"] == document_id), None)
    if found is None:
        raise NotFound()
    is_small = request.args.get("size") == "small" and found["thumb"] is not None
    return serve(
        current_app.extensions["ucc.store"],
        sha256=found["thumb"] if is_small else found["sha256"],
        kind=Kind.WEBP if is_small else KIND_OF[found["kind"]],
        name=found["name"],
        is_public=item.was_public,
    )


def _attach(process_id: str, public_id: str, form: FileForm) -> None:
    upload = form.file.data
    require_passive(upload)
    thumb = store_thumb(upload) if upload.kind.is_image else None
    new = operations.NewFile(store_upload(upload), form.alt.data or "", thumb)
    change(process_id, public_id, operations.attach_file, new, most=_settings().max_attachments)


def _page(item: InventoryItem, form: FileForm, status: int) -> Answer:
    facts = {"process": item.process, "phases": phases_of(item.process), "item": item}
    return render_template("inventory/files.html", form=form, most=_settings().max_attachments, **facts), status


def _settings() -> Settings:
    settings: Settings = current_app.extensions["ucc.settings"]
    return settings
