"""Minutes with their decisions, what is said of them, a quick show of hands."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ...kernel.errors import Invalid
from ...kernel.forms import (
    BooleanField,
    Form,
    HiddenField,
    RadioField,
    Required,
    SelectField,
    StringField,
    TextAreaField,
)
from ...kernel.i18n import latin_digits
from ...proposals.models import Proposal
from ...stakeholders.models import Organisation
from ..entry import NewDecision
from ..models import VoiceKind

MOST_DECISIONS = 40
BLANK_ROWS = 3
MINUTES_LENGTH = 40_000
_NUMBERS = re.compile(r"\d{1,9}")

Find = Callable[[list[int]], Mapping[int, Proposal]]


class MinutesForm(Form):
    """The text; ``decision_0``, ``proposals_0``, ``organisation_0`` and so on are added by ``minutes_form``.

    ``based_on``: the stamp of the text that it was opened with.
    """

    rows: int = 0
    based_on = HiddenField()
    text = TextAreaField(
        _l("What was said"),
        [Required()],
        max_length=MINUTES_LENGTH,
        description=_l("Names of people only where they agreed: minutes stay for good. Paragraphs, lists with “-”."),
    )

    def decisions(self, find: Find, organisations: Mapping[str, Organisation]) -> list[NewDecision]:
        """What was decided, in its order. Raises Invalid naming the field of a proposal that is not there."""
        typed = {
            place: [int(number) for number in _NUMBERS.findall(latin_digits(self[f"proposals_{place}"].data or ""))]
            for place in range(self.rows)
            if self[f"decision_{place}"].data
        }
        found = find(sorted({number for numbers in typed.values() for number in numbers}))
        made = []
        for place, numbers in typed.items():
            missing = [number for number in numbers if number not in found]
            if missing:
                reason = _("There is no proposal with the number %(number)s.", number=missing[0])
                raise Invalid(reason, field=f"proposals_{place}")
            organisation = organisations.get(self[f"organisation_{place}"].data or "")
            proposals = tuple(found[number] for number in dict.fromkeys(numbers))
            made.append(NewDecision(self[f"decision_{place}"].data, proposals, (organisation,) if organisation else ()))
        return made


def minutes_form(
    rows: int, organisations: Sequence[Organisation], data: Mapping[str, Any] | None = None
) -> MinutesForm:
    """A form with so many decisions and some blank ones; ``organisations``: who may be charged with one."""
    count = min(MOST_DECISIONS, rows + BLANK_ROWS)
    offered = [(each.public_id, each.name) for each in organisations]
    fields: dict[str, Any] = {"rows": count}
    for place in range(count):
        fields[f"decision_{place}"] = TextAreaField(_l("Decision"), max_length=2000)
        fields[f"proposals_{place}"] = StringField(
            _l("Numbers of proposals"), max_length=200, description=_l("As on the list, with commas between.")
        )
        fields[f"organisation_{place}"] = SelectField(
            _l("Who does it"), choices=offered, blank=_l("the city, or nobody in particular")
        )
    kind: type[MinutesForm] = type("MinutesForm", (MinutesForm,), fields)
    return kind() if data is None else kind(data=dict(data))


class VoiceForm(Form):
    kind = RadioField(
        _l("These minutes"),
        [Required()],
        choices={
            VoiceKind.CONFIRMATION: _l("say what was said: I confirm them"),
            VoiceKind.OBJECTION: _l("are wrong or leave something out: I object"),
        },
        coerce=VoiceKind,
    )
    text = TextAreaField(
        _l("What is wrong or missing?"),
        max_length=3000,
        description=_l("An objection is public, gets an answer and stays in the record."),
    )
    organisation = SelectField(_l("I speak"), blank=_l("for myself"), validate_choice=False)
    shows_name = BooleanField(_l("My name may stand beside it"))

    def offer(self, organisations: list[Organisation]) -> None:
        self.organisation.offer([(each.public_id, each.name) for each in organisations])


class AnswerForm(Form):
    answer = TextAreaField(
        _l("What becomes of it"),
        [Required()],
        max_length=3000,
        description=_l("Taken up, or not and why. It is public and stays."),
    )


class HandsForm(Form):
    question = StringField(_l("Question"), [Required()], max_length=300)
    options = TextAreaField(
        _l("Answers, one a line"), [Required()], max_length=600, description=_l("Two to six. It is no vote.")
    )

    @property
    def answers(self) -> list[str]:
        return [line.strip()[:100] for line in (self.options.data or "").split("\n") if line.strip()]
