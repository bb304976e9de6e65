"""What coordinators type about practices and exchanges, and the file that they bring."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from ..kernel.forms import (
    BooleanField,
    CheckboxesField,
    DayField,
    Form,
    Idempotent,
    IntegerField,
    Length,
    LocalizedTextField,
    NumberRange,
    RadioField,
    Required,
    SelectField,
    Stamped,
    TextAreaField,
    UploadField,
)
from ..vocabularies.uccn import AREAS, OBJECTIVES
from .bundle import LARGEST
from .models import (
    MOST_PEOPLE,
    PART_LENGTH,
    PARTS,
    REASON_LENGTH,
    TITLE_LENGTH,
    Direction,
    Exchange,
    ExchangeFacts,
    ExchangeKind,
    Practice,
    PracticeText,
)
from .wording import DIRECTIONS, KINDS
from .wording import PARTS as PART_NAMES


def _part(name: str) -> LocalizedTextField:
    return LocalizedTextField(PART_NAMES[name], multiline=True, max_length=PART_LENGTH)


class PracticeForm(Stamped):
    """A sheet; only the title is needed for a draft."""

    title = LocalizedTextField(_l("Name of the practice"), [Required()], max_length=TITLE_LENGTH[1])
    summary = _part("summary")
    need = _part("need")
    done = _part("done")
    means = _part("means")
    results = _part("results")
    advice = _part("advice")
    initiative = SelectField(_l("Which initiative it comes from"), coerce=int, choices=[])
    objectives = CheckboxesField(_l("Objectives"), choices=OBJECTIVES)
    areas = CheckboxesField(_l("Areas of action"), choices=AREAS)

    @classmethod
    def of(cls, practice: Practice | None, initiatives: dict[int, str]) -> PracticeForm:
        facts: dict[str, Any] = {}
        if practice is not None:
            lists = {"areas": list(practice.areas), "objectives": list(practice.objectives)}
            facts = {"title": practice.title, **practice.parts, **lists, "initiative": practice.initiative_id}
            facts["seen"] = practice.version
        form = cls(data=facts)
        form.initiative.choices = list(initiatives.items())
        return form

    def told(self) -> PracticeText:
        return PracticeText(
            title=self.title.data,
            parts={name: self[name].data for name in PARTS},
            areas=tuple(self.areas.data or ()),
            objectives=tuple(self.objectives.data or ()),
            initiative_id=self.initiative.data,
        )


class ReasonForm(Form):
    """Why something is withdrawn or taken back."""

    reason = TextAreaField(
        _l("Reason"),
        [Required(), Length(min=REASON_LENGTH[0])],
        max_length=REASON_LENGTH[1],
        description=_l("Everybody can read this."),
    )


class ExchangeForm(Idempotent):
    """What two cities gave each other. ``reason`` is asked when something is corrected."""

    city = SelectField(_l("City"), [Required()], coerce=int, choices=[])
    kind = RadioField(_l("Kind of exchange"), [Required()], choices=KINDS, coerce=ExchangeKind)
    direction = RadioField(_l("Given or received"), [Required()], choices=DIRECTIONS, coerce=Direction)
    held_on = DayField(_l("Day"), [Required()], description=_l("The day on which it began."))
    people = IntegerField(_l("How many people took part"), [NumberRange(min=0, max=MOST_PEOPLE)])
    what = LocalizedTextField(_l("What was given or received"), [Required()], multiline=True, max_length=PART_LENGTH)
    result = LocalizedTextField(_l("What came of it"), multiline=True, max_length=PART_LENGTH)
    reason = TextAreaField(
        _l("Why is it corrected?"),
        max_length=REASON_LENGTH[1],
        description=_l("Everybody can read this. What stood before stays in the log."),
    )

    @classmethod
    def of(cls, exchange: Exchange | None, cities: dict[int, str]) -> ExchangeForm:
        names = ("kind", "direction", "held_on", "people", "what", "result")
        facts = {} if exchange is None else {name: getattr(exchange, name) for name in names}
        form = cls(data=facts | ({"city": exchange.city_id} if exchange is not None else {}))
        form.city.choices = list(cities.items())
        if exchange is None:
            del form.reason
        return form

    def facts(self) -> ExchangeFacts:
        return ExchangeFacts(
            city_id=self.city.data,
            kind=self.kind.data,
            direction=self.direction.data,
            held_on=self.held_on.data,
            what=self.what.data,
            result=self.result.data,
            people=self.people.data,
        )


class SignedFileField(UploadField):
    """A small file as bytes, whatever it is called: its signature is what is checked."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        given = next((item for item in valuelist if getattr(item, "filename", None)), None)
        if given is None:
            self.raw_data = []
            return
        self.data = given.stream.read(LARGEST + 1)


class ReceiveForm(Form):
    """A file of another city."""

    file = SignedFileField(
        _l("The file"),
        [Required()],
        kinds=(),
        max_bytes=LARGEST,
        description=_l("It is called ucc-share….note and comes from the other city’s page “Give and take”."),
        render_kw={},
    )
    has_compared = BooleanField(_l("I have compared the key with the one that this city publishes"))


class BeginForm(Form):
    """When a process after another city’s pattern begins."""

    begins_on = DayField(_l("First day"), [Required()])


class TakeIndicatorForm(Form):
    """Where an indicator of another city shall be measured here."""

    initiative = SelectField(_l("Initiative"), [Required()], coerce=int, choices=[])
