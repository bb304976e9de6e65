"""A minority statement as somebody writes it."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ...kernel.forms import Length, RadioField, Required, SelectField, TextAreaField
from ...kernel.i18n import LANGUAGE_NAMES, reader
from ...moderation.forms import ScreenedForm
from ...stakeholders.models import Organisation
from ..models import DISSENT_LENGTH
from .writing import NAMED, UNNAMED


class DissentForm(ScreenedForm):
    """Whether a resident is named is their choice; an organisation always is."""

    text = TextAreaField(
        _l("With what do you not agree, and why?"),
        [Required(), Length(min=DISSENT_LENGTH[0])],
        max_length=DISSENT_LENGTH[1],
        description=_l("It is kept as you write it, and stands in the record of the process for good."),
    )
    language = SelectField(
        _l("Language of your text"), [Required()], choices=LANGUAGE_NAMES, blank=None, default=lambda: reader().locale
    )
    author = RadioField(_l("Who says this?"), [Required()], description=_l("Everybody can read this."))

    def offer_authors(self, name: str, organisations: Sequence[Organisation]) -> None:
        """The person with or without name, and the organisations that it may speak for."""
        own = [
            (NAMED, _("I do, with my name: %(name)s", name=name)),
            (UNNAMED, _("I do, without my name"), _("Readers see “a resident”. The city knows who you are.")),
        ]
        self.author.offer([*own, *((one.public_id, one.name) for one in organisations)])

    @property
    def organisation(self) -> str | None:
        return None if self.author.data in (NAMED, UNNAMED) else str(self.author.data)

    @property
    def shows_name(self) -> bool:
        return bool(self.author.data == NAMED)
