"""Questions that a process asks itself: as fields of its form of proposals, and as a coordinator writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from itertools import zip_longest
from typing import Any, TypeVar, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ...kernel.files import DOCUMENTS, IMAGES
from ...kernel.forms import (
    BooleanField,
    CheckboxesField,
    DayField,
    Form,
    IntegerField,
    Length,
    LocalizedTextField,
    NumberRange,
    RadioField,
    Required,
    StringField,
    TextAreaField,
    UploadField,
)
from ...kernel.i18n import in_language, reader
from ..models import (
    ALT_LENGTH,
    LARGEST_NUMBER,
    LONG_LENGTH,
    SHORT_LENGTH,
    WITH_OPTIONS,
    FieldKind,
    ProposalField,
    Question,
)
from ..particulars import OWN
from ..wording import FIELD_KIND_HINTS, FIELD_KINDS
from .writing import OnSending, ProposalForm

YES, NO = "yes", "no"
Written = TypeVar("Written", bound=ProposalForm)


def form_for(fields: Sequence[ProposalField]) -> type[ProposalForm]:
    """The form of proposals with the questions that a process asks now."""
    return with_questions(ProposalForm, fields)


def with_questions(form: type[Written], fields: Sequence[ProposalField]) -> type[Written]:
    """A form of proposals' texts with the questions that a process asks now."""
    asked = [one for one in fields if one.is_asked]
    parts = {"questions": asked, **{OWN + one.code: _field(one) for one in asked}}
    return cast("type[Written]", type(f"{form.__name__}Here", (form,), parts))


def typed_answers(fields: Sequence[ProposalField], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as the form's fields take them."""
    return {
        OWN + one.code: _typed(one.kind, answers[one.code]) for one in fields if one.is_asked and one.code in answers
    }


def _typed(kind: FieldKind, value: Any) -> Any:
    if kind is FieldKind.DATE:
        return date.fromisoformat(value)
    if kind is FieldKind.YES_NO:
        return YES if value else NO
    return value


def _field(one: ProposalField) -> Any:
    checks: list[Any] = [OnSending(Required())] if one.is_required else []
    facts: dict[str, Any] = {"description": _words(one.hint) if one.hint else ""}
    if one.kind is FieldKind.NUMBER:
        checks.append(NumberRange(min=-LARGEST_NUMBER, max=LARGEST_NUMBER))
    return _MAKERS[one.kind](one)(_words(one.label), checks, **facts)


def _words(texts: Mapping[str, str]) -> str:
    return str(in_language(texts, reader().locale))


def _labels(one: ProposalField) -> dict[str, str]:
    return {known: _words(label) for known, label in one.known_options.items()}


_MAKERS: dict[FieldKind, Any] = {
    FieldKind.SHORT_TEXT: lambda _one: partial(StringField, max_length=SHORT_LENGTH),
    FieldKind.LONG_TEXT: lambda _one: partial(TextAreaField, max_length=LONG_LENGTH),
    FieldKind.NUMBER: lambda _one: IntegerField,
    FieldKind.CHOICE: lambda one: partial(RadioField, choices=_labels(one)),
    FieldKind.CHOICES: lambda one: partial(CheckboxesField, choices=_labels(one)),
    FieldKind.DATE: lambda _one: DayField,
    FieldKind.YES_NO: lambda _one: partial(RadioField, choices={YES: _l("Yes"), NO: _l("No")}),
}


class QuestionForm(Form):
    """A question as a coordinator writes it. The kind cannot be changed later."""

    kind = RadioField(
        _l("What kind of answer?"),
        [Required()],
        choices=[(kind.value, FIELD_KINDS[kind], FIELD_KIND_HINTS[kind]) for kind in FieldKind],
        coerce=FieldKind,
    )
    label = LocalizedTextField(_l("Question"), [Required()], max_length=160)
    hint = LocalizedTextField(_l("Help"), max_length=400, description=_l("One sentence under the question."))
    options = LocalizedTextField(
        _l("Choices"),
        multiline=True,
        max_length=3_000,
        description=_l("For choices only: one a line, in the same order in each language."),
    )
    is_required = BooleanField(_l("Nobody can send a proposal without an answer to this"))

    def question(self) -> Question:
        return Question(
            kind=self.kind.data,
            label=self.label.data,
            hint=self.hint.data,
            options=_options(self.options.data) if self.kind.data in WITH_OPTIONS else (),
            is_required=self.is_required.data,
        )


def typed_question(one: ProposalField) -> dict[str, Any]:
    lines: dict[str, list[str]] = {}
    for language in ("fa", "en", "fr"):
        if any(language in option["label"] for option in one.options):
            lines[language] = [option["label"].get(language, "") for option in one.options]
    return {
        "kind": one.kind,
        "label": one.label,
        "hint": one.hint,
        "options": {language: "\n".join(texts) for language, texts in lines.items()},
        "is_required": one.is_required,
    }


def _options(texts: Mapping[str, str]) -> list[dict[str, str]]:
    """The n-th lines of all languages are one choice."""
    columns = {language: text.split("\n") for language, text in texts.items()}
    rows = zip_longest(*columns.values(), fillvalue="")
    return [
        {language: line.strip() for language, line in zip(columns, row, strict=True) if line.strip()} for row in rows
    ]


class AttachmentForm(Form):
    """One file of a proposal."""

    file = UploadField(_l("File"), [Required()], kinds=(*IMAGES, *DOCUMENTS), max_bytes=1)
    alt = StringField(
        _l("What does it show?"),
        [Required(), Length(min=ALT_LENGTH[0])],
        max_length=ALT_LENGTH[1],
        description=_l("In a few words, for people who cannot see it. Everybody can read this."),
    )

    @classmethod
    def taking(cls, max_bytes: int) -> AttachmentForm:
        """The form as the settings allow it."""
        form = type("AttachmentFormHere", (cls,), {"file": _file_field(max_bytes)})
        made: AttachmentForm = form()
        return made


def _file_field(max_bytes: int) -> Any:
    words = _("A picture (JPEG, PNG, WebP), a PDF or a Word document. Where a picture was taken is removed from it.")
    kinds = (*IMAGES, *DOCUMENTS)
    return UploadField(_l("File"), [Required()], kinds=kinds, max_bytes=max_bytes, description=words)


class MapForm(Form):
    """A map of the city's districts. The file is read as it is: its checks are the map's own."""

    source = StringField(
        _l("Where is the map from?"), [Required()], max_length=200, description=_l("Who made it, and its year.")
    )
