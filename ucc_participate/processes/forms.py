"""What coordinators type when they plan and run a process."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote, unquote

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..kernel.files import DOCUMENTS, IMAGES
from ..kernel.forms import (
    DayField,
    Form,
    HiddenField,
    IntegerField,
    LocalizedTextField,
    NumberRange,
    Optional,
    RadioField,
    Required,
    SelectField,
    StringField,
    TextAreaField,
    UploadField,
    ValidationError,
)
from ..kernel.i18n import LANGUAGE_NAMES
from ..kernel.i18n.readers import site_language
from ..kernel.text import clean_line
from ..vocabularies.uccn import CREATIVE_FIELDS, CreativeField
from .models import PhaseKind, Process, PromiseLevel
from .timetable import PhasePlan, day_begins, day_ends, default_title, first_day, last_day
from .wording import PHASE_KINDS, PROMISE_LEVELS, PROMISE_MEANINGS

LONGEST_TEXT = 4000
LEVELS = [(level, label, PROMISE_MEANINGS[level]) for level, label in PROMISE_LEVELS.items()]


def in_main_language(_form: Any, field: Any) -> None:
    """What is written at all is written in the language of the site, too."""
    main = site_language().default_locale
    if field.data and main not in field.data:
        raise ValidationError(
            _("Write this in %(language)s too: it is the main language here.", language=LANGUAGE_NAMES[main])
        )


class DescriptionForm(Form):
    """Everything that the city says of a process. A draft needs no more than a title."""

    title = LocalizedTextField(_l("Title"), [Required(), in_main_language], max_length=160)
    creative_field = SelectField(_l("Creative field"), choices=CREATIVE_FIELDS, coerce=CreativeField)
    purpose = LocalizedTextField(
        _l("Purpose"),
        [in_main_language],
        description=_l("What it is for, and why now."),
        multiline=True,
        max_length=LONGEST_TEXT,
    )
    scope = LocalizedTextField(
        _l("Scope"),
        [in_main_language],
        description=_l("What belongs to it and what does not."),
        multiline=True,
        max_length=LONGEST_TEXT,
    )
    open_questions = LocalizedTextField(
        _l("What can still change"),
        [in_main_language],
        description=_l("Say also what is decided already. Nobody should spend an evening on it."),
        multiline=True,
        max_length=LONGEST_TEXT,
    )
    promise_level = RadioField(_l("Level of the promise"), choices=LEVELS, coerce=PromiseLevel)
    promise = LocalizedTextField(
        _l("The promise in your words"),
        [in_main_language],
        description=_l("For example: every proposal gets an answer with a name and a reason."),
        multiline=True,
        max_length=1000,
    )
    answers_due_on = DayField(_l("Last day on which answers are given"))
    decision_maker = LocalizedTextField(_l("Who decides"), [in_main_language], max_length=160)
    responsible = StringField(
        _l("Responsible person"), max_length=160, description=_l("Name and function. Everybody can read this.")
    )
    min_open_days = IntegerField(
        _l("Days for proposals and discussion, at least"),
        [Required(), NumberRange(min=7, max=365)],
        default=21,
        description=_l("Usually 21. Once the process is published, this can only grow."),
    )

    @classmethod
    def of(cls, process: Process) -> DescriptionForm:
        due = process.answers_due_at
        return cls(obj=process, answers_due_on=None if due is None else last_day(due))

    def facts(self) -> dict[str, Any]:
        """The facts by name; the answers are due by the end of their day."""
        names = [name for name in self._fields if name not in ("answers_due_on", "csrf_token")]
        due = self.answers_due_on.data
        at = None if due is None else day_ends(due) - timedelta(seconds=1)
        return {name: self[name].data for name in names} | {"answers_due_at": at}


class TimetableForm(Form):
    """First and last day of every phase, each field named after its kind; a phase without days does not take place."""

    @classmethod
    def of(cls, process: Process) -> TimetableForm:
        known: dict[str, Any] = {}
        for phase in process.phases:
            kind = phase.kind.value
            known[kind], known[f"{kind}_until"] = first_day(phase.starts_at), last_day(phase.ends_at)
            known[f"{kind}_title"] = phase.title
        return cls(data=known)

    def rows(self) -> list[tuple[PhaseKind, Any, Any, Any]]:
        """Kind, first day, last day and title of each kind of phase."""
        return [(kind, self[kind.value], self[f"{kind}_until"], self[f"{kind}_title"]) for kind in PhaseKind]

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        for _kind, starts_on, until, _title in self.rows():
            half = next((field for field in (starts_on, until) if field.data is None and not field.errors), None)
            if half is not None and (starts_on.data is not None or until.data is not None):
                half.errors = [_("Give both the first and the last day, or neither.")]
                is_valid = False
        return is_valid

    def plans(self) -> list[PhasePlan]:
        return [
            PhasePlan(kind, title.data or default_title(kind), day_begins(starts_on.data), day_ends(until.data))
            for kind, starts_on, until, title in self.rows()
            if starts_on.data is not None
        ]


for _kind in PhaseKind:
    setattr(TimetableForm, _kind.value, DayField(_l("%(phase)s: first day", phase=PHASE_KINDS[_kind])))
    setattr(TimetableForm, f"{_kind.value}_until", DayField(_l("%(phase)s: last day", phase=PHASE_KINDS[_kind])))
    setattr(TimetableForm, f"{_kind.value}_title", LocalizedTextField(_l("Own title"), max_length=80))


class _CityUpload(UploadField):
    """At most as large as the city's settings say."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.max_bytes = current_app.extensions["ucc.settings"].max_upload_bytes
        super().process_formdata(valuelist)


class DocumentForm(Form):
    """A document that people need before they can take part."""

    title = StringField(_l("Title of the document"), [Required()], max_length=160)
    file = _CityUpload(
        _l("File"),
        [Required()],
        kinds=(*DOCUMENTS, *IMAGES),
        max_bytes=0,
        description=_l("PDF, Word (DOCX), or a picture."),
    )


class TargetsForm(Form):
    """Whom the process wants to reach; what is left empty is no target."""

    women = IntegerField(_l("Women among the participants"), [Optional(), NumberRange(min=0, max=100)])
    youth = IntegerField(_l("Participants under 30"), [Optional(), NumberRange(min=0, max=100)])
    public = IntegerField(_l("Organisations of the public sector"), [Optional(), NumberRange(min=0, max=10_000)])
    private = IntegerField(_l("Organisations of the private sector"), [Optional(), NumberRange(min=0, max=10_000)])
    civil_society = IntegerField(_l("Organisations of civil society"), [Optional(), NumberRange(min=0, max=10_000)])

    womens_groups = IntegerField(_l("Women’s groups"), [Optional(), NumberRange(min=0, max=10_000)])
    youth_groups = IntegerField(_l("Youth groups"), [Optional(), NumberRange(min=0, max=10_000)])
    districts = TextAreaField(
        _l("Districts: their share of the participants"),
        max_length=4000,
        description=_l("One a line: the name as in the population table, a colon, the percentage."),
    )

    GROUPS = {
        "women": "sex:female",
        "youth": "age:under_30",
        "public": "sector:public",
        "private": "sector:private",
        "civil_society": "sector:civil_society",
        "womens_groups": "womens_group",
        "youth_groups": "youth_group",
    }

    @classmethod
    def of(cls, process: Process) -> TargetsForm:
        lines = [
            f"{unquote(group.partition(':')[2])}: {share}"
            for group, share in process.targets.items()
            if group.startswith("district:")
        ]
        known = {name: process.targets.get(group) for name, group in cls.GROUPS.items()}
        return cls(data=known | {"districts": "\n".join(lines)})

    def validate_districts(self, field: Any) -> None:
        for line in (field.data or "").splitlines():
            if line.strip() and _district_share(line) is None:
                raise ValidationError(_("“%(line)s”: write a name, a colon and a whole number up to 100.", line=line))

    def targets(self) -> dict[str, int]:
        given = {group: self[name].data for name, group in self.GROUPS.items()}
        shares = [share for line in (self.districts.data or "").splitlines() if (share := _district_share(line))]
        given |= {f"district:{quote(name, safe='')}": share for name, share in shares}
        return {group: value for group, value in given.items() if value is not None}


def _district_share(line: str) -> tuple[str, int] | None:
    """Name and percentage of a line such as "Old town: 12"; Persian digits and colon marks are fine."""
    name, _colon, share = line.replace("：", ":").rpartition(":")
    share = share.strip().rstrip("%٪").strip()
    if not clean_line(name) or not share.isdecimal() or int(share) > 100 or len(quote(name.strip(), safe="")) > 160:
        return None
    return clean_line(name), int(share)


class GateForm(Form):
    """The reasons for which gates are passed although something is missing; each field is named after its gate."""

    sector_invited = TextAreaField(_l("Reason"), max_length=1000)
    sector_participated = TextAreaField(_l("Reason"), max_length=1000)
    all_answered = TextAreaField(_l("Reason"), max_length=1000)


class ExtensionForm(Form):
    """Until when a phase is extended, and why; ``confirmed`` comes from the page that shows what moves."""

    ends_on = DayField(_l("New last day"), [Required()])
    reason = TextAreaField(
        _l("Reason"), [Required()], max_length=600, description=_l("Everybody can read it on the page of the process.")
    )
    confirmed = HiddenField()
