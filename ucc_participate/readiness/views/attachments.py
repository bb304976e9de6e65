"""The checklist of attachments: what the form asks for, how far each is, its file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, current_app
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...documents.uploads import store_upload
from ...dossier.models import Dossier
from ...kernel import clock
from ...kernel.db import db
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.i18n import digits, reader, site_day
from ...kernel.web import current_actor, say, see_other
from .. import operations, policies, queries, wording
from ..checklist import PHOTOS, Row, Want, rows_of
from ..forms import FORMS, AttachmentForm, VoidForm
from ..models import LINES, Attachment
from ..operations import File
from ..operations.attachments import Overtaken
from ..photos import check_photo, without_words
from ..schedule import steps_of
from .blueprint import ATTACHMENTS, Page, bp, change, desk_page, load, load_dossier

ONE = f"{ATTACHMENTS}/<attachment_id>"
FIELDS = (*LINES, "asked_on", "received_on", "signed_on", "due_on", "note")


@bp.get(ATTACHMENTS)
def checklist(process_id: str) -> Page:
    process, dossier = load(process_id)
    if dossier is None:
        return desk_page("readiness/checklist.html", process, dossier=None, rows=[])
    rows = _rows(dossier)
    actor, now = current_actor(), clock.now()
    return desk_page(
        "readiness/checklist.html",
        process,
        dossier=dossier,
        rows=rows,
        wants=Want,
        listed=_list_of_documents(rows, dossier.submits_in),
        may_add=lambda row: row.takes_more and policies.can_record(actor, dossier, now=now, section=row.id),
        may_change=lambda each: policies.can_change(actor, each, now=now),
        next_step=next((s for s in _steps(dossier) if s.due_on and s.due_on >= site_day(now)), None),
        today=site_day(now),
    )


@bp.route(f"{ATTACHMENTS}/new/<section>", methods=["GET", "POST"])
def add(process_id: str, section: str) -> Page:
    _process, dossier = load_dossier(process_id)
    require(policies.can_record(current_actor(), dossier, now=clock.now(), section=section))
    row = _row(dossier, section)
    form = FORMS[row.want]()
    _offer_photos(form, dossier)
    if not form.validate_on_submit():
        return _form_page(process_id, form, row)
    try:
        told, file = form.told(), _stored(form)
        change(process_id, lambda s, d, **by: operations.record_attachment(s, d, section, told, file, **by))
    except (Invalid, Conflict) as refusal:
        return _refused(process_id, form, row, refusal)
    say(_("Noted."))
    return see_other("readiness.checklist", process_id=process_id)


@bp.route(ONE, methods=["GET", "POST"])
def edit(process_id: str, attachment_id: str) -> Page:
    dossier, attachment = _one(process_id, attachment_id)
    row = _row(dossier, attachment.section)
    form = FORMS[row.want](data=_typed(attachment))
    _offer_photos(form, dossier)
    if not form.validate_on_submit():
        return _form_page(process_id, form, row, attachment)
    try:
        told, file = form.told(), _stored(form)
        change(process_id, _on(attachment_id, operations.revise_attachment, told, file, based_on=form.version()))
    except Overtaken as refusal:
        db.session.expire_all()
        return _overtaken(process_id, form, row, refusal, _one(process_id, attachment_id)[1])
    except (Invalid, Conflict) as refusal:
        return _refused(process_id, form, row, refusal, attachment)
    say(_("Noted."))
    return see_other("readiness.checklist", process_id=process_id)


@bp.route(f"{ONE}/void", methods=["GET", "POST"])
def void(process_id: str, attachment_id: str) -> Page:
    dossier, attachment = _one(process_id, attachment_id)
    form = VoidForm()
    if form.validate_on_submit():
        try:
            change(
                process_id,
                lambda s, d, **by: operations.void_attachment(
                    s, queries.attachment_to_change(s, d, attachment_id), reason=form.reason.data or "", **by
                ),
            )
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(_("It is void. The file and the reason stay."))
            return see_other("readiness.checklist", process_id=process_id)
    return desk_page(
        "readiness/void.html",
        dossier.process,
        form=form,
        attachment=attachment,
        row=_row(dossier, attachment.section),
        status=422 if form.errors else 200,
    )


@bp.post(f"{ONE}/clean")
def clean(process_id: str, attachment_id: str) -> Page:
    """Take out what the camera wrote; the photo with it is erased from the store."""
    _dossier, attachment = _one(process_id, attachment_id)
    if attachment.document is None or attachment.picture is None:
        abort(404)
    store = current_app.extensions["ucc.store"]
    data = without_words(store.read(attachment.document.sha256))
    upload, picture = check_photo(data, name=attachment.document.title + ".jpg")
    file = File(store_upload(upload), picture)
    for sha256 in change(process_id, _on(attachment_id, operations.clean_photo, file)):
        store.erase(sha256)
    say(_("What the camera wrote is gone; the picture is the same to the last pixel."))
    return see_other("readiness.edit", process_id=process_id, attachment_id=attachment_id)


def _on(attachment_id: str, operation: Any, *facts: Any, **more: Any) -> Any:
    """The work of an operation on one attachment, locked."""

    def work(session: Session, dossier: Dossier, **by: Any) -> Any:
        return operation(session, queries.attachment_to_change(session, dossier, attachment_id), *facts, **more, **by)

    return work


def _one(process_id: str, attachment_id: str) -> tuple[Dossier, Attachment]:
    _process, dossier = load_dossier(process_id)
    attachments = queries.attachments_of(db.session(), dossier)
    found = next((each for each in attachments if each.public_id == attachment_id), None)
    if found is None:
        abort(404)
    require(policies.can_change(current_actor(), found, now=clock.now()))
    return dossier, found


def _rows(dossier: Dossier) -> list[Row]:
    attachments = queries.attachments_of(db.session(), dossier)
    return rows_of(dossier.form.content, attachments, wording.OWN)


def _row(dossier: Dossier, section: str) -> Row:
    row = next((each for each in _rows(dossier) if each.id == section), None)
    if row is None or row.want is Want.MADE:
        abort(404)
    return row


def _steps(dossier: Dossier) -> Any:
    return steps_of(dossier.process, dossier, queries.step_days_of(db.session(), dossier))


def _typed(attachment: Attachment) -> dict[str, Any]:
    photo = attachment.photo.public_id if attachment.photo is not None else None
    saved = {name: getattr(attachment, name) for name in FIELDS}
    return saved | {"state": attachment.state.value, "photo": photo, "based_on": str(attachment.version)}


def _offer_photos(form: AttachmentForm, dossier: Dossier) -> None:
    if "photo" not in form._fields:
        return
    photos = [each for each in queries.attachments_of(db.session(), dossier) if each.section == PHOTOS]
    form["photo"].offer([(each.public_id, _name_of(each)) for each in photos if not each.is_void])


def _name_of(photo: Attachment) -> str:
    number = digits(photo.number, locale=reader().locale)
    return f"{number} – {photo.caption}" if photo.caption else number


def _stored(form: AttachmentForm) -> File | None:
    """The file of the form, in the store; a photo with what it shows."""
    given = form["file"].data
    if given is None:
        return None
    return File(store_upload(given[0]), given[1]) if isinstance(given, tuple) else File(store_upload(given))


def _form_page(
    process_id: str,
    form: AttachmentForm,
    row: Row,
    attachment: Attachment | None = None,
    status: int | None = None,
    theirs: Sequence[tuple[Any, Any]] = (),
) -> Page:
    """``theirs``: label and value of what somebody else has noted meanwhile."""
    process, dossier = load_dossier(process_id)
    return desk_page(
        "readiness/attachment.html",
        process,
        dossier=dossier,
        form=form,
        row=row,
        attachment=attachment,
        wants=Want,
        theirs=theirs,
        status=status or (422 if form.errors else 200),
    )


def _refused(
    process_id: str, form: AttachmentForm, row: Row, refusal: Invalid | Conflict, attachment: Attachment | None = None
) -> Page:
    """The form again with everything that was typed, but the file, which has to be chosen again."""
    reason = refusal.reason or _("It cannot go from its present state to this one.")
    form.refuse(refusal if isinstance(refusal, Invalid) else Invalid(reason, field="state"))
    return _form_page(process_id, form, row, attachment, status=refusal.status)


def _overtaken(process_id: str, form: AttachmentForm, row: Row, refusal: Overtaken, attachment: Attachment) -> Page:
    """What was typed, beside what stands now wherever both differ; saving again takes what is in the form."""
    saved = FORMS[row.want](formdata=None, data=_typed(attachment))
    theirs = [(each.label.text, _shown(each)) for each in saved if each.name in form and _differ(each, form[each.name])]
    form.based_on.data = str(attachment.version)
    form.refuse(Invalid(refusal.reason))
    return _form_page(process_id, form, row, attachment, status=refusal.status, theirs=theirs)


def _differ(saved: Any, typed: Any) -> bool:
    return saved.name not in ("file", "based_on", "csrf_token", "photo") and (saved.data or "") != (typed.data or "")


def _shown(saved: Any) -> Any:
    return wording.STATES[saved.data] if saved.name == "state" else saved.data


def _list_of_documents(rows: list[Row], language: str) -> str:
    """What goes into section A0: how many there are of everything that is handed in, in the language of the file."""
    handed_in = [row for row in rows if row.is_official and row.want is not Want.MADE]
    return "\n".join(f"{row.id}  {row.title_in(language)}: {len(row.ready)}/{row.needed}" for row in handed_in)
