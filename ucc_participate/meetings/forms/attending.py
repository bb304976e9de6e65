"""Registering, saying that one is here, the clerk's list, the signed sheet."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from ...accounts.models import AboutYou, Sex
from ...kernel.files import DOCUMENTS, IMAGES
from ...kernel.forms import (
    BirthYearField,
    BooleanField,
    Form,
    HumanCheck,
    Idempotent,
    Optional,
    RadioField,
    Required,
    SelectField,
    StringField,
    TextAreaField,
    UploadField,
)
from ...stakeholders.models import Organisation
from ...vocabularies.uccn import SECTORS, Sector
from ..entry import Came

SEXES = {Sex.FEMALE: _l("Woman"), Sex.MALE: _l("Man"), Sex.OTHER: _l("Other")}


class RegistrationForm(Form):
    needs = TextAreaField(
        _l("Do you need anything?"),
        max_length=600,
        description=_l("A ramp, sign language, large print, a companion. Only the city’s staff reads it."),
    )
    wants_childcare = BooleanField(_l("I bring a child that needs care"))


class HereForm(Form):
    """Of somebody signed in: nothing to fill in but for whom they came."""

    organisation = SelectField(_l("I am here"), blank=_l("for myself"), validate_choice=False)

    def offer(self, organisations: list[Organisation]) -> None:
        self.organisation.offer([(each.public_id, each.name) for each in organisations])


class ComingForm(Idempotent):
    """The short form. Everything in it may be left out."""

    name = StringField(
        _l("Name"),
        max_length=80,
        description=_l("You need not give it. It is never public and goes after some months."),
    )
    sex = RadioField(_l("Sex"), choices=SEXES, coerce=Sex)
    birth_year = BirthYearField(_l("Year of birth"), [Optional()])
    district = StringField(_l("District"), max_length=80)
    sector = SelectField(_l("Sector"), choices=SECTORS, coerce=Sector)
    organisation = SelectField(_l("For which organisation?"), blank=_l("for no organisation"), validate_choice=False)
    took_part_before = BooleanField(_l("I have taken part in this process before"))

    def offer(self, organisations: list[Organisation]) -> None:
        self.organisation.offer([(each.public_id, each.name) for each in organisations])

    def came(self, organisation: Organisation | None) -> Came:
        sex, sector = self.sex.data, self.sector.data
        about = AboutYou(
            sex=sex or None,
            birth_year=self.birth_year.data,
            district=self.district.data or None,
            sector=sector or None,
        )
        return Came(self.name.data or "", about, organisation, self.took_part_before.data)

    def kept(self) -> dict[str, Any]:
        """What mostly stays the same for the next one on a clerk's list."""
        return {"district": self.district.data, "sector": self.sector.data, "organisation": self.organisation.data}


class GuestForm(HumanCheck, ComingForm):
    """The short form as strangers may send it who stand before the code."""


class ListForm(ComingForm):
    """A line of the clerk's list."""


class SheetForm(Form):
    title = StringField(_l("What it shows"), [Required()], max_length=160)
    scan = UploadField(_l("The signed sheet"), [Required()], kinds=(*IMAGES, *DOCUMENTS), max_bytes=10_000_000)
