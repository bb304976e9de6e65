"""What staff types into the register, and what everybody types to search it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..kernel.files import DOCUMENTS, IMAGES
from ..kernel.forms import (
    BooleanField,
    CheckboxesField,
    DayField,
    EmailField,
    Form,
    HiddenField,
    HumanCheck,
    Idempotent,
    IntegerField,
    Length,
    LocalizedTextField,
    NumberRange,
    RadioField,
    Required,
    SelectField,
    StringField,
    TableField,
    TextAreaField,
    UploadField,
    ValidationError,
    WebAddressField,
)
from ..kernel.i18n import in_language, reader
from ..vocabularies.uccn import CREATIVE_FIELDS, SECTORS, SUBTYPES, CreativeField, Sector
from .models import MOST_CONFIRMATIONS, CountsAs, NominationOutcome, SizeBand, Tag
from .wording import COUNTED_AS, OUTCOME_CHOICES, SECTORS_AND_KINDS, SIZES

LONGEST_SEARCH = 200


def tag_choices(tags: Iterable[Tag]) -> list[tuple[str, str]]:
    """Tags as choices, in the reader's language."""
    return [(tag.code, in_language(tag.title, reader().locale).text) for tag in tags]


class OrganisationForm(Form):
    """An entry of the register. ``is_another`` says that a similar name belongs to somebody else."""

    name = StringField(_l("Name of the organisation"), [Required()], max_length=160)
    sector = RadioField(_l("Sector"), [Required()], choices=SECTORS, coerce=Sector)
    subtype = SelectField(_l("Kind"), [Required()], choices=SECTORS_AND_KINDS)
    creative_fields = CheckboxesField(_l("Creative fields"), choices=CREATIVE_FIELDS, coerce=CreativeField)
    tags = CheckboxesField(_l("What it is"), description=_l("Tick all that holds. Everybody can read this."))
    size = SelectField(_l("How many people belong to it"), choices=SIZES, coerce=SizeBand, blank=_l("Not known"))
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
        given = {name: self[name].data for name in ("name", "sector", "subtype", "size", "identified_by")}
        several = {name: tuple(self[name].data) for name in ("creative_fields", "tags")}
        blank = ("website", "contact_name", "contact_email", "contact_phone", "note")
        return given | several | {name: self[name].data or None for name in blank}


class TagForm(Form):
    """A further word by which organisations are found and counted."""

    title = LocalizedTextField(_l("The word"), [Required()], max_length=60)
    counts_as = SelectField(
        _l("Counts among"),
        choices=COUNTED_AS,
        coerce=CountsAs,
        blank=_l("No group in particular"),
        description=_l("Whose presence is counted when such an organisation takes part."),
    )


class NominationForm(HumanCheck, Idempotent):
    """An organisation that the register lacks, named by anybody."""

    name = StringField(_l("Name of the organisation"), [Required()], max_length=160)
    sector = RadioField(_l("Sector"), [Required()], choices=SECTORS, coerce=Sector)
    why = TextAreaField(
        _l("Why should it be invited?"),
        [Required()],
        max_length=1000,
        description=_l("Only the city’s staff reads this."),
    )
    contact = StringField(
        _l("How can the city reach it?"),
        description=_l("Only the city’s staff reads this. It is forgotten when the city has answered."),
    )

    def said(self) -> dict[str, Any]:
        """The facts by name."""
        return {
            **{name: self[name].data for name in ("name", "sector", "why", "idempotency_key")},
            "contact": self.contact.data or None,
        }


class AnswerForm(OrganisationForm):
    """The city's answer to a nomination; what the register is to hold is asked for only when it is entered."""

    outcome = RadioField(_l("Your answer"), [Required()], choices=OUTCOME_CHOICES, coerce=NominationOutcome)
    organisation = SelectField(_l("Which one of the register is meant"))
    reason = TextAreaField(_l("Reason"), [Required()], max_length=1000, description=_l("Everybody can read it."))

    @property
    def enters(self) -> bool:
        return self.outcome.data is NominationOutcome.REGISTERED

    def validate(self, extra_validators: Any = None) -> bool:
        """Asks for the fields of the register only when there will be an entry; tells what is wrong in them always."""
        if self.enters:
            return bool(super().validate(extra_validators))
        super().validate(extra_validators)
        for field in self:
            if field.name not in ("outcome", "organisation", "reason", "csrf_token") and not any(field.raw_data or ()):
                field.errors = []
        return not any(field.errors for field in self)


class ImportForm(Form):
    """A table of organisations."""

    table = TableField(
        _l("Table"),
        [Required()],
        description=_l(
            "CSV or XLSX, at most 10,000 rows. The first row names the columns, in Persian, English or French."
        ),
    )
    identified_by = StringField(
        _l("How the city came to know of them"),
        max_length=200,
        description=_l("For rows that do not say it themselves. For example: list of the chamber of guilds, 1405."),
    )


class MergeForm(Form):
    """That two entries are one organisation. ``seen``: what the page showed of the entry that goes."""

    reason = TextAreaField(
        _l("Reason"),
        [Required()],
        max_length=1000,
        description=_l("Everybody can read it. For example: the same guild, entered twice under two spellings."),
    )
    seen = HiddenField()


class DelegateForm(Form):
    """Who may act for an organisation, on what ground, from when to when."""

    email = EmailField(
        _l("E-mail of the person"), [Required()], description=_l("The address with which they signed up here.")
    )
    mandate = StringField(
        _l("Mandate"), [Required()], description=_l("What it rests on, for example: letter of the board no. 12.")
    )
    document = UploadField(
        _l("The mandate as a file"),
        kinds=(*IMAGES, *DOCUMENTS),
        max_bytes=10_000_000,
        description=_l("A photo is enough. Only the city’s staff can open it."),
    )
    starts_on = DayField(_l("First day"), [Required()])
    ends_on = DayField(_l("Last day"), description=_l("Leave this empty when no end is set."))


class QuorumForm(Form):
    """How many delegates must agree on a ballot of the organisation."""

    confirmations = IntegerField(
        _l("How many delegates must agree on a ballot"),
        [Required(), NumberRange(min=1, max=MOST_CONFIRMATIONS)],
        description=_l("With 1 each delegate can cast it alone. It holds for votes that open from now on."),
    )


class RegisterSearch(Form):
    """The part of the register that is wanted; wishes that make no sense are left out."""

    class Meta(Form.Meta):
        csrf = False

    def __init__(self, given: Any = None, tags: Iterable[Tag] = ()) -> None:
        super().__init__(given)
        self.tag.offer(tag_choices(tags))

    q = StringField(_l("Search by name"))
    sector = SelectField(_l("Sector"), choices=SECTORS, coerce=Sector, blank=_l("All sectors"))
    creative_field = SelectField(
        _l("Creative field"), choices=CREATIVE_FIELDS, coerce=CreativeField, blank=_l("All fields")
    )
    tag = SelectField(_l("What it is"), blank=_l("All"))
    womens = BooleanField(_l("Women’s groups only"))
    youth = BooleanField(_l("Youth groups only"))

    def wanted(self) -> dict[str, Any]:
        """What is asked for, in the words of the query."""
        self.validate()
        return {
            "text": self.q.data if not self.q.errors else "",
            "sector": self.sector.data if not self.sector.errors else None,
            "creative_field": self.creative_field.data if not self.creative_field.errors else None,
            "tag": self.tag.data if not self.tag.errors else None,
            "is_womens_group": self.womens.data,
            "is_youth_group": self.youth.data,
        }

    def asked(self) -> dict[str, str]:
        """The part of the address that says what is wanted, for the addresses of other pages of the list."""
        given = {name: str(field.raw_data[0]) for name, field in self._fields.items() if field.raw_data}
        return {name: value[:LONGEST_SEARCH] for name, value in given.items() if value}

    @property
    def is_narrowed(self) -> bool:
        return any(field.data for field in (self.sector, self.creative_field, self.tag, self.womens, self.youth))
