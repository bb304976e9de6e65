"""What people type in discussions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..kernel.forms import (
    BooleanField,
    DateRange,
    DayField,
    EmailField,
    Form,
    HiddenField,
    HumanCheck,
    Idempotent,
    Length,
    RadioField,
    Required,
    SelectField,
    StringField,
    TextAreaField,
)
from ..kernel.i18n import LANGUAGE_NAMES, reader, site_timezone, zone
from ..stakeholders.models import Organisation
from .models import NAME_LENGTH, PLACE_LENGTH, QUOTE_LENGTH, REASON_LENGTH, SIDES, TEXT_LENGTH, Said, Stance, Voice
from .wording import STANCE_DEEDS, STANCE_HINTS

NAMED, UNNAMED, CITY = "named", "unnamed", "city"


class SpeakingForm(Idempotent, HumanCheck):
    """Who speaks, in which language; the rest differs between comments and replies."""

    language = SelectField(
        _l("Language of your text"), [Required()], choices=LANGUAGE_NAMES, blank=None, default=lambda: reader().locale
    )
    author = RadioField(
        _l("Who says this?"), [Required()], description=_l("Everybody can read this, and the public log keeps it.")
    )

    def offer_voices(self, name: str, organisations: Sequence[Organisation], *, for_city: bool) -> None:
        """The person with or without name, organisations that it may speak for, and the city for its officials."""
        own = [
            (NAMED, _("I do, with my name: %(name)s", name=name)),
            (UNNAMED, _("I do, without my name"), _("Readers see “a resident”. The city knows who you are.")),
        ]
        city = [(CITY, _("The city, in my function"), _("Marked as an answer of the city."))] if for_city else []
        self.author.offer([*own, *((one.public_id, one.name) for one in organisations), *city])

    def offer_guest(self) -> None:
        """A guest has one voice."""
        del self.author

    def said(self, *, stance: Stance | None, text: str, quote: str = "", quoted_edition: int | None = None) -> Said:
        chosen = self.author.data if "author" in self else NAMED
        is_own = chosen in (NAMED, UNNAMED)
        voice = Voice.RESIDENT if is_own else Voice.CITY if chosen == CITY else Voice.ORGANISATION
        return Said(
            text=text,
            stance=stance,
            language=self.language.data,
            voice=voice,
            organisation=chosen if voice is Voice.ORGANISATION else None,
            shows_name=chosen != UNNAMED,
            quote=quote,
            quoted_edition=quoted_edition,
        )


class CommentForm(SpeakingForm):
    """A comment on something: a side with its reason, a question, or a remark."""

    stance = RadioField(
        _l("What do you want to say?"),
        [Required()],
        choices=[(stance.value, STANCE_DEEDS[stance], STANCE_HINTS[stance]) for stance in Stance],
        coerce=Stance,
    )
    text = TextAreaField(
        _l("Why? In your own words"),
        [Required()],
        max_length=TEXT_LENGTH[1],
        description=_l("Say what you know or fear or hope. A reason helps more than a number."),
    )

    def validate_text(self, field: Any) -> None:
        if self.stance.data in SIDES and field.data:
            Length(min=REASON_LENGTH)(self, field)

    def comment(self) -> Said:
        return self.said(stance=self.stance.data, text=str(self.text.data))


class ReplyForm(SpeakingForm):
    """A reply, with a passage of what is answered if one likes."""

    quote = TextAreaField(
        _l("Passage that you answer"),
        max_length=QUOTE_LENGTH,
        description=_l("Copy it from above, word for word. You can leave this empty."),
    )
    quoted_edition = HiddenField()
    text = TextAreaField(_l("Your reply"), [Required()], max_length=TEXT_LENGTH[1])

    def reply(self) -> Said:
        edition = str(self.quoted_edition.data or "")
        known = int(edition) if edition.isascii() and edition.isdecimal() and len(edition) < 6 else None
        return self.said(stance=None, text=str(self.text.data), quote=str(self.quote.data), quoted_edition=known)


class EditForm(Form):
    """The same comment in other words."""

    text = TextAreaField(_l("Your text"), [Required()], max_length=TEXT_LENGTH[1])


class TranslationForm(Form):
    """A comment in another language."""

    language = SelectField(_l("Into which language?"), [Required()], choices=LANGUAGE_NAMES, blank=None)
    text = TextAreaField(
        _l("Translation"),
        [Required()],
        max_length=2 * TEXT_LENGTH[1],
        description=_l("Say what the author says, not what you would say."),
    )
    shows_name = BooleanField(_l("Show my name as the translator"), default=True)


class GuestForm(Form):
    """Whom the city invites from another city, and for how long."""

    name = StringField(_l("Name"), [Required(), Length(min=2)], max_length=NAME_LENGTH)
    email = EmailField(_l("E-mail address"), [Required()])
    city = StringField(_l("City"), [Required()], max_length=PLACE_LENGTH)
    country = StringField(_l("Country"), [Required()], max_length=PLACE_LENGTH)
    locale = SelectField(_l("Language of the letter"), [Required()], choices=LANGUAGE_NAMES, blank=None, default="en")
    until = DayField(
        _l("May comment until"), [Required(), DateRange()], description=_l("The last day on which the guest can write.")
    )

    def ends_at(self) -> datetime:
        """The first moment after the last day, in the city's zone."""
        return datetime.combine(self.until.data + timedelta(days=1), time(), zone(site_timezone()))
