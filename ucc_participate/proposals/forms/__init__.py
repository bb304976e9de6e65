"""What people type about proposals: the proposal itself, the city's answer, what part of a list is wanted."""

from .particulars import degrees
from .questions import AttachmentForm, MapForm, QuestionForm, form_for, typed_answers, typed_question
from .writing import AnswerForm, ListForm, ProposalForm, asked_for, filters_from, typed_before

__all__ = [
    "AnswerForm",
    "AttachmentForm",
    "ListForm",
    "MapForm",
    "ProposalForm",
    "QuestionForm",
    "asked_for",
    "degrees",
    "filters_from",
    "form_for",
    "typed_answers",
    "typed_before",
    "typed_question",
]
