"""Shape and field messages of what is typed over the dossier."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from ..dossier.sections import sections_of
from ..kernel.forms import (
    DateRange,
    DayField,
    EmailField,
    Form,
    Length,
    Required,
    SelectField,
    StringField,
    TextAreaField,
)
from ..kernel.i18n import LANGUAGE_NAMES, in_language, reader, site_timezone, zone
from .models import ANSWER_LENGTH, NAME_LENGTH, OFFICE_LENGTH, QUESTION_LENGTH


class EvaluatorForm(Form):
    """Whom the city lets read, and until when."""

    name = StringField(
        _l("Name"), [Required(), Length(min=2)], max_length=NAME_LENGTH, description=_l("Only the city’s staff see it.")
    )
    office = StringField(
        _l("For whom"),
        [Required(), Length(min=2)],
        max_length=OFFICE_LENGTH,
        description=_l("The office that evaluates, such as the National Commission. It stands beside every question."),
    )
    email = EmailField(
        _l("E-mail address"), [Required()], description=_l("The link goes there. The address is not kept.")
    )
    locale = SelectField(_l("Language of the letter"), [Required()], choices=LANGUAGE_NAMES, blank=None, default="en")
    until = DayField(
        _l("May read until"), [Required(), DateRange()], description=_l("The last day on which the link works.")
    )

    def ends_at(self) -> datetime:
        """The first moment after the last day, in the city's zone."""
        return datetime.combine(self.until.data + timedelta(days=1), time(), zone(site_timezone()))


class QuestionForm(Form):
    section = SelectField(_l("About which section"), blank=_l("The dossier as a whole"))
    text = TextAreaField(
        _l("Your question"), [Required(), Length(min=QUESTION_LENGTH[0])], max_length=QUESTION_LENGTH[1]
    )

    def offer(self, content: Any) -> None:
        """The sections of a form version."""
        locale = reader().locale
        self.section.offer({each.id: f"{each.id} {in_language(each.title, locale)}" for each in sections_of(content)})


class AnswerForm(Form):
    text = TextAreaField(
        _l("Answer of the city"), [Required(), Length(min=ANSWER_LENGTH[0])], max_length=ANSWER_LENGTH[1]
    )
