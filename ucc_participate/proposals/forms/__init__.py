"""What people type about proposals: the proposal itself, the city's answer, what part of a list is wanted."""

from .together import AcceptForm, AmendmentForm, DeclineForm, InvitationForm, NewTextForm, RuleForm, typed_in
from .writing import AnswerForm, ListForm, ProposalForm, asked_for, filters_from, typed_before

__all__ = [
    "AcceptForm",
    "AmendmentForm",
    "AnswerForm",
    "DeclineForm",
    "InvitationForm",
    "ListForm",
    "NewTextForm",
    "ProposalForm",
    "RuleForm",
    "asked_for",
    "filters_from",
    "typed_before",
    "typed_in",
]
