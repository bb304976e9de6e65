"""What people type about needs and assets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from flask_babel import lazy_gettext as _l

from ..kernel.files import DOCUMENTS, IMAGES
from ..kernel.forms import (
    BooleanField,
    CheckboxesField,
    Form,
    Idempotent,
    Length,
    RadioField,
    Required,
    StringField,
    TextAreaField,
    UploadField,
)
from ..moderation.forms import ScreenedForm
from .models import (
    ALT_LENGTH,
    EVIDENCE_LENGTH,
    MOST_CHOSEN,
    PLACE_LENGTH,
    REASON_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    InventoryItem,
    ItemKind,
    ItemText,
)
from .wording import KIND_HINTS, KINDS


class ItemForm(ScreenedForm, Idempotent):
    """A need or an asset."""

    kind = RadioField(
        _l("What is it?"),
        [Required()],
        choices=[(kind.value, KINDS[kind], KIND_HINTS[kind]) for kind in ItemKind],
        coerce=ItemKind,
    )
    title = StringField(_l("Name"), [Required(), Length(min=TITLE_LENGTH[0])], max_length=TITLE_LENGTH[1])
    text = TextAreaField(
        _l("What should people know about it?"),
        max_length=TEXT_LENGTH,
        description=_l(
            "For a need: whom it concerns and how it shows. For an asset: who keeps it and what is special."
        ),
    )
    evidence = TextAreaField(
        _l("How is this known?"),
        max_length=EVIDENCE_LENGTH,
        description=_l("A register, a study, a newspaper, who told you. An asset needs it."),
    )
    place = StringField(_l("Place"), max_length=PLACE_LENGTH, description=_l("A street, a quarter, a building."))
    shows_name = BooleanField(_l("Show my name as the contributor"), default=True)

    def told(self) -> ItemText:
        return ItemText(
            kind=self.kind.data,
            title=self.title.data or "",
            text=self.text.data or "",
            evidence=self.evidence.data or "",
            place=self.place.data or None,
            shows_name=self.shows_name.data,
        )


class ReasonForm(Form):
    """Why something is not taken, or taken off the list."""

    reason = TextAreaField(
        _l("Reason"),
        [Required(), Length(min=REASON_LENGTH[0])],
        max_length=REASON_LENGTH[1],
        description=_l(
            "Everybody can read this if it was already on the list; otherwise only the person who suggested it."
        ),
    )


class FileForm(Form):
    """A picture or a document that shows a need or an asset."""

    file = UploadField(
        _l("File"),
        [Required()],
        kinds=(*IMAGES, *DOCUMENTS),
        max_bytes=5_000_000,
        description=_l(
            "A picture (JPEG, PNG, WebP), a PDF or a Word document, at most 5 MB. Where a picture was taken is removed"
            " from it."
        ),
    )
    alt = StringField(
        _l("What does it show?"),
        [Required(), Length(min=ALT_LENGTH[0])],
        max_length=ALT_LENGTH[1],
        description=_l("In a few words, for people who cannot see it. Everybody can read this."),
    )


class RankingForm(Form):
    """The needs that matter most to somebody."""

    needs = CheckboxesField(_l("Which needs matter most?"), most=MOST_CHOSEN)

    @classmethod
    def of(cls, needs: Iterable[InventoryItem], chosen: list[str]) -> Self:
        """All needs of the list, those chosen before ticked."""
        form = cls(data={"needs": chosen})
        form.needs.offer([(need.public_id, need.title, need.place or "") for need in needs])
        return form
