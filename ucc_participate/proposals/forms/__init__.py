"""What people type about proposals: the proposal itself, the city's answer, what part of a list is wanted."""

from .batch import BatchForm, batch_form
from .dissenting import DissentForm
from .regrouping import CarryOutForm, MergeForm, SplitForm
from .writing import AnswerForm, ListForm, ProposalForm, asked_for, filters_from, typed_before

__all__ = [
    "AnswerForm",
    "BatchForm",
    "CarryOutForm",
    "DissentForm",
    "ListForm",
    "MergeForm",
    "ProposalForm",
    "SplitForm",
    "asked_for",
    "batch_form",
    "filters_from",
    "typed_before",
]
