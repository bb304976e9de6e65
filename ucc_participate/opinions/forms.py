"""What is typed about opinion maps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..kernel.forms import (
    BooleanField,
    Form,
    IntegerField,
    Length,
    LocalizedTextField,
    MomentField,
    NumberRange,
    RadioField,
    Required,
    SelectField,
    StringField,
    TextAreaField,
)
from ..kernel.i18n import LANGUAGE_NAMES, reader
from ..stakeholders.models import Organisation
from .models import STATEMENT_LENGTH, Adding, MapPlan, OpinionMap, Showing
from .wording import ADDING, SHOWING

NAMED, UNNAMED = "named", "unnamed"
SEEDS_LENGTH = 20_000


class MapForm(Form):
    """A map as a coordinator plans it."""

    title = LocalizedTextField(_l("Title"), [Required()])
    question = LocalizedTextField(
        _l("Question"), [Required()], description=_l("What is it about? One question, in words that everybody uses.")
    )
    opens_at = MomentField(_l("Opens"), [Required()], description=_l("In a phase in which people discuss."))
    closes_at = MomentField(_l("Closes"), [Required()])
    adding = RadioField(_l("Who may add statements?"), [Required()], choices=ADDING, coerce=Adding)
    showing = RadioField(
        _l("When are results shown?"),
        [Required()],
        choices=SHOWING,
        coerce=Showing,
        description=_l("People who know what others think answer differently. Let them answer first."),
    )
    least_answered = IntegerField(_l("After how many answers"), [Required(), NumberRange(min=1, max=100)], default=10)

    def plan(self) -> MapPlan:
        return MapPlan(**{name: self[name].data for name in MapPlan.__slots__})


def planned(opinion_map: OpinionMap) -> dict[str, Any]:
    """The values of a form that changes a map."""
    return {name: getattr(opinion_map, name) for name in MapPlan.__slots__}


class SeedForm(Form):
    """The city's first statements, one a line."""

    text = TextAreaField(
        _l("Statements, one a line"),
        [Required()],
        max_length=SEEDS_LENGTH,
        description=_l(
            "One thought per line, %(least)s to %(most)s characters. Include some that you disagree with.",
            least=STATEMENT_LENGTH[0],
            most=STATEMENT_LENGTH[1],
        ),
    )
    language = SelectField(
        _l("Language"), [Required()], choices=LANGUAGE_NAMES, blank=None, default=lambda: reader().locale
    )

    def lines(self) -> list[str]:
        return [line for line in (self.text.data or "").splitlines() if line.strip()]


class StatementForm(Form):
    """A statement of one's own. ``is_different``: it was shown near ones, and is not the same."""

    text = StringField(
        _l("Your statement"),
        [Required(), Length(min=STATEMENT_LENGTH[0])],
        max_length=STATEMENT_LENGTH[1],
        description=_l("One thought in one sentence, so that others can agree with it or not."),
    )
    language = SelectField(
        _l("Language of your text"), [Required()], choices=LANGUAGE_NAMES, blank=None, default=lambda: reader().locale
    )
    author = RadioField(_l("Who says this?"), [Required()], description=_l("Everybody can read this."))
    is_different = BooleanField(_l("Mine says something else"))

    def offer_authors(self, name: str, organisations: Sequence[Organisation]) -> None:
        """The person without or with a name, and the organisations that it may speak for."""
        own = [(UNNAMED, _("I do, without my name")), (NAMED, _("I do, with my name: %(name)s", name=name))]
        self.author.offer([*own, *((one.public_id, one.name) for one in organisations)])
