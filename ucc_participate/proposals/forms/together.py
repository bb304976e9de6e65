"""What people type about texts that several write: new versions, invitations, amendments, the rule of a process."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from ...kernel.forms import (
    BooleanField,
    EmailField,
    Form,
    HiddenField,
    Idempotent,
    IntegerField,
    Length,
    NumberRange,
    Required,
    StringField,
    TextAreaField,
)
from ...moderation.forms import ScreenedForm
from ..models import (
    AMENDMENT_REASON,
    CHANGE_LENGTH,
    DECLINE_REASON,
    LONGEST_AMENDED,
    MOST_NEEDED,
    AmendedField,
    Content,
    Proposal,
)
from .particulars import typed_particulars
from .writing import FIELDS, LISTS, ProposalForm


class NewTextForm(ProposalForm):
    """Another text for what was sent. Who proposes stays as it was."""

    is_sent = True

    change = StringField(
        _l("What is different?"),
        max_length=CHANGE_LENGTH[1],
        description=_l("One line. It stands beside the new version, and everybody who endorses the proposal gets it."),
    )

    def content(self) -> Content:
        given: dict[str, Any] = {name: self[name].data for name in FIELDS}
        given |= {name: tuple(self[name].data) for name in LISTS}
        return Content(**(given | {"place": given["place"] or None}), particulars=self.particulars(self.answers()))


def typed_in(proposal: Proposal) -> dict[str, Any]:
    """The values of a form that changes what was sent."""
    return {name: getattr(proposal, name) for name in (*FIELDS, *LISTS)} | typed_particulars(proposal)


class InvitationForm(Form):
    """Whom to ask to write along: a person by address, or an organisation by its name in the register."""

    email = EmailField(_l("A person’s e-mail address"))
    organisation = StringField(
        _l("Or an organisation"),
        description=_l("Its name as it stands in the register. Its delegates get the invitation."),
    )


class AcceptForm(Form):
    shows_name = BooleanField(
        _l("Show my name on the proposal"), description=_l("Otherwise readers see “a resident”."), default=True
    )


class AmendmentForm(ScreenedForm, Idempotent):
    """A part of a proposal's text as somebody would have it. ``part`` is the field."""

    based_on = HiddenField()
    text = TextAreaField(_l("Change the text as you would have it"), max_length=max(LONGEST_AMENDED.values()))
    reason = TextAreaField(
        _l("Why?"),
        [Required(), Length(min=AMENDMENT_REASON[0])],
        max_length=AMENDMENT_REASON[1],
        description=_l("The authors decide. Tell them, and everybody who reads along, what becomes better."),
    )
    shows_name = BooleanField(
        _l("Show my name with it"), description=_l("Otherwise readers see “a resident”."), default=True
    )

    def fit_to(self, part: AmendedField) -> None:
        self.text.max_length = LONGEST_AMENDED[part]


class DeclineForm(Form):
    answer = TextAreaField(
        _l("Why not?"),
        [Required(), Length(min=DECLINE_REASON[0])],
        max_length=DECLINE_REASON[1],
        description=_l("Everybody can read it."),
    )


class RuleForm(Form):
    needed = IntegerField(
        _l("Endorsements that a proposal needs"),
        [NumberRange(min=0, max=MOST_NEEDED)],
        description=_l("0: none are asked for. Residents and organisations count alike, one each."),
    )
    is_needed_for_ballot = BooleanField(
        _l("Only proposals with enough endorsements may be put to a vote"),
        description=_l("The others still get their answer."),
    )
