"""Noting how far an attachment is, with its file."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...audit.log import record
from ...documents.attaching import attach, detach
from ...documents.uploads import StoredUpload
from ...dossier.models import Dossier
from ...dossier.recording import checked_reason
from ...dossier.sections import section_of
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid, NotFound
from ...kernel.i18n import site_day
from ...kernel.identity import Actor, Role, new_public_id
from ...kernel.text import clean_line, clean_text
from .. import policies, queries
from ..checklist import CESSIONS, PHOTOS, takes_files
from ..events import AttachmentEvent
from ..models import LINES, NOTE_LENGTH, Attachment, AttachmentState, Told
from ..photos import Picture

FILE_KIND = "attachment"


class Overtaken(Conflict):
    """Somebody has noted something else meanwhile."""

    def __init__(self) -> None:
        super().__init__(
            _l("Somebody noted something else while you were writing. See what stands now, then save again.")
        )


@dataclass(frozen=True, slots=True)
class File:
    """A stored file; ``picture``: of a photo, what its content shows."""

    stored: StoredUpload
    picture: Picture | None = None


def record_attachment(
    session: Session, dossier: Dossier, section: str, told: Told, file: File | None, *, actor: Actor, now: datetime
) -> Attachment:
    """Note an attachment. Raises NotFound for a section that takes none, Invalid naming the field."""
    require(policies.can_record(actor, dossier, now=now, section=section))
    if not takes_files(dossier.form.content, section):
        raise NotFound()
    attachment = Attachment(
        public_id=new_public_id(),
        dossier=dossier,
        section=section,
        number=queries.last_number(session, dossier, section) + 1,
        state=AttachmentState.WANTED,
        photo=None,
        document=None,
        created_at=now,
    )
    _write(session, attachment, told, file, actor=actor, now=now)
    session.add(attachment)
    _note(session, attachment, actor=actor, now=now)
    return attachment


def revise_attachment(
    session: Session,
    attachment: Attachment,
    told: Told,
    file: File | None,
    *,
    actor: Actor,
    now: datetime,
    based_on: int | None = None,
) -> None:
    """Note how far it has come; a new file takes the place of the old one, which stays beside it.

    ``based_on``: the version that it was typed over. Raises Overtaken when somebody was faster.
    """
    require(policies.can_change(actor, attachment, now=now))
    if based_on is not None and based_on != attachment.version:
        raise Overtaken()
    if file is not None:
        _require_own_rights(session, attachment, file)
    _write(session, attachment, told, file, actor=actor, now=now)
    _note(session, attachment, actor=actor, now=now)


def void_attachment(session: Session, attachment: Attachment, *, reason: str, actor: Actor, now: datetime) -> None:
    """It will not be handed in; it stays with its file and the reason."""
    require(policies.can_change(actor, attachment, now=now))
    attachment.void_because = checked_reason(reason)
    attachment.move_to(AttachmentState.VOID)
    _note(session, attachment, actor=actor, now=now)


def clean_photo(session: Session, attachment: Attachment, file: File, *, actor: Actor, now: datetime) -> list[str]:
    """Put the photo without the camera's words in the place of the one with them, which is removed.

    Returns the hashes whose content is to be erased from the store after the commit. A signed cession stays: it is
    for the picture, which is the same to the last pixel.
    """
    require(policies.can_change(actor, attachment, now=now))
    removed = attachment.document
    if removed is None or attachment.picture is None or file.picture is None:
        raise NotFound()
    attachment.document = _attach(session, attachment, file, actor=actor, now=now)
    attachment.picture = file.picture.told()
    session.flush()
    gone = detach(session, [removed])
    _note(session, attachment, actor=actor, now=now)
    return gone


def _require_own_rights(session: Session, photo: Attachment, file: File) -> None:
    """A signed sheet cedes the rights of the picture that was there: another picture is another photo."""
    if photo.section != PHOTOS or photo.document is None or photo.document.sha256 == file.stored.sha256:
        return
    sheets = [each for each in queries.attachments_of(session, photo.dossier) if each.section == CESSIONS]
    if any(each.photo_id == photo.id and each.state is AttachmentState.SIGNED for each in sheets):
        reason = _l("A signed sheet cedes the rights of the photo that is here. Make this one void and note another.")
        raise Invalid(reason, field="file")


def _write(
    session: Session, attachment: Attachment, told: Told, file: File | None, *, actor: Actor, now: datetime
) -> None:
    for each in fields(Told):
        if each.name not in ("state", "photo", *LINES, "note"):
            setattr(attachment, each.name, getattr(told, each.name))
    for name, longest in LINES.items():
        setattr(attachment, name, clean_line(getattr(told, name), max_length=longest))
    attachment.note = clean_text(told.note, max_length=NOTE_LENGTH)
    if told.state is AttachmentState.VOID:
        raise Invalid(_l("Give a reason for making it void."), field="state")
    attachment.move_to(told.state)
    _choose_photo(session, attachment, told)
    if file is not None:
        attachment.document = _attach(session, attachment, file, actor=actor, now=now)
        attachment.picture = file.picture.told() if file.picture else None
    _require_whole(attachment, site_day(now))


def _choose_photo(session: Session, attachment: Attachment, told: Told) -> None:
    if attachment.section != CESSIONS:
        return
    photos = [each for each in queries.attachments_of(session, attachment.dossier) if each.section == PHOTOS]
    by_id = {each.public_id: each for each in photos if not each.is_void}
    if told.photo is not None and told.photo not in by_id:
        raise Invalid(_l("Choose a photo of this dossier."), field="photo")
    section = section_of(attachment.dossier.form.content, CESSIONS)
    if told.photo is None and section is not None and (section.items or 1) > 1 and told.state.has_file:
        raise Invalid(_l("This form wants one sheet per photo: say for which photo it is."), field="photo")
    attachment.photo = by_id[told.photo] if told.photo is not None else None


def _require_whole(attachment: Attachment, today: date) -> None:
    state = attachment.state
    if state is AttachmentState.ASKED and not attachment.asked_of:
        raise Invalid(_l("Say of whom it was asked."), field="asked_of")
    if state.has_file and attachment.document is None:
        raise Invalid(_l("Choose the file: it is not here yet."), field="file")
    if state is AttachmentState.SIGNED:
        _require_signature(attachment, today)
    if attachment.section == PHOTOS and state.has_file and not attachment.author:
        raise Invalid(_l("Say who took the photo: the sheet of rights names them."), field="author")
    for name in ("asked_on", "received_on"):
        day = getattr(attachment, name)
        if day is not None and day > today:
            raise Invalid(_l("This day has not come yet."), field=name)


def _require_signature(attachment: Attachment, today: date) -> None:
    if not attachment.signer:
        raise Invalid(_l("Say who signed it: the function, for example “mayor”."), field="signer")
    if attachment.signed_on is None or attachment.signed_on > today:
        raise Invalid(_l("Give the day on which it was signed; it cannot lie ahead."), field="signed_on")


def _attach(session: Session, attachment: Attachment, file: File, *, actor: Actor, now: datetime) -> Any:
    title = file.stored.name.rpartition(".")[0] or file.stored.name
    return attach(
        session,
        attachment.ref,
        file.stored,
        kind=FILE_KIND,
        title=title[:160],
        actor=actor,
        now=now,
        replaces=attachment.document,
    )


def _note(session: Session, attachment: Attachment, *, actor: Actor, now: datetime) -> None:
    session.flush()
    record(
        session,
        AttachmentEvent.RECORDED,
        actor=actor,
        subject=attachment.ref,
        process=attachment.dossier.process.ref,
        payload=attachment.public_payload(),
        now=now,
        role=Role.COORDINATOR if actor.has(Role.COORDINATOR) and not actor.is_system else None,
    )
