"""What is typed and ticked about votes."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from ..kernel.files import IMAGES, Kind
from ..kernel.forms import (
    BooleanField,
    CheckboxesField,
    Form,
    Idempotent,
    Length,
    MomentField,
    Required,
    StringField,
    TextAreaField,
    UploadField,
)

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


class ExtensionForm(Form):
    closes_at = MomentField(_l("New closing time"), [Required()])


class RollForm(Form):
    email = StringField(_l("E-mail address of the account"), [Required(), Length(max=254)])
    reason = TextAreaField(
        _l("Reason"), [Required(), Length(min=10, max=500)], description=_l("Everybody can read it. Name nobody.")
    )


class DrawForm(Form):
    """The public value of the lot, as it was made public."""

    public_value = StringField(
        _l("The public value"), [Required(), Length(max=500)], description=_l("Exactly as it was made public.")
    )
    is_checked = BooleanField(_l("I have compared it with the source. It cannot be changed."), [Required()])


class CertificationForm(Form):
    by = StringField(
        _l("Name and function of who certifies"),
        [Required(), Length(max=200)],
        description=_l("Everybody can read it."),
    )


class FindBallotForm(Form):
    """The code on a receipt, typed, read by a scanner, or taken from the receipt's file."""

    code = StringField(_l("Code on the receipt"), [Length(max=200)], description=_l("64 letters and digits."))
