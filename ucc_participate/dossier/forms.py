"""What people type about dossiers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from ..accounts.models import Account
from ..kernel.errors import Invalid
from ..kernel.forms import (
    DayField,
    Form,
    HiddenField,
    Length,
    RadioField,
    Required,
    SelectField,
    StringField,
    TextAreaField,
)
from ..vocabularies.uccn import CREATIVE_FIELDS
from . import fields
from .content import LONGEST_COMMENT, LONGEST_TEXT, Terms, Written
from .fields import CONTACT, LINE
from .recording import REASON_LENGTH
from .sections import Section, SectionKind
from .wording import LANGUAGES

SUBMITTED_IN = {code: LANGUAGES[code] for code in ("en", "fr")}


class TermsForm(Form):
    """Language and deadlines of a dossier."""

    submits_in = RadioField(_l("In which language is it handed in?"), [Required()], choices=SUBMITTED_IN, default="en")
    national_deadline = DayField(
        _l("Deadline of the National Commission"),
        description=_l(
            "It comes weeks before that of UNESCO: ask the Commission. Leave it empty while it is not known."
        ),
    )
    unesco_deadline = DayField(_l("Deadline of UNESCO"))

    def terms(self) -> Terms:
        return Terms(self.submits_in.data, self.national_deadline.data, self.unesco_deadline.data)


class BeginForm(TermsForm):
    form_code = SelectField(_l("On which form?"), [Required()])


class AnswerForm(Form):
    """A section; what it was typed over stands in the hidden fields."""

    based_on = HiddenField()
    of_number = HiddenField()

    def written(self, section: Section, language: str) -> Written:
        """Raises Invalid naming the field that makes no sense."""
        typed = {name: self[name].data for name in self._fields if name in FILLED}
        filled = fields.cleaned(section, typed) if typed else None
        return Written(
            text=str(self["text"].data or "") if filled is None else fields.in_words(section, filled, language),
            fields=filled,
            based_on=_whole(self.based_on.data),
            of_number=_whole(self.of_number.data),
        )

    def typed(self, section: Section, language: str) -> str:
        """What was typed, in words, whatever is wrong with it."""
        try:
            return self.written(section, language).text
        except Invalid:
            return "\n".join(str(self[name].data) for name in self._fields if name in FILLED and self[name].data)


class TextForm(AnswerForm):
    text = TextAreaField(_l("Text"), max_length=LONGEST_TEXT)


class ChoiceForm(AnswerForm):
    choice = RadioField(_l("Creative field"))


class LinksForm(AnswerForm):
    urls = TextAreaField(
        _l("Addresses, one a line"),
        max_length=10_000,
        description=_l("The page of the participation record belongs among them."),
        render_kw={"dir": "ltr", "spellcheck": "false"},
    )


class ContactForm(AnswerForm):
    salutation = StringField(CONTACT["salutation"], max_length=LINE)
    family_name = StringField(CONTACT["family_name"], max_length=LINE)
    given_name = StringField(CONTACT["given_name"], max_length=LINE)
    function = StringField(CONTACT["function"], max_length=LINE)
    institution = StringField(CONTACT["institution"], max_length=LINE)
    address = StringField(CONTACT["address"], max_length=LINE)
    telephone = StringField(CONTACT["telephone"], max_length=LINE, render_kw={"dir": "ltr", "inputmode": "tel"})
    email = StringField(CONTACT["email"], max_length=LINE, render_kw={"dir": "ltr", "inputmode": "email"})
    other = StringField(CONTACT["other"], max_length=LINE)


FILLED = frozenset({"choice", "urls", *CONTACT})
KINDS: dict[SectionKind, type[AnswerForm]] = {
    SectionKind.CHOICE: ChoiceForm,
    SectionKind.URLS: LinksForm,
    SectionKind.CONTACT: ContactForm,
}


def form_for(section: Section, saved: dict[str, Any]) -> AnswerForm:
    """The form that fits the kind of the section, with what is saved in it."""
    form = KINDS.get(section.kind, TextForm)(data=saved)
    if isinstance(form, ChoiceForm):
        form.choice.offer({option: CREATIVE_FIELDS[option] for option in section.options})
    return form


class CommentForm(Form):
    comment = TextAreaField(
        _l("Comment"),
        [Required()],
        max_length=LONGEST_COMMENT,
        description=_l("Only the city’s staff and evaluators read it."),
    )


class AssignForm(Form):
    person = SelectField(_l("Who writes it?"), blank=_l("Nobody in particular"))

    def offer_staff(self, people: Sequence[Account]) -> None:
        self.person.offer({each.public_id: each.official_name for each in people})


class ReasonForm(Form):
    reason = TextAreaField(_l("Reason"), [Required(), Length(min=REASON_LENGTH[0])], max_length=REASON_LENGTH[1])


class ImportForm(Form):
    """A form version as a JSON file, pasted or fetched from another installation."""

    file = TextAreaField(
        _l("The form, as JSON"),
        [Required()],
        max_length=99_000,
        description=_l("docs/forms.md says what stands in it. Download a form as JSON to have an example."),
        render_kw={"dir": "ltr", "spellcheck": "false"},
    )
    because = StringField(_l("Where does it come from?"), [Required(), Length(min=REASON_LENGTH[0])], max_length=1_000)


def _whole(typed: str | None) -> int | None:
    """A number that a page of ours wrote; None for anything else."""
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 10 else None
