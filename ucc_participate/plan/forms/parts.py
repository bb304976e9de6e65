"""A form for each part of an initiative."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from ...kernel.forms import (
    CheckboxesField,
    LocalizedTextField,
)
from ...kernel.i18n import digits, reader
from ...vocabularies.uccn import BENEFICIARIES
from ..models import (
    Benefit,
    Initiative,
    Part,
    Written,
)
from ..models.written import TEXT_LENGTH
from ..wording import SDGS
from .base import Offered, PartForm
from .links import BeginningsForm, FoundationsForm, TogetherForm
from .rows import BudgetForm, EffectsForm, ParticularsForm, ScheduleForm
from .whole import BasicsFields


def begin_part(part: Part, initiative: Initiative, offered: Offered, *, rows: int = 0) -> PartForm:
    """The form of a part, holding what was sent or else what stands there. ``rows``: how many were on the page."""
    kind = PART_FORMS[part]
    made: type[PartForm] = type(kind.__name__, (kind,), kind.fields_for(initiative, offered, rows))
    return made(data=kind.typed(initiative))


class BasicsForm(BasicsFields, PartForm):
    @staticmethod
    def typed(initiative: Initiative) -> dict[str, Any]:
        names = ("kind", "level", "title", "summary", "description", "objectives", "areas", "creative_fields")
        return {name: getattr(initiative, name) for name in names}

    def told(self, _initiative: Initiative) -> Written:
        return self.basics()


class BenefitForm(PartForm):
    beneficiaries = CheckboxesField(_l("Whom is it for?"), choices=BENEFICIARIES)
    access = LocalizedTextField(
        _l("Who gains access to culture by it, and how?"),
        multiline=True,
        max_length=TEXT_LENGTH,
        description=_l("Prices, opening hours, ways to get there, languages, help for people with disabilities."),
    )
    enters = LocalizedTextField(
        _l("Which plan of the city does it enter?"),
        multiline=True,
        max_length=TEXT_LENGTH,
        description=_l("The name of the plan, its article, or the line of the budget."),
    )
    sdgs = CheckboxesField(
        _l("Sustainable development goals"),
        choices=lambda: [
            (number, f"{digits(number, locale=reader().locale)}. {label}") for number, label in SDGS.items()
        ],
    )

    @staticmethod
    def typed(initiative: Initiative) -> dict[str, Any]:
        return {name: getattr(initiative, name) for name in ("beneficiaries", "access", "enters", "sdgs")}

    def told(self, _initiative: Initiative) -> Written:
        return Benefit(
            tuple(self.beneficiaries.data or ()), self.access.data, self.enters.data, tuple(self.sdgs.data or ())
        )


PART_FORMS: dict[Part, type[PartForm]] = {
    Part.BASICS: BasicsForm,
    Part.BEGINNINGS: BeginningsForm,
    Part.BENEFIT: BenefitForm,
    Part.FOUNDATIONS: FoundationsForm,
    Part.EFFECTS: EffectsForm,
    Part.SCHEDULE: ScheduleForm,
    Part.BUDGET: BudgetForm,
    Part.TOGETHER: TogetherForm,
    Part.PARTICULARS: ParticularsForm,
}
