"""What is typed and ticked about votes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from ..kernel.errors import Invalid
from ..kernel.files import IMAGES, Kind
from ..kernel.forms import (
    CheckboxesField,
    Form,
    Idempotent,
    IntegerField,
    Length,
    LocalizedTextField,
    MomentField,
    NumberRange,
    Required,
    SelectField,
    StringField,
    TextAreaField,
    UploadField,
)
from ..proposals.models import Proposal
from .models import Franchise

LARGEST_AMOUNT = 10**15
MOST_BYTES = 10_000_000


class BallotForm(Idempotent):
    """The ballot itself: the page draws each option, the operation checks what may be chosen.

    ``typed``: what stood beside the options when it was sent (marking.Typed), None when nothing was.
    """

    typed: dict[str, str] | None = None
    choices = CheckboxesField(_l("Your choice"), choices=())
    organisation = StringField()  # drawn as a choice; were it hidden, an empty one would be sent before it
    based_on = StringField()  # drawn as hidden: the stamp of the draft that the page was made with


class StatementForm(Form):
    """The signed statement of an organisation about its ballot."""

    organisation = StringField()
    statement = UploadField(
        _l("Signed statement"),
        [Required()],
        kinds=(Kind.PDF, *IMAGES),
        max_bytes=MOST_BYTES,
        description=_l("A PDF or a scan, up to 10 megabytes. Everybody can read it once the vote is closed."),
    )


class AgreementForm(Idempotent):
    """A delegate agrees with the ballot of an organisation that waits, or takes that back."""

    organisation = StringField()


class AnnouncementForm(Form):
    """A vote to be announced, over a shortlist of proposals."""

    title = LocalizedTextField(_l("Title"), [Required()])
    franchise = SelectField(
        _l("Who votes"),
        choices=[
            (Franchise.INDIVIDUAL.value, _l("Residents, in secret")),
            (Franchise.ORGANISATION.value, _l("Organisations, on the record")),
        ],
        validators=[Required()],
    )
    method = SelectField(
        _l("How it is counted"),
        description=_l("Fixed when you announce the vote. Nobody can change it afterwards."),
        choices=[("greedy", _l("Most votes first, within a budget")), ("votes", _l("Most votes win"))],
        validators=[Required()],
    )
    max_choices = IntegerField(_l("Most options on a ballot"), [Required(), NumberRange(min=1, max=100)], default=5)
    winners = IntegerField(
        _l("How many win"), [NumberRange(min=1, max=100)], description=_l("Only where the most votes win.")
    )
    budget = IntegerField(
        _l("Budget"), [NumberRange(min=1, max=LARGEST_AMOUNT)], description=_l("Only with a budget, in whole units.")
    )
    threshold = IntegerField(_l("Least votes an option needs"), [NumberRange(min=0, max=10**9)], default=0)
    tie = SelectField(
        _l("With equal votes"),
        choices=[
            ("option_order", _l("The option higher on the ballot")),
            ("cost_then_order", _l("The cheaper option, then the one higher on the ballot")),
        ],
        default="option_order",
        validators=[Required()],
    )
    shortlist = CheckboxesField(
        _l("Options"),
        [Required()],
        description=_l("The cost of each option is the one its proposal names."),
        choices=(),
        fewest=2,
    )
    opens_at = MomentField(_l("Opens"), [Required()])
    closes_at = MomentField(_l("Closes"), [Required()])

    def refuse(self, error: Invalid) -> None:
        """The operation knows options and ballots; here they are the shortlist and the most options on a ballot."""
        names = {"options": "shortlist", "ballot": "max_choices", "min_choices": "max_choices"}
        super().refuse(Invalid(error.reason, field=names.get(error.field or "", error.field)))

    def offer_shortlist(self, proposals: Sequence[Proposal]) -> None:
        self.shortlist.offer([(proposal.public_id, proposal.title) for proposal in proposals])

    def rules(self, currency: str) -> dict[str, Any]:
        """The rules object of docs/record-format.md §5."""
        common = {
            "ballot": "choose" if self.max_choices.data == 1 else "approval",
            "min_choices": 1,
            "max_choices": self.max_choices.data,
            "tie": self.tie.data,
            "method": self.method.data,
            "currency": currency,
        }
        if self.method.data == "votes":
            return {**common, "winners": self.winners.data}
        greedy = {"budget": self.budget.data, "skip": True, "threshold": self.threshold.data or 0}
        return {**common, **greedy}


class ExtensionForm(Form):
    closes_at = MomentField(_l("New closing time"), [Required()])


class RollForm(Form):
    email = StringField(_l("E-mail address of the account"), [Required(), Length(max=254)])
    reason = TextAreaField(
        _l("Reason"), [Required(), Length(min=10, max=500)], description=_l("Everybody can read it. Name nobody.")
    )
