"""What people type about needs and assets."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from ..kernel.forms import BooleanField, Form, Idempotent, Length, RadioField, Required, StringField, TextAreaField
from ..moderation.forms import ScreenedForm
from .models import EVIDENCE_LENGTH, PLACE_LENGTH, REASON_LENGTH, TEXT_LENGTH, TITLE_LENGTH, ItemKind, ItemText
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
