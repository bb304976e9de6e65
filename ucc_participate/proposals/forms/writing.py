"""What people type about proposals: the proposal itself, the city's answer, what part of a list is wanted."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ...kernel.forms import (
    CheckboxesField,
    Form,
    HiddenField,
    Idempotent,
    IntegerField,
    Length,
    NumberRange,
    RadioField,
    Required,
    SelectField,
    StringField,
    TextAreaField,
)
from ...kernel.i18n import LANGUAGE_NAMES, reader
from ...kernel.text import clean_line
from ...moderation.forms import ScreenedForm
from ...stakeholders.models import Organisation
from ...vocabularies.uccn import AREAS, BENEFICIARIES, DIMENSIONS, OBJECTIVES
from ..models import (
    BODY_LENGTH,
    GIVEN,
    LARGEST_COST,
    PLACE_LENGTH,
    REASON_LENGTH,
    SUMMARY_LENGTH,
    TITLE_LENGTH,
    Content,
    FieldKind,
    Level,
    Outcome,
    Proposal,
    ProposalField,
    ProposalKind,
)
from ..particulars import OWN
from ..queries import Filters
from ..search import LONGEST_QUERY
from ..wording import KIND_HINTS, KINDS, LEVELS, LISTED_STATES, OUTCOME_HINTS, OUTCOMES, PROPOSERS
from .particulars import ParticularsForm, typed_particulars

NAMED, UNNAMED = "named", "unnamed"
BY_NUMBER = "number"
FIELDS = ("title", "summary", "body", "kind", "level", "place", "cost", "language")
LISTS = ("objectives", "areas", "dimensions", "for_whom")


class OnSending:
    """A check that a proposal must pass and a draft need not."""

    def __init__(self, check: Any) -> None:
        self.check = check
        self.field_flags = getattr(check, "field_flags", {})

    def __call__(self, form: Any, field: Any) -> None:
        if form.is_sent:
            self.check(form, field)


class ProposalForm(ParticularsForm, ScreenedForm, Idempotent):
    """A proposal as its author writes it. ``is_sent`` says whether it goes to the city or stays a draft."""

    is_sent = False
    questions: Sequence[ProposalField] = ()

    @property
    def is_screened(self) -> bool:
        """A draft may be kept as often and as quickly as one likes."""
        return self.is_sent

    based_on = HiddenField()
    title = StringField(
        _l("Title"),
        [OnSending(Required()), OnSending(Length(min=TITLE_LENGTH[0]))],
        max_length=TITLE_LENGTH[1],
        description=_l("Say in one line what should happen."),
    )
    summary = TextAreaField(
        _l("In short"),
        [OnSending(Required())],
        max_length=SUMMARY_LENGTH,
        description=_l("Two or three sentences. They stand in the list."),
    )
    body = TextAreaField(
        _l("More about it"),
        max_length=BODY_LENGTH,
        description=_l(
            "Why is it needed, who does what, what will be different? A line that begins with # becomes a heading, "
            "one that begins with - a point of a list."
        ),
    )
    kind = RadioField(
        _l("What is it?"),
        [OnSending(Required())],
        choices=[
            (kind.value, label, KIND_HINTS[kind]) for kind, label in ((kind, KINDS[kind]) for kind in ProposalKind)
        ],
        coerce=ProposalKind,
    )
    level = RadioField(
        _l("Where does it work?"),
        [OnSending(Required())],
        choices={level.value: LEVELS[level] for level in Level},
        coerce=Level,
    )
    objectives = CheckboxesField(
        _l("What does it serve?"),
        [OnSending(Required(_l("Choose at least one objective that your proposal serves.")))],
        choices=OBJECTIVES,
        description=_l("These are the objectives of the network. Choose one or more."),
    )
    areas = CheckboxesField(_l("What is done?"), choices=AREAS)
    dimensions = CheckboxesField(_l("What does it change for the city?"), choices=DIMENSIONS)
    for_whom = CheckboxesField(_l("Who gains most?"), choices=BENEFICIARIES)
    place = StringField(_l("Place"), max_length=PLACE_LENGTH, description=_l("A street, a quarter, a building."))
    cost = IntegerField(
        _l("Cost, as far as you can tell"),
        [NumberRange(min=0, max=LARGEST_COST)],
        description=_l("A rough number helps. Leave it empty when you do not know."),
    )
    language = SelectField(
        _l("Language of your text"), [Required()], choices=LANGUAGE_NAMES, blank=None, default=lambda: reader().locale
    )
    author = RadioField(
        _l("Who proposes this?"),
        [OnSending(Required())],
        description=_l("Everybody can read this, and the public log keeps it."),
    )

    def offer_authors(self, name: str, organisations: Sequence[Organisation]) -> None:
        """The person with or without name, and the organisations that it may speak for."""
        own = [
            (NAMED, _("I do, with my name: %(name)s", name=name)),
            (UNNAMED, _("I do, without my name"), _("Readers see “a resident”. The city knows who you are.")),
        ]
        self.author.offer([*own, *((one.public_id, one.name) for one in organisations)])

    @property
    def stamp(self) -> int | None:
        """Of the text that the form began with; None for a form that does not say."""
        typed = self.based_on.data or ""
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else None

    def content(self) -> Content:
        chosen = self.author.data if "author" in self else NAMED
        given: dict[str, Any] = {name: self[name].data for name in FIELDS}
        given |= {name: tuple(self[name].data) for name in LISTS}
        given["place"] = given["place"] or None
        organisation = chosen if chosen not in (NAMED, UNNAMED) else None
        particulars = self.particulars(self.answers())
        return Content(**given, organisation=organisation, shows_name=chosen == NAMED, particulars=particulars)

    def answers(self) -> dict[str, Any]:
        """What was answered to the questions of the process, by their codes."""
        return {one.code: self._answer(one) for one in self.questions}

    def _answer(self, one: ProposalField) -> Any:
        value = self[OWN + one.code].data
        return value == "yes" if one.kind is FieldKind.YES_NO and value else value


def typed_before(draft: Proposal) -> dict[str, Any]:
    """The values of a form that goes on with a draft."""
    oneself = NAMED if draft.author_name else UNNAMED
    author = draft.organisation.public_id if draft.organisation else oneself
    return {name: getattr(draft, name) for name in (*FIELDS, *LISTS)} | {"author": author} | typed_particulars(draft)


class AnswerForm(Form):
    """What the city says to a proposal."""

    outcome = RadioField(
        _l("What will the city do?"),
        [Required()],
        choices=[(outcome.value, OUTCOMES[outcome], OUTCOME_HINTS[outcome]) for outcome in GIVEN],
        coerce=Outcome,
    )
    reason = TextAreaField(
        _l("Reason"),
        [Required(), Length(min=REASON_LENGTH[0])],
        max_length=REASON_LENGTH[1],
        description=_l("Speak to the author. Say what follows, by when, and who does it; or why not."),
    )


class ListForm(Form):
    """What part of the list is wanted; wishes that make no sense are left out."""

    class Meta(Form.Meta):
        csrf = False

    q = StringField(_l("Search the proposals"), max_length=LONGEST_QUERY)
    objective = SelectField(_l("Objective"), choices=OBJECTIVES, blank=_l("All"))
    area = SelectField(_l("Area of action"), choices=AREAS, blank=_l("All"))
    dimension = SelectField(_l("Effect on the city"), choices=DIMENSIONS, blank=_l("All"))
    kind = SelectField(_l("Kind"), choices=KINDS, blank=_l("All"))
    level = SelectField(_l("Level"), choices=LEVELS, blank=_l("All"))
    for_whom = SelectField(_l("For whom"), choices=BENEFICIARIES, blank=_l("All"))
    proposer = SelectField(_l("Proposed by"), choices=PROPOSERS, blank=_l("All"))
    district = SelectField(_l("District"), choices=(), blank=_l("All"))
    state = SelectField(_l("State"), choices=LISTED_STATES, blank=_l("All"))
    sort = SelectField(_l("Order"), choices={BY_NUMBER: _l("By number")}, blank=_l("Newest first"))


VOCABULARIES: Mapping[str, Collection[str]] = {
    "objective": OBJECTIVES,
    "area": AREAS,
    "dimension": DIMENSIONS,
    "kind": KINDS,
    "level": LEVELS,
    "for_whom": BENEFICIARIES,
    "proposer": PROPOSERS,
    "state": LISTED_STATES,
}
CODES = ("district", "need", "asset")
"""Filters whose values stand in tables, not in vocabularies."""
_CODE = re.compile(r"[a-z0-9-]{1,30}")


def filters_from(arguments: Mapping[str, str]) -> Filters:
    """What an address asks for, as ListForm reads it, without the cost of making a form."""
    wanted = {name: arguments.get(name) for name, known in VOCABULARIES.items() if arguments.get(name) in known}
    words = clean_line(arguments.get("q"))[:LONGEST_QUERY]
    wanted |= {name: known for name in CODES if (known := arguments.get(name)) and _CODE.fullmatch(known)}
    return Filters(**wanted, words=words, oldest_first=arguments.get("sort") == BY_NUMBER)


def asked_for(arguments: Mapping[str, str]) -> dict[str, str]:
    """The part of an address that says what is wanted, for the addresses of other pages of the list."""
    names = ("q", "sort", *VOCABULARIES, *CODES)
    return {name: arguments[name][:LONGEST_QUERY] for name in names if arguments.get(name)}
