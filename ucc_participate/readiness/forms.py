"""What people type about attachments and deadlines."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from ..kernel.files import Kind, UploadRefused
from ..kernel.forms import (
    DayField,
    Form,
    HiddenField,
    Length,
    RadioField,
    Required,
    SelectField,
    StringField,
    TextAreaField,
    UploadField,
)
from . import wording
from .checklist import Want
from .models import LINES, NOTE_LENGTH, AttachmentState, Told
from .photos import MOST_BYTES, check_photo

PAPER_BYTES = 10_000_000
CHOSEN = (AttachmentState.WANTED, AttachmentState.ASKED, AttachmentState.RECEIVED, AttachmentState.SIGNED)
OF_PHOTO = (AttachmentState.WANTED, AttachmentState.ASKED, AttachmentState.RECEIVED)
MOST_READ = 12_000_000
"""So much of a photo is looked at to say how large it is."""


class PhotoField(UploadField):
    """A photo as it is handed in; ``data`` is (Upload, Picture) or None. Its bytes stay what they are."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        given = next((item for item in valuelist if getattr(item, "filename", None)), None)
        if given is None:
            self.raw_data = []
            return
        try:
            with given.stream as stream:
                self.data = check_photo(stream.read(MOST_READ), name=given.filename)
        except UploadRefused as refusal:
            raise ValueError(str(refusal.reason)) from None


class AttachmentForm(Form):
    """How far an attachment is."""

    state = RadioField(
        _l("How far is it?"),
        [Required()],
        choices={each.value: wording.STATES[each] for each in CHOSEN},
        default="wanted",
    )
    asked_of = StringField(
        _l("Of whom is it asked?"),
        max_length=LINES["asked_of"],
        description=_l("An office or a body, no private person."),
    )
    asked_on = DayField(_l("Asked on"))
    received_on = DayField(_l("Received on"))
    due_on = DayField(_l("Needed by"), description=_l("Leave it empty to follow the schedule."))
    responsible = StringField(
        _l("Who sees to it"), max_length=LINES["responsible"], description=_l("An office of the city.")
    )
    based_on = HiddenField()
    note = TextAreaField(_l("Note for the desk"), max_length=NOTE_LENGTH, description=_l("It is not published."))

    def told(self) -> Told:
        typed = {name: self[name].data for name in Told.__dataclass_fields__ if name in self._fields}
        return Told(**{**typed, "state": AttachmentState(self.state.data), "photo": typed.get("photo") or None})

    def version(self) -> int | None:
        """Of the attachment that it was typed over; None for a new one and for what no page of ours wrote."""
        typed = self.based_on.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None


class PaperForm(AttachmentForm):
    """A letter, a decision, a signature."""

    file = UploadField(_l("The signed paper, scanned"), kinds=[Kind.PDF], max_bytes=PAPER_BYTES, description=_l("PDF."))
    signer = StringField(
        _l("Function of who signed"),
        max_length=LINES["signer"],
        description=_l("For example “mayor”. The log publishes it: write no name of a private person."),
    )
    signed_on = DayField(_l("Signed on"))


class CessionForm(PaperForm):
    """A sheet that cedes the rights of a photo."""

    photo = SelectField(_l("For which photo?"), blank=_l("For all photos"))


class PhotoForm(AttachmentForm):
    """A photo."""

    state = RadioField(
        _l("How far is it?"),
        [Required()],
        choices={each.value: wording.STATES[each] for each in OF_PHOTO},
        default="received",
    )
    file = PhotoField(
        _l("Photo"),
        kinds=[Kind.JPEG],
        max_bytes=MOST_BYTES,
        description=_l("JPEG in RGB, at most 3 MB. It is kept and handed in exactly as you send it."),
    )
    caption = StringField(_l("What it shows"), max_length=LINES["caption"])
    author = StringField(
        _l("Who took it"), max_length=LINES["author"], description=_l("As it stands on the sheet of rights.")
    )


class VoidForm(Form):
    reason = TextAreaField(_l("Why is it not handed in?"), [Required(), Length(min=10)], max_length=1_000)


class DeadlineForm(Form):
    due_on = DayField(_l("To be done by"), description=_l("Leave it empty for the usual day."))
    responsible = StringField(_l("Who sees to it"), max_length=220, description=_l("An office of the city."))


FORMS: dict[Want, type[AttachmentForm]] = {
    Want.PAPER: PaperForm,
    Want.PHOTO: PhotoForm,
    Want.CESSION: CessionForm,
}
