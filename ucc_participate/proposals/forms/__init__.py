"""What people type about proposals: the proposal itself, the city's answer, what part of a list is wanted."""

from .writing import AnswerForm, ListForm, ProposalForm, asked_for, filters_from, typed_before

__all__ = ["AnswerForm", "ListForm", "ProposalForm", "asked_for", "filters_from", "typed_before"]
