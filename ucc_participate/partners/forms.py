"""What people type about partner cities."""

from __future__ import annotations

from typing import Any, Self

from flask_babel import lazy_gettext as _l

from ..kernel.files import DOCUMENTS, IMAGES
from ..kernel.forms import (
    BooleanField,
    CheckboxesField,
    Form,
    HiddenField,
    IntegerField,
    RadioField,
    Required,
    SelectField,
    StringField,
    TextAreaField,
    UploadField,
)
from ..vocabularies.uccn import CREATIVE_FIELDS, CreativeField
from .models import ABOUT_LENGTH, CONTACT_LENGTH, NAME_LENGTH, TRANSITIONS, CityText, PartnerCity, PartnerState
from .wording import COOPERATION, STATE_HINTS, STATES, countries

FILE_BYTES = 10_000_000
NAMES = ("name", "country", "creative_field", "since", "about", "contact", "status", "version")


class CityForm(Form):
    """A partner city. ``version``: of what was on the page."""

    name = StringField(_l("City"), [Required()], max_length=NAME_LENGTH)
    country = SelectField(_l("Country"), [Required()])
    since = IntegerField(
        _l("Member of the Network since"), description=_l("The year of its designation. Empty for no member.")
    )
    creative_field = SelectField(_l("Its creative field"), choices=CREATIVE_FIELDS, coerce=CreativeField)
    cooperation = CheckboxesField(_l("What can be done together?"), choices=COOPERATION)
    about = TextAreaField(
        _l("What has been talked about or done?"),
        max_length=ABOUT_LENGTH,
        description=_l("Letters, visits, memoranda with their day. Everybody can read this."),
    )
    contact = TextAreaField(
        _l("Contact"),
        max_length=CONTACT_LENGTH,
        description=_l("An office and its address, for the city’s staff alone. No private persons."),
    )
    status = RadioField(_l("How far has it come?"), [Required()], coerce=PartnerState)
    file = UploadField(_l("Evidence as a file"), kinds=(*IMAGES, *DOCUMENTS), max_bytes=FILE_BYTES)
    is_public = BooleanField(
        _l("Everybody may open this file"),
        description=_l("Otherwise the city’s staff alone. The log keeps its fingerprint in any case."),
    )
    version = HiddenField()

    @classmethod
    def asking(cls, city: PartnerCity | None = None) -> Self:
        """The form filled with what stands now; only steps that are possible are offered."""
        typed: dict[str, Any] = {"status": PartnerState.SOUGHT}
        states = [state for state in PartnerState if city is not None or state is not PartnerState.ENDED]
        if city is not None:
            typed = {name: getattr(city, name) for name in NAMES} | {"cooperation": list(city.cooperation)}
            states = [state for state in PartnerState if state is city.status or state in TRANSITIONS[city.status]]
        form = cls(data=typed)
        form.country.offer(countries())
        form.status.offer([(state.value, STATES[state], STATE_HINTS[state]) for state in states])
        return form

    def told(self) -> CityText:
        return CityText(
            name=self.name.data or "",
            country=self.country.data or "",
            creative_field=self.creative_field.data,
            since=self.since.data,
            cooperation=tuple(self.cooperation.data or ()),
            about=self.about.data or "",
            contact=self.contact.data or "",
            status=self.status.data,
        )
