"""Who may do what with a proposal: role × visibility × phase × state, the first refusal wins."""

from .dissenting import can_dissent, can_mark_withdrawn, sees_text
from .regrouping import can_consent, can_end, can_regroup, may_be_regrouped, sees_regrouping
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
    "can_consent",
    "can_correct",
    "can_discard",
    "can_dissent",
    "can_draft",
    "can_edit",
    "can_end",
    "can_import",
    "can_list_answers",
    "can_mark_withdrawn",
    "can_regroup",
    "can_see_receipt",
    "can_submit",
    "can_view",
    "can_withdraw",
    "may_be_regrouped",
    "sees_regrouping",
    "sees_text",
]
