"""Forms of the plan as a whole, of a new initiative, of an indicator."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from ...kernel.forms import (
    CheckboxesField,
    DayField,
    DecimalField,
    Form,
    HiddenField,
    IntegerField,
    Length,
    LocalizedTextField,
    NumberRange,
    Optional,
    RadioField,
    Required,
    SelectField,
    StringField,
    TextAreaField,
)
from ...vocabularies.uccn import AREAS, CREATIVE_FIELDS, OBJECTIVES
from ..models import (
    Basics,
    Beginnings,
    Frequency,
    Indicator,
    IndicatorKind,
    IndicatorText,
    InitiativeKind,
    Level,
    Plan,
    PlanSettings,
    Vocabulary,
)
from ..models.written import LINE_LENGTH, REASON_LENGTH, SUMMARY_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from ..wording import (
    CALENDARS,
    CURRENCIES,
    FREQUENCIES,
    INDICATOR_HINTS,
    INDICATOR_KINDS,
    KIND_HINTS,
    KINDS,
    LEVELS,
    VOCABULARIES,
)
from ..years import Calendar

AT_LEAST_ONCE = _l("Write this in at least one language.")


class SeenForm(Form):
    """``seen``: the mark of what stood on the page; whoever saves later is told that it has changed."""

    seen = HiddenField()


class PlanForm(SeenForm):
    begins_on = DayField(
        _l("Expected day of the designation"),
        [Required()],
        description=_l("The plan runs four years from this day. It can be put right later."),
    )
    calendar = RadioField(_l("The budget counts"), [Required()], choices=list(CALENDARS.items()), coerce=Calendar)
    currency = SelectField(_l("Currency"), [Required()], choices=CURRENCIES)
    vocabulary = RadioField(
        _l("Objectives and areas are shown in"),
        [Required()],
        choices=list(VOCABULARIES.items()),
        coerce=Vocabulary,
        description=_l("What is stored stays the same; only the words on the page change."),
    )
    vision = LocalizedTextField(
        _l("What is the plan to bring the city?"),
        multiline=True,
        max_length=TEXT_LENGTH,
        description=_l("Three or four sentences that somebody understands who has heard nothing of it."),
    )
    gap_plan = LocalizedTextField(
        _l("Where will money come from that is not there yet?"),
        multiline=True,
        max_length=TEXT_LENGTH,
        description=_l("Needed when the initiatives cost more than what is secured and expected."),
    )
    limit_local = IntegerField(
        _l("Most initiatives in the city"),
        [Optional(), NumberRange(min=1, max=50)],
        description=_l("As the form of the application says; nothing where it does not say."),
    )
    limit_international = IntegerField(
        _l("Most initiatives with other cities"), [Optional(), NumberRange(min=1, max=50)]
    )

    def told(self) -> PlanSettings:
        limits = {Level.LOCAL.value: self.limit_local.data, Level.INTERNATIONAL.value: self.limit_international.data}
        return PlanSettings(
            begins_on=self.begins_on.data,
            calendar=self.calendar.data,
            currency=self.currency.data,
            vocabulary=self.vocabulary.data,
            vision=self.vision.data,
            gap_plan=self.gap_plan.data,
            limits={level: most for level, most in limits.items() if most},
        )

    @staticmethod
    def typed(plan: Plan) -> dict[str, Any]:
        names = ("begins_on", "calendar", "currency", "vocabulary", "vision", "gap_plan")
        limits = {f"limit_{level.value}": plan.limits.get(level.value) for level in Level}
        return {name: getattr(plan, name) for name in names} | limits


class BasicsFields(Form):
    """What an initiative is: asked of a new one and of one that is there."""

    title = LocalizedTextField(_l("Title"), [Required()], max_length=TITLE_LENGTH)
    kind = RadioField(
        _l("What is it?"),
        [Required()],
        choices=[(kind.value, KINDS[kind], KIND_HINTS[kind]) for kind in InitiativeKind],
        coerce=InitiativeKind,
    )
    level = RadioField(_l("Where?"), [Required()], choices=list(LEVELS.items()), coerce=Level)
    objectives = CheckboxesField(
        _l("Objectives that it serves"), [Required()], choices=OBJECTIVES, description=_l("At least one.")
    )
    areas = CheckboxesField(
        _l("Areas of action"), choices=AREAS, description=_l("Each asks for some facts of its own later.")
    )
    creative_fields = CheckboxesField(_l("Creative fields"), choices=CREATIVE_FIELDS)
    summary = LocalizedTextField(
        _l("In two sentences"),
        multiline=True,
        max_length=SUMMARY_LENGTH,
        description=_l("What happens, for whom, what is different afterwards."),
    )
    description = LocalizedTextField(_l("Description"), multiline=True, max_length=TEXT_LENGTH)

    def basics(self) -> Basics:
        return Basics(
            kind=self.kind.data,
            level=self.level.data,
            title=self.title.data,
            summary=self.summary.data,
            description=self.description.data,
            objectives=tuple(self.objectives.data or ()),
            areas=tuple(self.areas.data or ()),
            creative_fields=tuple(self.creative_fields.data or ()),
        )


class NewInitiativeForm(BasicsFields):
    """``proposals``: public ids, carried along from the work list."""

    proposals = HiddenField()
    added_because = TextAreaField(
        _l("Why does the city add it?"),
        max_length=REASON_LENGTH[1],
        description=_l("No proposal stands behind it. Everybody reads this reason."),
    )

    @property
    def chosen(self) -> list[str]:
        return [one for one in (self.proposals.data or "").split() if one]

    def beginnings(self) -> Beginnings:
        return Beginnings(dict.fromkeys(self.chosen, ""), self.added_because.data or "")


class IndicatorForm(SeenForm):
    kind = RadioField(
        _l("What does it show?"),
        [Required()],
        choices=[(kind.value, INDICATOR_KINDS[kind], INDICATOR_HINTS[kind]) for kind in IndicatorKind],
        coerce=IndicatorKind,
    )
    title = LocalizedTextField(_l("What is counted or measured"), [Required()], max_length=TITLE_LENGTH)
    unit = LocalizedTextField(
        _l("Unit"), max_length=TITLE_LENGTH, description=_l("People, days, percent, million rials a month …")
    )
    baseline = DecimalField(
        _l("Baseline"), [Optional()], description=_l("How much it is today; empty as long as nobody knows.")
    )
    target = DecimalField(_l("Target"), [Optional()], description=_l("How much it is to be at the end."))
    frequency = RadioField(
        _l("How often it is read"), [Required()], choices=list(FREQUENCIES.items()), coerce=Frequency
    )
    data_source = LocalizedTextField(_l("Where the figure comes from"), multiline=True, max_length=TEXT_LENGTH)
    responsible = StringField(
        _l("Which office reads it"),
        max_length=LINE_LENGTH,
        description=_l("An office, not a person: people move on."),
    )

    def told(self) -> IndicatorText:
        names = ("kind", "title", "unit", "baseline", "target", "frequency", "data_source", "responsible")
        return IndicatorText(**{name: self[name].data for name in names})

    @staticmethod
    def typed(indicator: Indicator) -> dict[str, Any]:
        names = ("kind", "title", "unit", "frequency", "data_source", "responsible")
        figures = {name: _plain(getattr(indicator, name)) for name in ("baseline", "target")}
        return {name: getattr(indicator, name) for name in names} | figures


def _plain(value: Any) -> Any:
    """Without the zeros that a column of three decimals adds."""
    return None if value is None else value.normalize() + 0


class ReasonForm(Form):
    """Why an initiative is dropped or taken back."""

    reason = TextAreaField(
        _l("Reason"),
        [Required(), Length(min=REASON_LENGTH[0])],
        max_length=REASON_LENGTH[1],
        description=_l("Everybody can read it once the plan is public."),
    )
