"""What the staff types when it appraises: findings, scores, tasks, criteria."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from ...accounts.models import Account
from ...kernel.forms import (
    BooleanField,
    DayField,
    Form,
    IntegerField,
    LocalizedTextField,
    NumberRange,
    Optional,
    RadioField,
    Required,
    SelectField,
    TextAreaField,
)
from ...kernel.i18n import in_language, reader
from ..models import (
    DISSENT_DAYS,
    LARGEST_COST,
    LONGEST_DISSENT_DAYS,
    NOTE_LENGTH,
    REASON_LENGTH,
    WIDEST_SCALE,
    AppraisalCriterion,
    Feasibility,
)
from ..wording import FEASIBILITIES


class FindingsForm(Form):
    """Everything but the summary stays inside."""

    feasibility = RadioField(_l("Can it be done?"), choices=FEASIBILITIES, coerce=Feasibility, validators=[Optional()])
    why = TextAreaField(_l("Why, or with which changes?"), max_length=NOTE_LENGTH)
    cost = IntegerField(
        _l("Cost, as the staff estimates it"),
        [NumberRange(min=0, max=LARGEST_COST)],
        description=_l("Published together with the summary."),
    )
    legal = TextAreaField(_l("Legal remarks"), max_length=NOTE_LENGTH)
    notes = TextAreaField(
        _l("Notes for the staff"),
        max_length=NOTE_LENGTH,
        description=_l("Never published and never in the log. Removed some time after the process is closed."),
    )
    summary = TextAreaField(
        _l("Summary for the public"),
        max_length=REASON_LENGTH[1],
        description=_l("Published under the answer, at the moment in which it is given."),
    )


class ScoreForm(Form):
    """One field for each criterion; see ``score_form``."""

    def scores(self, criteria: Sequence[AppraisalCriterion]) -> dict[str, int]:
        return {each.public_id: int(self[f"score_{each.public_id}"].data) for each in criteria}


def score_form(criteria: Sequence[AppraisalCriterion]) -> ScoreForm:
    fields: dict[str, Any] = {}
    for each in criteria:
        steps = {str(step): str(step) for step in range(each.lowest, each.highest + 1)}
        label = str(in_language(each.name, reader().locale))
        fields[f"score_{each.public_id}"] = RadioField(label, [Required()], choices=steps)
    made: ScoreForm = type("ScoresOf", (ScoreForm,), fields)()
    return made


class ConflictForm(Form):
    conflict = TextAreaField(
        _l("What is the conflict?"),
        [Required()],
        max_length=REASON_LENGTH[1],
        description=_l("Only the staff reads it. It is published how many stood aside, not who and why."),
    )


class AssignForm(Form):
    person = SelectField(_l("Who appraises it?"), [Required()])
    due_on = DayField(_l("Until when?"))

    def offer_staff(self, people: Sequence[Account]) -> None:
        self.person.choices = [("", _("Choose")), *((each.public_id, each.official_name) for each in people)]


class CriterionForm(Form):
    name = LocalizedTextField(_l("Criterion"), [Required()], max_length=120)
    lowest = IntegerField(
        lazy_pgettext("scale", "From"), [Required(), NumberRange(min=WIDEST_SCALE[0], max=WIDEST_SCALE[1])], default=1
    )
    highest = IntegerField(
        lazy_pgettext("scale", "To"), [Required(), NumberRange(min=WIDEST_SCALE[0], max=WIDEST_SCALE[1])], default=5
    )


class AnsweringRulesForm(Form):
    publishes_scores = BooleanField(
        _l("Publish mean, median and spread of the scores with each answer"),
        description=_l("Only where at least three people scored. Nobody is named."),
    )
    dissent_days = IntegerField(
        _l("Days in which people may file a minority statement"),
        [Required(), NumberRange(min=1, max=LONGEST_DISSENT_DAYS)],
        default=DISSENT_DAYS,
    )
