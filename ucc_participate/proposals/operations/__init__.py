"""Every change of proposals."""

from .amending import (
    accept_amendment,
    decline_amendment,
    propose_amendment,
    renew_amendment,
    withdraw_amendment,
)
from .answering import answer_proposal, correct_answer
from .changing import (
    change_text,
)
from .endorsing import (
    endorse_proposal,
    recount_endorsements,
    set_rule,
    withdraw_endorsement,
)
from .forgetting import forget_company
from .keeping import forget_author, import_proposals, recount_tags
from .writing import discard_draft, draft_proposal, revise_draft, submit_proposal, withdraw_proposal
from .writing_along import (
    accept_invitation,
    decline_invitation,
    invite_co_author,
    leave_proposal,
    withdraw_invitation,
)

__all__ = [
    "accept_amendment",
    "accept_invitation",
    "answer_proposal",
    "change_text",
    "correct_answer",
    "decline_amendment",
    "decline_invitation",
    "discard_draft",
    "draft_proposal",
    "endorse_proposal",
    "forget_author",
    "forget_company",
    "import_proposals",
    "invite_co_author",
    "leave_proposal",
    "propose_amendment",
    "recount_endorsements",
    "recount_tags",
    "renew_amendment",
    "revise_draft",
    "set_rule",
    "submit_proposal",
    "withdraw_amendment",
    "withdraw_endorsement",
    "withdraw_invitation",
    "withdraw_proposal",
]
