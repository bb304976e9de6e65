"""What people type about proposals: the proposal itself, the city's answer, what part of a list is wanted."""

from .appraising import AnsweringRulesForm, AssignForm, ConflictForm, CriterionForm, FindingsForm, score_form
from .batch import BatchForm, batch_form
from .dissenting import DissentForm
from .regrouping import CarryOutForm, MergeForm, SplitForm
from .writing import AnswerForm, ListForm, ProposalForm, asked_for, filters_from, typed_before

__all__ = [
    "AnswerForm",
    "AnsweringRulesForm",
    "AssignForm",
    "BatchForm",
    "CarryOutForm",
    "ConflictForm",
    "CriterionForm",
    "DissentForm",
    "FindingsForm",
    "ListForm",
    "MergeForm",
    "ProposalForm",
    "SplitForm",
    "asked_for",
    "batch_form",
    "filters_from",
    "score_form",
    "typed_before",
]
