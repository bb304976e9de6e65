"""What people type about proposals: the proposal itself, the city's answer, what part of a list is wanted."""

from .particulars import degrees
from .questions import AttachmentForm, MapForm, QuestionForm, form_for, typed_answers, typed_question
from .together import AcceptForm, AmendmentForm, DeclineForm, InvitationForm, NewTextForm, RuleForm, typed_in
from .writing import AnswerForm, ListForm, ProposalForm, asked_for, filters_from, typed_before

__all__ = [
    "AcceptForm",
    "AmendmentForm",
    "AnswerForm",
    "AttachmentForm",
    "DeclineForm",
    "InvitationForm",
    "ListForm",
    "MapForm",
    "NewTextForm",
    "ProposalForm",
    "QuestionForm",
    "RuleForm",
    "asked_for",
    "degrees",
    "filters_from",
    "form_for",
    "typed_answers",
    "typed_before",
    "typed_in",
    "typed_question",
]
