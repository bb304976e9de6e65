"""What clerks type, and what people type who hold a slip."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..accounts.models import AboutYou, Sex
from ..accounts.queries import account_by_email
from ..kernel.db import db
from ..kernel.files import DOCUMENTS, IMAGES
from ..kernel.forms import (
    BirthYearField,
    BooleanField,
    CheckboxesField,
    DayField,
    EmailField,
    Form,
    Idempotent,
    IntegerField,
    NumberRange,
    Optional,
    RadioField,
    Required,
    SelectField,
    StringField,
    TableField,
    TextAreaField,
    TypedCodeField,
    UploadField,
    ValidationError,
)
from ..kernel.i18n import LANGUAGE_NAMES, lazy_number
from ..processes.models import WayIn
from ..proposals.models import (
    BODY_LENGTH,
    LARGEST_COST,
    PLACE_LENGTH,
    SHORTEST_ON_PAPER,
    SUMMARY_LENGTH,
    TITLE_LENGTH,
    Content,
    Level,
    Proposal,
    ProposalKind,
)
from ..proposals.wording import KINDS
from ..vocabularies.uccn import AREAS, BENEFICIARIES, OBJECTIVES, SECTORS, Sector
from .entry import Entry, Person
from .wording import WAYS

SEXES = {Sex.FEMALE: _l("Woman"), Sex.MALE: _l("Man"), Sex.OTHER: _l("Other")}


class IntakeForm(Form):
    way_in = RadioField(_l("How people came"), [Required()], choices=WAYS, coerce=WayIn)
    place = StringField(
        _l("Where"), [Required()], max_length=160, description=_l("A hall, a school, a street; not a person.")
    )
    held_on = DayField(_l("Day on which people gave it"), [Required()])
    meeting = SelectField(
        _l("At a meeting?"),
        blank=_l("at none"),
        validate_choice=False,
        description=_l("Then what people gave stands on its page as well. Choose workshop as the way."),
    )
    needs_second = BooleanField(_l("A second clerk compares each item with its paper before it counts"))


class TextFields(Form):
    """The words of a proposal, as short as a paper form. What is missing is said at once with what is unreadable."""

    title = StringField(_l("Title"), max_length=TITLE_LENGTH[1])
    summary = TextAreaField(_l("What the person proposes"), max_length=SUMMARY_LENGTH)
    body = TextAreaField(_l("More, if there is more on the paper"), max_length=BODY_LENGTH)
    kind = SelectField(_l("What is it?"), choices=KINDS, coerce=ProposalKind, blank=None, default=ProposalKind.PROJECT)
    objectives = CheckboxesField(_l("Objectives it serves"), choices=OBJECTIVES)
    areas = CheckboxesField(_l("What is done?"), choices=AREAS)
    for_whom = CheckboxesField(_l("Who gains most?"), choices=BENEFICIARIES)
    place = StringField(_l("Place"), max_length=PLACE_LENGTH)
    cost = IntegerField(_l("Cost"), [Optional(), NumberRange(min=0, max=LARGEST_COST)])
    language = SelectField(_l("Language of the text"), choices=LANGUAGE_NAMES, blank=None)

    @property
    def has_text(self) -> bool:
        return True

    def validate_title(self, field: StringField) -> None:
        if self.has_text and len(field.data or "") < SHORTEST_ON_PAPER:
            raise ValidationError(
                _("Write a title of at least %(least)s characters.", least=lazy_number(SHORTEST_ON_PAPER))
            )

    def validate_summary(self, field: TextAreaField) -> None:
        if self.has_text and not field.data:
            raise ValidationError(_("Say in a few sentences what you propose."))

    def validate_objectives(self, field: CheckboxesField) -> None:
        if self.has_text and not field.data:
            raise ValidationError(_("Choose at least one objective that your proposal serves."))

    def content(self, *, shows_name: bool) -> Content:
        return Content(
            title=self.title.data or "",
            summary=self.summary.data or "",
            body=self.body.data or "",
            kind=self.kind.data,
            level=Level.LOCAL,
            objectives=tuple(self.objectives.data or ()),
            areas=tuple(self.areas.data or ()),
            for_whom=tuple(self.for_whom.data or ()),
            place=self.place.data or None,
            cost=self.cost.data,
            language=self.language.data,
            shows_name=shows_name,
        )


class EntryForm(Idempotent, TextFields):
    """One form of the pile. Without a title and a text it says only that the person was there."""

    name = StringField(_l("Name"), max_length=80, description=_l("Only if the person gave one."))
    shows_name = BooleanField(_l("The name may stand beside the proposal"))
    email = EmailField(_l("E-mail of their account"), [Optional()], description=_l("Only if they have one."))
    sex = RadioField(_l("Sex"), choices=SEXES, coerce=Sex)
    birth_year = BirthYearField(_l("Year of birth"), [Optional()])
    district = StringField(_l("District"), max_length=80)
    sector = SelectField(_l("Sector"), choices=SECTORS, coerce=Sector)

    STICKY = ("district", "language", "kind", "sector")
    """What stays for the next form of the pile."""

    @property
    def has_text(self) -> bool:
        return bool(self.title.data or self.summary.data)

    def validate_email(self, field: EmailField) -> None:
        known = account_by_email(db.session(), field.data) if field.data else None
        if field.data and (known is None or not known.is_active):
            raise ValidationError(_("Nobody has an account with this address. Leave it empty to make one."))

    def entry(self) -> Entry:
        about = AboutYou(
            self.sex.data or None,
            self.birth_year.data,
            self.district.data or None,
            self.sector.data or None,
        )
        person = Person(self.name.data or "", self.email.data or None, about)
        return Entry(person, self.content(shows_name=bool(self.shows_name.data)) if self.has_text else None)

    def kept(self) -> dict[str, object]:
        return {name: self[name].data for name in self.STICKY}


class SheetForm(Form):
    file = TableField(
        _l("The table"),
        [Required()],
        description=_l(
            "CSV or XLSX. The first row names the columns: title, summary, objectives, place, name, sex, birth year, "
            "district."
        ),
    )
    language = SelectField(_l("Language of the texts"), [Required()], choices=LANGUAGE_NAMES, blank=None)


class ScanForm(Form):
    title = StringField(_l("What it shows"), [Required()], max_length=160)
    scan = UploadField(_l("The scanned sheet"), [Required()], kinds=(*IMAGES, *DOCUMENTS), max_bytes=10_000_000)


class CodeForm(Form):
    code = TypedCodeField(_l("The code on your slip"), [Required()], description=_l("Eleven letters and digits."))


class MendForm(TextFields):
    name = StringField(_l("Name beside the proposal"), max_length=80, description=_l("Empty: no name."))
    reason = StringField(_l("Why"), [Required()], max_length=300, description=_l("The city’s staff reads it."))

    @classmethod
    def of(cls, proposal: Proposal) -> MendForm:
        names = ("title", "summary", "body", "kind", "objectives", "areas", "for_whom", "place", "cost", "language")
        return cls(data={name: getattr(proposal, name) for name in names} | {"name": proposal.author_name or ""})


class WithdrawForm(Form):
    reason = StringField(_l("Why"), [Required()], max_length=300, description=_l("The city’s staff reads it."))


class TakeOverForm(Form):
    email = EmailField(_l("Your e-mail address"), [Required()])
