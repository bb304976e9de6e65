"""Parts with a row for each level, step, year or area: effects, schedule, budget, what areas of action ask for."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from ...kernel.forms import (
    DayField,
    IntegerField,
    LocalizedTextField,
    Optional,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from ...kernel.i18n import digits, in_language, reader
from ...vocabularies.uccn import AREAS, DIMENSIONS
from ..budgeting import pasted_costs
from ..models import (
    Budget,
    Effects,
    Initiative,
    Particulars,
    Plan,
    Schedule,
    Written,
)
from ..models.written import LINE_LENGTH, MOST_STEPS, TEXT_LENGTH, TITLE_LENGTH
from ..parts import ASKED, CODED
from ..wording import EXPECTED, PARTICULAR_CHOICES, PARTICULARS
from .base import Offered, PartForm

EMPTY_ROWS = 3


class EffectsForm(PartForm):
    @classmethod
    def fields_for(cls, initiative: Initiative, _offered: Offered, _rows: int) -> dict[str, Any]:
        indicators = [(each.public_id, in_language(each.title, reader().locale)) for each in initiative.indicators]
        made: dict[str, Any] = {}
        for level in DIMENSIONS:
            made |= _effect_fields(level, indicators)
        return made

    @staticmethod
    def typed(initiative: Initiative) -> dict[str, Any]:
        return {
            f"{level}_{name}": value for level, effect in initiative.effects.items() for name, value in effect.items()
        }

    def told(self, _initiative: Initiative) -> Written:
        return Effects({level: self._effect(level) for level in DIMENSIONS if self._says_something(level)})

    def _says_something(self, level: str) -> bool:
        return any(self[f"{level}_{name}"].data for name in ("expected", "text", "indicator", "trade_off"))

    def _effect(self, level: str) -> dict[str, Any]:
        return {name: self[f"{level}_{name}"].data for name in ("expected", "text", "indicator", "trade_off")}


def _effect_fields(level: str, indicators: list[tuple[str, Any]]) -> dict[str, Any]:
    return {
        f"{level}_expected": RadioField(_l("What do you expect?"), choices=list(EXPECTED.items())),
        f"{level}_text": LocalizedTextField(
            _l("Which effect, or why none"), multiline=True, max_length=TEXT_LENGTH, render_kw={"rows": 3}
        ),
        f"{level}_indicator": SelectField(_l("Indicator that shows it"), choices=indicators, blank=_l("None of them")),
        f"{level}_trade_off": LocalizedTextField(
            _l("Why a bad effect is accepted, and what is done against it"), multiline=True, max_length=TEXT_LENGTH
        ),
    }


class ScheduleForm(PartForm):
    owner = StringField(
        _l("Who is responsible?"), max_length=LINE_LENGTH, description=_l("An office, not a person: people move on.")
    )
    starts_on = DayField(_l("Begins on"), [Optional()])
    ends_on = DayField(_l("Ends on"), [Optional()])

    @classmethod
    def fields_for(cls, initiative: Initiative, _offered: Offered, rows: int) -> dict[str, Any]:
        count = min(max(len(initiative.steps) + EMPTY_ROWS, rows), MOST_STEPS)
        made: dict[str, Any] = {}
        for number in range(count):
            made[f"step{number}_title"] = LocalizedTextField(_l("Step"), max_length=TITLE_LENGTH)
            made[f"step{number}_due"] = DayField(_l("To be done by"), [Optional()])
        return made

    @staticmethod
    def typed(initiative: Initiative) -> dict[str, Any]:
        found: dict[str, Any] = {name: getattr(initiative, name) for name in ("owner", "starts_on", "ends_on")}
        for number, step in enumerate(initiative.steps):
            found[f"step{number}_title"] = step["title"]
            found[f"step{number}_due"] = date.fromisoformat(step["due_on"])
        return found

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """The fields of each step, for the page."""
        count = sum(name.endswith("_due") for name in self._fields)
        return [(self[f"step{number}_title"], self[f"step{number}_due"]) for number in range(count)]

    def told(self, _initiative: Initiative) -> Written:
        steps = tuple((title.data, due.data) for title, due in self.rows)
        return Schedule(self.owner.data or "", self.starts_on.data, self.ends_on.data, steps)


class BudgetForm(PartForm):
    pasted = TextAreaField(
        _l("Or paste it from a table"),
        max_length=2_000,
        description=_l("In each line a year and an amount. What is pasted replaces the years that it names."),
        render_kw={"rows": 4, "dir": "ltr"},
    )

    @classmethod
    def fields_for(cls, initiative: Initiative, _offered: Offered, _rows: int) -> dict[str, Any]:
        return {f"cost_{year}": IntegerField(_year(year), [Optional()]) for year in budget_years_of(initiative)}

    @staticmethod
    def typed(initiative: Initiative) -> dict[str, Any]:
        return {f"cost_{cost.year}": cost.amount for cost in initiative.costs}

    def told(self, initiative: Initiative) -> Written:
        typed = {year: self[f"cost_{year}"].data or 0 for year in budget_years_of(initiative)}
        return Budget(typed | pasted_costs(initiative.plan, self.pasted.data or ""))


def budget_years_of(initiative: Initiative) -> list[int]:
    """The plan's years, and years with an amount that a moved plan has left outside."""
    plan: Plan = initiative.plan
    return sorted({*plan.years, *(cost.year for cost in initiative.costs)})


def _year(year: int) -> Any:
    return digits(year, locale=reader().locale)


class ParticularsForm(PartForm):
    @classmethod
    def fields_for(cls, initiative: Initiative, _offered: Offered, _rows: int) -> dict[str, Any]:
        return {f"{area}_{name}": _particular(name) for area in initiative.areas for name in ASKED.get(area, ())}

    @staticmethod
    def typed(initiative: Initiative) -> dict[str, Any]:
        return {
            f"{area}_{name}": value for area, what in initiative.particulars.items() for name, value in what.items()
        }

    def groups(self, initiative: Initiative) -> list[tuple[Any, list[Any]]]:
        """The areas by name with their fields."""
        return [
            (AREAS[area], [self[f"{area}_{name}"] for name in ASKED[area]])
            for area in initiative.areas
            if area in ASKED
        ]

    def told(self, initiative: Initiative) -> Written:
        found = {
            area: {name: self[f"{area}_{name}"].data or "" for name in ASKED[area]}
            for area in initiative.areas
            if area in ASKED
        }
        return Particulars(found)


def _particular(name: str) -> Any:
    if name in CODED:
        return SelectField(PARTICULARS[name], choices=PARTICULAR_CHOICES[name])
    return TextAreaField(PARTICULARS[name], max_length=1_000, render_kw={"rows": 2})
