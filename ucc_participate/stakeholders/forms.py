"""What staff types into the register, and what everybody types to search it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..kernel.forms import (
    BooleanField,
    DayField,
    EmailField,
    Form,
    Length,
    RadioField,
    Required,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
    WebAddressField,
)
from ..vocabularies.uccn import CREATIVE_FIELDS, SECTORS, SUBTYPES, CreativeField, Sector

LONGEST_SEARCH = 200

KINDS = {
    kind: _l("%(sector)s: %(kind)s", sector=SECTORS[sector], kind=label)
    for sector, kinds in SUBTYPES.items()
    for kind, label in kinds.items()
}


class OrganisationForm(Form):
    """An entry of the register. ``is_another`` says that a similar name belongs to somebody else."""

    name = StringField(_l("Name of the organisation"), [Required()], max_length=160)
    sector = RadioField(_l("Sector"), [Required()], choices=SECTORS, coerce=Sector)
    subtype = SelectField(_l("Kind"), [Required()], choices=KINDS)
    creative_field = SelectField(
        _l("Creative field"), choices=CREATIVE_FIELDS, coerce=CreativeField, blank=_l("No field in particular")
    )
    is_womens_group = BooleanField(_l("A women’s group"), description=_l("Women lead it or it works for women."))
    is_youth_group = BooleanField(_l("A youth group"), description=_l("People under 30 lead it or it works for them."))
    identified_by = StringField(
        _l("How the city came to know of it"),
        [Required()],
        description=_l("For example: named by the weavers’ association. Everybody can read this."),
    )
    website = WebAddressField(_l("Website"), [Length(max=300)], description=_l("Everybody can see it."))
    contact_name = StringField(_l("Whom to talk to"), max_length=120)
    contact_email = EmailField(_l("E-mail"))
    contact_phone = StringField(_l("Telephone"), max_length=30, render_kw={"dir": "ltr", "inputmode": "tel"})
    note = TextAreaField(_l("Note for the staff"), max_length=2000)
    is_another = BooleanField(_l("This is another organisation: register it"))

    def validate_subtype(self, field: Any) -> None:
        sector = self.sector.data
        if sector is not None and field.data and field.data not in SUBTYPES[sector.value]:
            raise ValidationError(_("Choose a kind that belongs to the sector."))

    def details(self) -> dict[str, Any]:
        """The facts by name; what was left blank is None."""
        given = {name: self[name].data for name in ("name", "sector", "subtype", "creative_field", "identified_by")}
        flags = {name: self[name].data for name in ("is_womens_group", "is_youth_group")}
        blank = ("website", "contact_name", "contact_email", "contact_phone", "note")
        return given | flags | {name: self[name].data or None for name in blank}


class DelegateForm(Form):
    """Who may act for an organisation, on what ground, from when to when."""

    email = EmailField(
        _l("E-mail of the person"), [Required()], description=_l("The address with which they signed up here.")
    )
    mandate = StringField(
        _l("Mandate"), [Required()], description=_l("What it rests on, for example: letter of the board no. 12.")
    )
    starts_on = DayField(_l("First day"), [Required()])
    ends_on = DayField(_l("Last day"), description=_l("Leave this empty when no end is set."))


class RegisterSearch(Form):
    """The part of the register that is wanted; wishes that make no sense are left out."""

    class Meta(Form.Meta):
        csrf = False

    q = StringField(_l("Search by name"))
    sector = SelectField(_l("Sector"), choices=SECTORS, coerce=Sector, blank=_l("All sectors"))
    creative_field = SelectField(
        _l("Creative field"), choices=CREATIVE_FIELDS, coerce=CreativeField, blank=_l("All fields")
    )
    womens = BooleanField(_l("Women’s groups only"))
    youth = BooleanField(_l("Youth groups only"))

    def wanted(self) -> dict[str, Any]:
        """What is asked for, in the words of the query."""
        self.validate()
        return {
            "text": self.q.data if not self.q.errors else "",
            "sector": self.sector.data if not self.sector.errors else None,
            "creative_field": self.creative_field.data if not self.creative_field.errors else None,
            "is_womens_group": self.womens.data,
            "is_youth_group": self.youth.data,
        }

    def asked(self) -> dict[str, str]:
        """The part of the address that says what is wanted, for the addresses of other pages of the list."""
        given = {name: str(field.raw_data[0]) for name, field in self._fields.items() if field.raw_data}
        return {name: value[:LONGEST_SEARCH] for name, value in given.items() if value}

    @property
    def is_narrowed(self) -> bool:
        return any(field.data for field in (self.sector, self.creative_field, self.womens, self.youth))
