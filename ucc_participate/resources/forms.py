"""What people type about people, money and bodies."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Self

from flask_babel import lazy_gettext as _l

from ..kernel.files import DOCUMENTS, IMAGES
from ..kernel.forms import (
    BooleanField,
    DayField,
    DecimalField,
    Form,
    HiddenField,
    IntegerField,
    Length,
    LocalizedTextField,
    NumberRange,
    RadioField,
    Required,
    SelectField,
    StringField,
    TextAreaField,
    UploadField,
)
from ..stakeholders.models import Organisation
from ..vocabularies.uccn import SECTORS, Sector
from .models import (
    BASIS_LENGTH,
    MOST_MEETINGS,
    NAME_LENGTH,
    REASON_LENGTH,
    BodyText,
    Certainty,
    MemberText,
    Resource,
    ResourceKind,
    ResourceText,
)
from .terms import PlanTerms
from .wording import CERTAINTIES, CERTAINTY_HINTS, SEXES

FILE_BYTES = 10_000_000


class ResourceForm(Form):
    """A line of people or money. ``version``: of the line that was on the page."""

    year = IntegerField(_l("Budget year"), [Required()])
    source = LocalizedTextField(
        _l("Source"),
        [Required()],
        max_length=NAME_LENGTH,
        description=_l("Who pays or lends the people, such as: budget of the municipality, chamber of guilds."),
    )
    amount = DecimalField(_l("Amount of money"), [Required()])
    certainty = RadioField(
        _l("How certain is it?"),
        [Required()],
        choices=[(each.value, CERTAINTIES[each], CERTAINTY_HINTS[each]) for each in Certainty],
        coerce=Certainty,
    )
    basis = TextAreaField(
        _l("On what does it rest?"),
        max_length=BASIS_LENGTH,
        description=_l("Budget line, number and day of a decision, a letter. What is secured needs it."),
    )
    initiative = SelectField(_l("For which initiative?"), blank=_l("For the whole plan"))
    file = UploadField(_l("Evidence as a file"), kinds=(*IMAGES, *DOCUMENTS), max_bytes=FILE_BYTES)
    is_public = BooleanField(
        _l("Everybody may open this file"),
        description=_l("Otherwise the city’s staff alone. The log keeps its fingerprint in any case."),
    )
    version = HiddenField()

    @classmethod
    def asking(
        cls, kind: ResourceKind, terms: PlanTerms, resource: Resource | None = None, *, is_sent: bool = True
    ) -> Self:
        """The form of one kind, filled with what stands now. ``is_sent``: whether what was sent is meant for it."""
        stands: dict[str, Any] = {"certainty": Certainty.EXPECTED} if resource is None else _typed(resource)
        form = cls(data=stands) if is_sent else cls(formdata=None, data=stands)
        form.initiative.offer(_initiatives(terms, resource))
        form.amount.label.text = _l("Full-time equivalents") if kind is ResourceKind.PEOPLE else _l("Amount of money")
        form.amount.description = (
            _l("One person working full time is 1, half a post is 0.5.")
            if (kind is ResourceKind.PEOPLE)
            else _l("Whole units, without thousands left out.")
        )
        return form

    def told(self, kind: ResourceKind) -> ResourceText:
        return ResourceText(
            kind=kind,
            year=self.year.data or 0,
            source=self.source.data,
            amount=self.amount.data or Decimal(0),
            certainty=self.certainty.data,
            basis=self.basis.data or "",
            initiative=self.initiative.data,
        )


def _initiatives(terms: PlanTerms, resource: Resource | None) -> dict[str, Any]:
    """Those of the plan, and the one that a line is for although it was dropped since."""
    offered: dict[str, Any] = dict(terms.initiatives)
    if resource is not None and resource.initiative and resource.initiative not in offered:
        offered[resource.initiative] = _l("An initiative that was dropped")
    return offered


def _typed(resource: Resource) -> dict[str, Any]:
    names = ("year", "source", "certainty", "basis", "initiative", "version")
    value = resource.value
    return {name: getattr(resource, name) for name in names} | {
        "amount": int(value) if value == int(value) else value.normalize()
    }


class VoidForm(Form):
    """Why a line does not count any more."""

    reason = TextAreaField(
        _l("Reason"),
        [Required(), Length(min=REASON_LENGTH[0])],
        max_length=REASON_LENGTH[1],
        description=_l("Everybody can read this in the public log."),
    )


class BodyForm(Form):
    """A body: what it is called, what it does, how often it meets."""

    name = LocalizedTextField(_l("Name of the body"), [Required()], max_length=NAME_LENGTH)
    duties = LocalizedTextField(
        _l("Duties"),
        [Required()],
        multiline=True,
        max_length=BASIS_LENGTH * 2,
        description=_l("What it decides, what it carries out, what it watches over."),
    )
    rhythm = IntegerField(
        _l("How many times a year does it meet?"), [Required(), NumberRange(min=1, max=MOST_MEETINGS)]
    )
    since = DayField(_l("Since"))
    until = DayField(_l("Ended"), description=_l("Empty while it lives on."))
    version = HiddenField()

    def told(self) -> BodyText:
        return BodyText(
            name=self.name.data,
            duties=self.duties.data or {},
            rhythm=self.rhythm.data or 0,
            since=self.since.data,
            until=self.until.data,
        )


class MemberForm(Form):
    """A seat of a body."""

    function = LocalizedTextField(
        _l("Function"), [Required()], max_length=NAME_LENGTH, description=_l("Such as: head of the potters’ guild.")
    )
    organisation = SelectField(_l("Organisation of the register"), blank=_l("None"))
    sector = RadioField(
        _l("Sector"), choices=SECTORS, coerce=Sector, description=_l("An organisation of the register brings its own.")
    )
    sex = RadioField(
        _l("Sex"),
        choices=SEXES,
        description=_l("Only if the person wants it said. What is published is how many women and men there are."),
    )
    person = StringField(
        _l("Name"), max_length=NAME_LENGTH, description=_l("For the city’s staff; forgotten when the seat ends.")
    )
    since = DayField(_l("Since"))

    @classmethod
    def offering(cls, organisations: Iterable[Organisation]) -> Self:
        form = cls()
        form.organisation.offer({each.public_id: each.name for each in organisations})
        return form

    def told(self) -> MemberText:
        return MemberText(
            function=self.function.data,
            sector=self.sector.data,
            organisation=self.organisation.data,
            person=self.person.data or None,
            sex=self.sex.data,
            since=self.since.data,
        )


class LeavingForm(Form):
    """The last day of a seat."""

    until = DayField(_l("Last day"), [Required()])
