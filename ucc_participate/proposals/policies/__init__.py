"""Who may do what with a proposal: role × visibility × phase × state, the first refusal wins."""

from .moderating import knows_of, reads_text
from .writing import (
    AUTHORS_ONLY,
    COORDINATORS_ONLY,
    SIGN_IN,
    can_answer,
    can_answer_in,
    can_correct,
    can_discard,
    can_draft,
    can_edit,
    can_import,
    can_list_answers,
    can_see_receipt,
    can_submit,
    can_view,
    can_withdraw,
)

__all__ = [
    "AUTHORS_ONLY",
    "COORDINATORS_ONLY",
    "SIGN_IN",
    "can_answer",
    "can_answer_in",
    "can_correct",
    "can_discard",
    "can_draft",
    "can_edit",
    "can_import",
    "can_list_answers",
    "can_see_receipt",
    "can_submit",
    "can_view",
    "can_withdraw",
    "knows_of",
    "reads_text",
]
