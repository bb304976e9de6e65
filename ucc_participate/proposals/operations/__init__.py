"""Every change of proposals."""

from .answering import answer_proposal, correct_answer
from .keeping import forget_author, import_proposals, recount_tags
from .writing import discard_draft, draft_proposal, revise_draft, submit_proposal, withdraw_proposal

__all__ = [
    "answer_proposal",
    "correct_answer",
    "discard_draft",
    "draft_proposal",
    "forget_author",
    "import_proposals",
    "recount_tags",
    "revise_draft",
    "submit_proposal",
    "withdraw_proposal",
]
