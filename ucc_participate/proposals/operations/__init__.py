"""Every change of proposals."""

from .answering import answer_proposal, correct_answer
from .keeping import forget_author, import_proposals, recount_tags
from .regrouping import (
    Part,
    answer_regrouping,
    ask_to_regroup,
    carry_out_regrouping,
    drop_regrouping,
    forget_consents,
)
from .writing import discard_draft, draft_proposal, revise_draft, submit_proposal, withdraw_proposal

__all__ = [
    "Part",
    "answer_proposal",
    "answer_regrouping",
    "ask_to_regroup",
    "carry_out_regrouping",
    "correct_answer",
    "discard_draft",
    "draft_proposal",
    "drop_regrouping",
    "forget_author",
    "forget_consents",
    "import_proposals",
    "recount_tags",
    "revise_draft",
    "submit_proposal",
    "withdraw_proposal",
]
