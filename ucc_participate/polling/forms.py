"""What is typed at polling places, and what a voter marks at a kiosk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from ..kernel.errors import Invalid
from ..kernel.files import DOCUMENTS, IMAGES
from ..kernel.forms import (
    Form,
    HiddenField,
    Idempotent,
    IntegerField,
    MomentField,
    NumberRange,
    Optional,
    RadioField,
    Required,
    SelectField,
    StringField,
    TableField,
    TextAreaField,
    TypedCodeField,
    UploadField,
)
from ..kernel.i18n import LANGUAGE_NAMES, LOCALES, latin_digits
from ..voting.building import Marks
from ..voting.models import Vote
from ..voting.rules import BallotKind
from .models import REASONS, Mishap
from .wording import MISHAP_REASONS

MOST_PAPERS = 2_000


class PlaceForm(Form):
    name = StringField(_l("Name of the place"), [Required()], max_length=160)
    location = StringField(
        _l("Where it is"), [Required()], max_length=300, description=_l("Street, entrance, lift: how people get in.")
    )
    opens_at = MomentField(_l("Opens"), [Required()])
    closes_at = MomentField(_l("Closes"), [Required()])
    boxes = IntegerField(
        _l("Ballot boxes"),
        [Required(), NumberRange(min=0, max=20)],
        default=1,
        description=_l("Each gets a number. Without any, people vote at kiosks alone."),
    )
    printed = IntegerField(_l("Papers brought there"), [Optional(), NumberRange(min=0, max=1_000_000)])


class PrintForm(Form):
    language = SelectField(_l("Language"), [Required()], choices=[(code, LANGUAGE_NAMES[code]) for code in LOCALES])
    papers = IntegerField(_l("How many papers"), [Required(), NumberRange(min=1, max=MOST_PAPERS)], default=100)
    size = RadioField(
        _l("Print"), [Required()], choices=[("normal", _l("Normal")), ("large", _l("Large"))], default="normal"
    )


class LettersForm(Form):
    language = SelectField(_l("Language"), [Required()], choices=[(code, LANGUAGE_NAMES[code]) for code in LOCALES])
    whom = RadioField(
        _l("For whom"),
        [Required()],
        default="paper",
        choices=[
            ("paper", _l("People on the roll who came on paper and have no address")),
            ("list", _l("People of the city’s list who have no account: send the list again")),
        ],
    )
    file = TableField(
        _l("The list, with names"),
        [Optional()],
        description=_l("CSV or XLSX; columns “number” and “name”. The names are printed on the letters and not kept."),
    )


class ListsForm(Form):
    reason = TextAreaField(
        _l("Reason"), [Required()], max_length=500, description=_l("Everybody can read it. Name nobody.")
    )


class FindForm(Form):
    """One of the three is enough."""

    code = TypedCodeField(_l("Code on the letter"), [Optional()])
    number = StringField(_l("Number on the city’s list"), [Optional()], max_length=40)
    person = StringField(_l("Name"), [Optional()], max_length=80)


class ServeForm(Form):
    """What is done for a voter who has been found. ``voter``: sealed, for minutes; no address names anybody."""

    voter = HiddenField()
    box = IntegerField(_l("Box"), [Optional()])
    kiosk = StringField(_l("Kiosk"), [Optional()], max_length=12)


class MishapForm(Form):
    voter = HiddenField()
    box = IntegerField(_l("Box"), [Required()])
    kind = HiddenField()
    reason = RadioField(_l("Why"), [Required()], choices=())

    def offer_reasons(self, kind: Mishap) -> None:
        self.reason.offer([(reason.value, MISHAP_REASONS[reason]) for reason in REASONS[kind]])


class KioskForm(Form):
    idle_minutes = IntegerField(
        _l("Minutes without a tap after which it forgets its voter"),
        [Required(), NumberRange(min=2, max=60)],
        default=10,
        description=_l("Give slow readers time."),
    )


class CountForm(Form):
    found = IntegerField(
        _l("Papers in the box"),
        [Required(), NumberRange(min=0, max=20_000)],
        description=_l("All of them, whatever stands on them."),
    )


class FinishForm(Form):
    reason = TextAreaField(
        _l("Why the numbers differ"),
        [Optional()],
        max_length=600,
        description=_l("Everybody can read it. Name nobody."),
    )


class DecideForm(Form):
    reason = StringField(_l("Reason"), [Required()], max_length=300, description=_l("For the protocol."))


class ProtocolForm(Form):
    title = StringField(_l("What it shows"), [Required()], max_length=160)
    scan = UploadField(_l("The signed protocol"), [Required()], kinds=(*IMAGES, *DOCUMENTS), max_bytes=10_000_000)


class CodeForm(Form):
    code = TypedCodeField(_l("Your code"), [Required()], description=_l("Eleven letters and digits, on your letter."))


class EmptyForm(Form):
    """A button."""


class KioskBallotForm(Idempotent):
    """The ballot in large type. The page draws each line; ``read_marks`` reads them."""


@dataclass(frozen=True, slots=True)
class Marked:
    """What a voter marked, as it was sent: for the page that shows it again."""

    chosen: tuple[str, ...]
    values: Mapping[str, str]


def marked(vote: Vote, sent: MultiDict[str, str]) -> Marked:
    """Whatever was sent, right or wrong. Needs ``options`` loaded."""
    known = {option.code for option in vote.options}
    chosen = tuple(code for code in sent.getlist("choices") if code in known)
    values = {option.code: latin_digits(sent.get(f"mark-{option.position}", "")).strip()[:6] for option in vote.options}
    return Marked(chosen, {code: value for code, value in values.items() if value})


def marks_from(vote: Vote, sent: Marked) -> Marks:
    """What it means. Raises Invalid for what no ballot of this kind can say; limits are the operation's."""
    if not vote.kind.has_points and not vote.kind.is_ranked:
        return Marks(sent.chosen)
    if not all(value.isascii() and value.isdigit() for value in sent.values.values()):
        raise Invalid(_l("Write whole numbers."), field="choices")
    given = {code: int(value) for code, value in sent.values.items()}
    if vote.kind.is_ranked:
        ranks = list(given.values())
        if len(set(ranks)) < len(ranks):
            raise Invalid(_l("Two lines have the same place. Give each place once."), field="choices")
        return Marks(tuple(sorted(given, key=lambda code: given[code])))
    if vote.kind is BallotKind.CUMULATIVE:
        given = {code: points for code, points in given.items() if points}
    return Marks(tuple(given), tuple(given.values()))


def lines_from(sent: Mapping[str, str]) -> dict[int, str]:
    """Number of the paper → what was typed for it, of the fields ``paper-<number>`` that are not empty."""
    found: dict[int, str] = {}
    for name, typed in sent.items():
        head, _dash, number = name.partition("-")
        if head == "paper" and number.isascii() and number.isdigit() and typed.strip():
            found[int(number)] = typed.strip()
    return dict(sorted(found.items()))
