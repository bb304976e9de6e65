"""Who may do what with a proposal: role × visibility × phase × state, the first refusal wins."""

from .setting_up import can_attach, can_bring_map, can_set_up
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
    "can_attach",
    "can_bring_map",
    "can_correct",
    "can_discard",
    "can_draft",
    "can_edit",
    "can_import",
    "can_list_answers",
    "can_see_receipt",
    "can_set_up",
    "can_submit",
    "can_view",
    "can_withdraw",
]
