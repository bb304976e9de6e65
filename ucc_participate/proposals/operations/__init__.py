"""Every change of proposals."""

from .answering import answer_proposal, correct_answer
from .dissenting import conceal_dissent, file_dissent, forget_dissents, withdraw_dissent
from .keeping import forget_author, import_proposals, recount_tags
from .regrouping import (
    answer_regrouping,
    ask_to_regroup,
    carry_out_regrouping,
    drop_regrouping,
    forget_consents,
)
from .writing import discard_draft, draft_proposal, revise_draft, submit_proposal, withdraw_proposal

__all__ = [
    "answer_proposal",
    "answer_regrouping",
    "ask_to_regroup",
    "carry_out_regrouping",
    "conceal_dissent",
    "correct_answer",
    "discard_draft",
    "draft_proposal",
    "drop_regrouping",
    "file_dissent",
    "forget_author",
    "forget_consents",
    "forget_dissents",
    "import_proposals",
    "recount_tags",
    "revise_draft",
    "submit_proposal",
    "withdraw_dissent",
    "withdraw_proposal",
]
